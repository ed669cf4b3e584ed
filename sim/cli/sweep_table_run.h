// A sweep's table, made of the runs that are in its cache and of those that are run for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/files/experiment.h"
#include "sim/jobs/jobs.h"
#include "sim/sweep/sweep_runs.h"
#include "sim/sweep/sweep_spec.h"

namespace headway {

struct SweepTableOptions {
  std::filesystem::path out;      // a directory
  std::filesystem::path cache;    // of runs
  unsigned jobs = 0;              // at a time; 0: one a core
  double timeout_s = no_timeout;  // of each run, by the wall clock
  bool hdf5 = false;              // sweep.h5 as well
  bool collect = false;           // run nothing
};

struct SweepTableMade {
  std::size_t there = 0;   // runs that were in the cache
  std::size_t failed = 0;  // runs, which it says on stderr
};

// Runs what is not in the cache, and writes sweep.csv and sweep.json. Throws InputError where nothing is to be run and
// runs are missing.
SweepTableMade make_sweep_table(const SweepSpec& sweep, const std::vector<SweepRun>& runs, Experiment experiment,
                                const SweepTableOptions& options);

// On stderr.
void say_failure(const SweepSpec& sweep, const SweepRun& run, const std::string& message);

}  // namespace headway
