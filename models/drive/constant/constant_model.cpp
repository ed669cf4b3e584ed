#include "models/drive/constant/constant_model.h"

#include "models/drive/constant/constant_device.h"
#include "models/drive/host/behind_scheduler.h"
#include "models/drive/read_drive.h"

namespace headway {

ConstantModel ConstantModel::read(const JsonNode& node) {
  node.allow_only(with_common_keys({"capacity_bytes", "latency_ms", "bytes_per_s"}));
  ConstantModel model;
  model.capacity_bytes = node.at("capacity_bytes").unsigned_integer(512, std::uint64_t{1} << 60, "bytes");
  model.latency_s = node.at("latency_ms").not_negative("milliseconds") * 1e-3;
  model.bytes_per_s = node.at("bytes_per_s").positive("bytes/s");
  return model;
}

std::unique_ptr<Drive> ConstantModel::make(std::shared_ptr<const ConstantModel> model, const QueueSpec& queue,
                                           double phase) {
  return behind_scheduler<ConstantDevice>(std::move(model), queue, phase);
}

}  // namespace headway
