// A run's twin: the same policy and workloads gone through once more, without engine, devices or clock, given only when
// and how the reads of a trace ended. Its decisions must be those of the trace, event by event: where they are, what
// was simulated or measured depends on the devices by their answers alone.
//
// Reads that a trace does not hold (a foreground's) have no end in the twin. Nothing of a policy hears of them; but a
// workload that begins `after` a foreground never begins there, and the twin says that its trace is shorter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/workloads/workloads.h"

namespace headway {

struct TwinRun {
  RunResult result;
  std::uint64_t events = 0;  // of the trace, that came out the same
  std::string difference;    // where the first other one stands and what both have there; empty where there is none
};

// `parts` are those of the run: layout, policy, faults, traits, seed, memory; its own trace is set here. Throws
// InputError for a file that is no trace, std::system_error where there is no room for the twin's own.
TwinRun twin_of(DriverParts parts, const std::vector<WorkloadSpec>& workload, const std::filesystem::path& trace);

}  // namespace headway
