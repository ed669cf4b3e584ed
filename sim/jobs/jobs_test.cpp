#include "sim/jobs/jobs.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

RunResult result_of(const char* status) {
  RunResult run;
  run.policy = "p";
  run.status = status;
  return run;
}

}  // namespace

TEST_CASE("a run whose process dies spoils only its own row, and is lost; one whose simulation failed is not") {
  const std::vector<Job> jobs{{"dies", 1, []() -> RunResult { ::raise(SIGKILL); return {}; }},
                              {"throws", 1, []() -> RunResult { throw std::runtime_error("no way"); }},
                              {"leaves", 1, []() -> RunResult { ::_exit(7); }},
                              {"fails", 1, [] { return result_of("failed"); }},
                              {"good", 1, [] { return result_of("ok"); }}};
  const auto results = run_jobs(jobs, 2, [](const ProgressState&) {});
  CHECK(results[0].run.message.find("signal 9") != std::string::npos);
  CHECK(results[1].run.message == "no way");
  CHECK(results[2].run.message.find("code 7") != std::string::npos);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CAPTURE(i);
    CHECK(results[i].lost == (i < 3));
    CHECK(results[i].run.failed() == (i < 4));
  }
}

TEST_CASE("a job's child finds what was loaded before it, and its result is handed on at its end") {
  int loaded = 0;
  std::vector<std::uint64_t> handed_on;
  std::vector<Job> jobs;
  for (int i = 0; i < 3; ++i) {
    Job job{"p", 1, [&loaded] {
              RunResult run = result_of("ok");
              run.seed = static_cast<std::uint64_t>(loaded);
              return run;
            }};
    job.before = [&loaded, i] { loaded = i + 10; };
    job.after = [&handed_on](const JobResult& result) { handed_on.push_back(result.run.seed); };
    jobs.push_back(std::move(job));
  }
  run_jobs(jobs, 1, [](const ProgressState&) {});
  CHECK(handed_on == std::vector<std::uint64_t>{10, 11, 12});
}

TEST_CASE("what a job's end throws ends the whole") {
  std::vector<Job> jobs(3, Job{"p", 1, [] { return result_of("ok"); }});
  jobs[1].after = [](const JobResult&) { throw std::runtime_error("the disk is full"); };
  CHECK_THROWS_WITH(run_jobs(jobs, 1, [](const ProgressState&) {}), "the disk is full");
}

TEST_CASE("a run that gives up says why") {
  const std::vector<Job> jobs{{"aborts", 1,
                               []() -> RunResult {
                                 std::fputs("No stack for an actor.\nBacktrace (in maestro):\n  -> 0# main\n", stderr);
                                 std::signal(SIGABRT, SIG_DFL);  // not doctest's
                                 std::abort();
                               }},
                              {"starves", 1, []() -> RunResult { throw std::bad_alloc(); }},
                              {"is killed", 1, []() -> RunResult {
                                 ::raise(SIGKILL);
                                 return {};
                               }}};
  const auto results = run_jobs(jobs, 2, [](const ProgressState&) {});
  CHECK(results[0].run.message == "the run's process was ended by signal 6 (Aborted): No stack for an actor.");
  CHECK(results[1].run.message == "out of memory");
  CHECK(results[2].run.message == "the run's process was ended by signal 9 (Killed, as by a kernel out of memory)");
}
