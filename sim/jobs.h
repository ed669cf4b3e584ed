// Runs in child processes of their own: SimGrid allows one engine a process, and a run that dies spoils only its row.
#pragma once

#include <functional>
#include <vector>

#include "results/results_file.h"

namespace headway {

struct JobResult {
  RunResult run;
  RunTiming timing;
};

// One run to be: what identifies its row, and the work, which is done in the child. What the work throws becomes the
// message of a failed run.
struct Job {
  std::string policy;
  std::uint64_t seed = 0;
  std::function<RunResult()> work;
};

// Runs all jobs, at most `at_once` at a time, and returns their results in the order of `jobs`. A child that is killed
// or exits without a result gives a failed run that says so. `ended` is called after each, with the number of jobs that
// have ended so far. Precondition: this process has no other threads.
std::vector<JobResult> run_jobs(const std::vector<Job>& jobs, unsigned at_once,
                                const std::function<void(std::size_t)>& ended);

}  // namespace headway
