#include "models/drive/solid_state/solid_state_model.h"

#include "models/drive/host/behind_scheduler.h"
#include "models/drive/read_drive.h"
#include "models/drive/solid_state/solid_state_device.h"

namespace headway {

SolidStateModel SolidStateModel::read(const JsonNode& node) {
  node.allow_only(
      with_common_keys({"capacity_bytes", "channels", "dies_per_channel", "page_bytes", "page_read_us",
                        "page_program_us", "channel_bytes_per_s", "command_us", "pipeline_us", "host_bytes_per_s"}));
  constexpr double us = 1e-6;
  SolidStateModel model;
  model.capacity_bytes = node.at("capacity_bytes").unsigned_integer(1 << 20, std::uint64_t{1} << 60, "bytes");
  model.channels = static_cast<std::uint32_t>(node.at("channels").unsigned_integer(1, 1024));
  model.dies_per_channel = static_cast<std::uint32_t>(node.at("dies_per_channel").unsigned_integer(1, 1024));
  model.page_bytes = static_cast<std::uint32_t>(node.at("page_bytes").unsigned_integer(512, 1 << 20, "bytes"));
  model.page_read_s = node.at("page_read_us").positive("microseconds") * us;
  model.page_program_s = node.at("page_program_us").positive("microseconds") * us;
  model.channel_bytes_per_s = node.at("channel_bytes_per_s").positive("bytes/s");
  model.command_s = node.at("command_us").not_negative("microseconds") * us;
  model.pipeline_s = node.at("pipeline_us").not_negative("microseconds") * us;
  model.host_bytes_per_s = node.at("host_bytes_per_s").positive("bytes/s");
  return model;
}

std::unique_ptr<Drive> SolidStateModel::make(std::shared_ptr<const SolidStateModel> model, const QueueSpec& queue,
                                             double phase) {
  return behind_scheduler<SolidStateDevice>(std::move(model), queue, phase);
}

}  // namespace headway
