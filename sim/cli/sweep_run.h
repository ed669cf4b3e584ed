// What the verbs that run sweeps share: which runs are there, and the others made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/jobs/jobs.h"
#include "sim/sweep/run_cache.h"
#include "sim/sweep/sweep_runs.h"

namespace headway {

// Which runs are still to be made, each id once, and how many are there already.
struct Stock {
  std::vector<SweepRun> missing;
  std::size_t there = 0;
};

Stock take_stock(const std::vector<SweepRun>& runs, const RunCache& cache);

// Why runs are lost, by id.
using Lost = std::map<std::string, std::string>;

struct RunLimits {
  unsigned jobs = 0;  // at a time; 0: one a core
  double timeout_s = no_timeout;
};

// Into the cache. Throws InputError for a cell that its layout does not fit, before
// anything runs.
Lost make_runs(const SweepSpec& sweep, const std::vector<SweepRun>& missing, const RunCache& cache, const RunLimits& limits);

}  // namespace headway
