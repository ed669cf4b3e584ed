#include "models/drive/constant/constant_model.h"

#include "models/drive/constant/constant_device.h"
#include "models/drive/host/behind_scheduler.h"
#include "models/drive/units.h"

namespace headway {

namespace {

const Fields<ConstantModel>& fields() {
  static const Fields<ConstantModel> all =
      Fields<ConstantModel>()
          .required("capacity_bytes", &ConstantModel::capacity_bytes, json::whole(512, std::uint64_t{1} << 60, "bytes"),
                    "")
          .required("latency_ms", &ConstantModel::latency_s,
                    milliseconds(json::not_negative("milliseconds", longest_part_ms)), "Of each command.")
          .required("bytes_per_s", &ConstantModel::bytes_per_s, data_rate(), "Shared by all commands.");
  return all;
}

}  // namespace

ObjectShape ConstantModel::keys() { return fields().object(); }

ConstantModel ConstantModel::read(const JsonNode& node) {
  ConstantModel model;
  fields().fill(node, model);
  return model;
}

std::unique_ptr<Drive> ConstantModel::make(std::shared_ptr<const ConstantModel> model, const QueueSpec& queue,
                                           double phase) {
  return behind_scheduler<ConstantDevice>(std::move(model), queue, phase);
}

}  // namespace headway
