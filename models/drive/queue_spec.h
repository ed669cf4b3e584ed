// How a drive orders the commands that it holds, and who orders those above it: the "queue" object of a device.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

// The drive's own order among the commands it holds. Each lies in a file of its own: fcfs.h, sstf.h, ...
enum class Discipline { fcfs, sstf, scan, look, c_look, sptf };

// The order in which the host hands commands to the drive when it holds `depth` already.
enum class Scheduler { none, mq_deadline, bfq, kyber };

struct QueueSpec {
  Discipline discipline = Discipline::fcfs;
  std::uint32_t depth = 1;  // commands at the drive at once; the rest wait in the host's scheduler
  // A command that has been at the drive for longer is served first, oldest first, whatever the discipline says.
  double max_age_s = std::numeric_limits<double>::infinity();
  Scheduler scheduler = Scheduler::none;
};

const std::vector<std::string>& discipline_names();
const std::vector<std::string>& scheduler_names();

// Throws InputError, with the known names, for an unknown one (`name` comes from the command line).
Discipline discipline_of(const std::string& name);
Scheduler scheduler_of(const std::string& name);

// Reads {"discipline": "sptf", "depth": 32, "max_age_s": 0.5, "scheduler": "none"}; every key may be missing.
// Throws InputError.
QueueSpec read_queue(const JsonNode& node);

}  // namespace headway
