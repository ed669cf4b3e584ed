#include "models/drive/solid_state/solid_state_model.h"

#include "models/drive/host/behind_scheduler.h"
#include "models/drive/solid_state/solid_state_device.h"
#include "models/drive/units.h"

namespace headway {

namespace {

const Fields<SolidStateModel>& fields() {
  // Ten times the slowest parts' and more: a figure in another unit lies beyond.
  const auto read = microseconds(json::positive("microseconds", 10'000));
  const auto program = microseconds(json::positive("microseconds", 100'000));
  const auto overhead = microseconds(json::number(0, 10'000, "microseconds"));
  static const Fields<SolidStateModel> all =
      Fields<SolidStateModel>()
          .required("capacity_bytes", &SolidStateModel::capacity_bytes,
                    json::whole(1 << 20, std::uint64_t{1} << 60, "bytes"), "")
          .required("channels", &SolidStateModel::channels, json::whole(1, 1024), "")
          .required("dies_per_channel", &SolidStateModel::dies_per_channel, json::whole(1, 1024), "")
          .required("page_bytes", &SolidStateModel::page_bytes, json::whole(512, 1 << 20, "bytes"), "")
          .required("page_read_us", &SolidStateModel::page_read_s, read, "From the array to the die's register.")
          .required("page_program_us", &SolidStateModel::page_program_s, program, "")
          .required("channel_bytes_per_s", &SolidStateModel::channel_bytes_per_s, data_rate(), "")
          .required("command_us", &SolidStateModel::command_s, overhead, "From a command's start to its first access.")
          .required("pipeline_us", &SolidStateModel::pipeline_s, overhead,
                    "Between the starts of two commands: 1 / the most commands a second.")
          .required("host_bytes_per_s", &SolidStateModel::host_bytes_per_s, data_rate(),
                    "The interface, shared by all commands.");
  return all;
}

}  // namespace

ObjectShape SolidStateModel::keys() { return fields().object(); }

SolidStateModel SolidStateModel::read(const JsonNode& node) {
  SolidStateModel model;
  fields().fill(node, model);
  return model;
}

std::unique_ptr<Drive> SolidStateModel::make(std::shared_ptr<const SolidStateModel> model, const QueueSpec& queue,
                                             double phase) {
  return behind_scheduler<SolidStateDevice>(std::move(model), queue, phase);
}

}  // namespace headway
