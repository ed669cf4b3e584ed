// How a drive orders the commands that it holds, and who orders those above it: the "queue" object of a device.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/fields.h"
#include "models/drive/kind_table.h"

namespace headway {

// The drive's own order among the commands it holds: a place in the table of mechanical/discipline/disciplines.h.
enum class Discipline : std::uint8_t {};

// The order in which the host hands commands to the drive when it holds `depth` already: a place in host/schedulers.h.
enum class Scheduler : std::uint8_t {};

struct QueueSpec {
  Discipline discipline{};
  std::uint32_t depth = 1;  // commands at the drive at once; the rest wait in the host's scheduler
  // A command that has been at the drive for longer is served first, oldest first, whatever the discipline says.
  double max_age_s = std::numeric_limits<double>::infinity();
  Scheduler scheduler{};
  std::optional<std::uint32_t> fifo_batch;  // of mq-deadline, as the next
  std::optional<bool> head_first;
};

// Both tables, each the default first.
std::span<const Kind> disciplines();
std::span<const Kind> schedulers();

// Throws InputError, with the known names, for an unknown one (`name` comes from the command line).
Discipline discipline_of(std::string_view name);
Scheduler scheduler_of(std::string_view name);

// {"discipline": "sptf", "depth": 32, "max_age_s": 0.5, "scheduler": "none"}; every key may be missing. mq-deadline
// alone takes "fifo_batch" and "head_first".
const Fields<QueueSpec>& queue_fields();
Shape queue_shape();
// Throws InputError.
QueueSpec read_queue(const JsonNode& node);

}  // namespace headway
