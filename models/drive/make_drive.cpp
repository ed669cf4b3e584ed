#include "models/drive/make_drive.h"

#include "models/drive/mechanical_device.h"
#include "models/drive/no_scheduler.h"
#include "models/drive/queued_drive.h"

namespace headway {

namespace {

template <class Device, class... Arguments>
std::unique_ptr<Drive> with_scheduler(std::shared_ptr<const DriveModel> model, Arguments&&... arguments) {
  return std::make_unique<QueuedDrive<NoScheduler, Device>>(std::move(model), NoScheduler(),
                                                            Device(std::forward<Arguments>(arguments)...));
}

}  // namespace

std::unique_ptr<Drive> assemble_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, double phase) {
  const auto& mechanical = std::get<MechanicalModel>(model->kind);
  return with_scheduler<MechanicalDevice>(model, mechanical, queue, phase);
}

}  // namespace headway
