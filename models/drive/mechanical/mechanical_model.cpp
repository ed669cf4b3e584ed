#include "models/drive/mechanical/mechanical_model.h"

#include <fmt/format.h>

#include "models/drive/host/behind_scheduler.h"
#include "models/drive/mechanical/mechanical_array.h"
#include "models/drive/mechanical/mechanical_device.h"

namespace headway {

std::unique_ptr<Drive> MechanicalModel::make(std::shared_ptr<const MechanicalModel> model, const QueueSpec& queue,
                                             double phase) {
  return model->actuators > 1 ? behind_scheduler<MechanicalArray>(model, queue, phase)
                              : behind_scheduler<MechanicalDevice>(model, queue, phase);
}

std::string MechanicalModel::label() const {
  if (actuators > 1) return fmt::format("hdd x{}", actuators);
  return shingle.band_sectors > 0 ? "hdd smr" : "hdd";
}

}  // namespace headway
