// One run: one policy with one seed on a scenario's layout and drives, under SimGrid.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "models/layout/layout.h"
#include "results/files/results_file.h"
#include "sim/scenario/scenario.h"

namespace headway {

struct RunRequest {
  const Scenario& scenario;
  const Layout& layout;
  const PolicySpec& policy;
  std::uint64_t seed = 0;
  std::optional<std::filesystem::path> trace;      // where to write it
  std::optional<std::filesystem::path> intervals;  // likewise the metrics over time
};

// SimGrid allows one engine a process, for good: call this once in a process (jobs.h makes children for it).
// A run that stalls, with a workload that nothing will ever wake, comes back as failed, with the strategy's state dump
// as its message. Throws what writing its files throws.
RunResult run_once(const RunRequest& request);

// Of the SimGrid that the program has loaded, "3.32.0".
std::string engine_version();

}  // namespace headway
