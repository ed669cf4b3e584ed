// Runs in child processes of their own: SimGrid allows one engine a process, and a run that dies spoils only its row.
// What a run prints to the standard output goes to our standard error: the output is for results.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "results/files/results_file.h"
#include "results/tables/terminal.h"

namespace headway {

struct JobResult {
  RunResult run;
  RunTiming timing;
  bool lost = false;  // failed without a result of the simulation: its process was killed, ran out of memory or disk
};

// One run to be: what identifies its row, and the work, which is done in the child. What the work throws becomes the
// message of a failed run.
struct Job {
  std::string policy;
  std::uint64_t seed = 0;
  std::function<RunResult()> work;
  // In this process: before the child is made, to put into memory what it is to find there, and after it has ended.
  std::function<void()> before = {};
  std::function<void(const JobResult&)> after = {};
};

// How far a run is, in memory that its process shares with its parent: the one writes now and then, the other looks
// now and then, and neither waits.
struct RunProgress {
  std::atomic<double> simulated_s = 0;
  std::atomic<std::uint64_t> reads = 0;
  std::atomic<double> share = 0;  // of the work, 0 to 1
};

// Where the run of this process says how far it is. In a process that run_jobs() did not make, nobody looks.
RunProgress& progress_of_this_process();

inline constexpr double no_timeout = std::numeric_limits<double>::infinity();

// Runs all jobs, at most `at_once` at a time, and returns their results in the order of `jobs`. A child that is killed
// or exits without a result gives a failed run that says so, and so does one that takes longer than `timeout_s`; when
// this process is killed, its children go with it. What `before` and `after` throw ends the whole. `watch` is called
// some times a second while they run, and when one has ended. Precondition: this process has no other threads.
std::vector<JobResult> run_jobs(const std::vector<Job>& jobs, unsigned at_once,
                                const std::function<void(const ProgressState&)>& watch,
                                double timeout_s = no_timeout);

}  // namespace headway
