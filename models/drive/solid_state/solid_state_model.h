// A solid-state drive's checked parameters, in seconds and bytes per second.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/drive/kind_table.h"

namespace headway {

class Drive;
class JsonNode;
struct ObjectShape;
struct QueueSpec;

struct SolidStateModel {
  static constexpr Kind kind{"solid-state", "A controller, channels of dies, the host's link.", ""};

  std::uint64_t capacity_bytes = 0;
  std::uint32_t channels = 0;
  std::uint32_t dies_per_channel = 0;
  std::uint32_t page_bytes = 0;
  double page_read_s = 0;  // from the array to the die's register
  double page_program_s = 0;
  double channel_bytes_per_s = 0;
  double command_s = 0;         // from a command's start to its first access
  double pipeline_s = 0;        // between the starts of two commands: 1 / the most commands a second
  double host_bytes_per_s = 0;  // the interface, shared by all commands

  static ObjectShape keys();
  static SolidStateModel read(const JsonNode& node);
  static std::unique_ptr<Drive> make(std::shared_ptr<const SolidStateModel> model, const QueueSpec& queue,
                                     double phase);
  std::uint64_t total_bytes() const { return capacity_bytes; }
  std::string label() const { return "ssd"; }
};

}  // namespace headway
