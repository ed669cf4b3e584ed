// See scenario_run.h.
#include "sim/cli/scenario_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <thread>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "results/metrics/units.h"
#include "results/tables/table.h"
#include "results/tables/terminal.h"
#include "results/tables/workload_table.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"
#include "sim/cli/output.h"
#include "sim/cli/version.h"
#include "sim/engine/run.h"
#include "sim/jobs/jobs.h"
#include "sim/scenario/expectation.h"
#include "sim/scenario/in_full.h"

namespace headway {

namespace fs = std::filesystem;

namespace {

// Keeps the policies that --policy names, all when it names none.
void select_policies(Scenario& scenario, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  std::vector<std::string> known;
  for (const auto& spec : scenario.policies) known.push_back(spec.name);
  for (const auto& name : wanted) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw InputError("--policy", scenario.file.string(), "a policy of the scenario", unknown_name(name, known));
  }
  std::erase_if(scenario.policies, [&](const PolicySpec& spec) {
    return std::find(wanted.begin(), wanted.end(), spec.name) == wanted.end();
  });
  const auto left_out = [&](const std::string& policy) {
    return std::find(wanted.begin(), wanted.end(), policy) == wanted.end();
  };
  std::erase_if(scenario.expect, [&](const Expectation& expectation) {
    return left_out(expectation.policy) || (expectation.relative_to && left_out(*expectation.relative_to));
  });
  if (left_out(scenario.baseline)) scenario.baseline = scenario.policies.front().name;
}

void add_jobs(std::vector<Job>& jobs, const Scenario& scenario, const Layout& layout, std::uint64_t seed,
              const RunOptions& options, const fs::path& directory) {
  for (const auto& policy : scenario.policies) {
    std::optional<fs::path> trace;
    if (options.trace) trace = directory / trace_file_name(policy.name, seed);
    const fs::path intervals = directory / intervals_file_name(policy.name, seed);
    jobs.push_back({policy.name, seed, [&scenario, &layout, &policy, seed, trace, intervals] {
                      return run_once({scenario, layout, policy, seed, trace, intervals});
                    }});
  }
}

// Every policy with every seed, in the order of the seeds. A layout that comes from a file serves all of them. One that
// is grown is another with each seed: no more of them are held at once than it takes to keep `at_once` runs going.
std::vector<JobResult> run_seeds(const Scenario& scenario, Layout first, const RunOptions& options, unsigned at_once,
                                 const fs::path& directory, const Experiment& experiment) {
  const std::size_t policies = scenario.policies.size();
  const std::size_t all = policies * scenario.replicates;
  const std::size_t seeds_at_once = scenario.synthetic ? (at_once + policies - 1) / policies : scenario.replicates;
  std::deque<Layout> layouts;
  layouts.push_back(std::move(first));
  const auto keep = [&](std::uint64_t seed) {
    if (options.trace) keep_layout(kept_layout(directory, experiment, seed), layouts.back());
  };
  keep(scenario.seed);
  std::vector<JobResult> results;
  Progress progress(stderr);
  double earlier_s = 0, wall_s = 0;
  for (std::size_t begin = 0; begin < scenario.replicates; begin += seeds_at_once) {
    if (begin > 0) layouts.clear();
    std::vector<Job> jobs;
    for (std::size_t i = begin; i < std::min<std::size_t>(begin + seeds_at_once, scenario.replicates); ++i) {
      const std::uint64_t seed = scenario.seed + i;
      if (scenario.synthetic && i > 0) {
        layouts.push_back(load_scenario_layout(scenario, seed));
        keep(seed);
      }
      add_jobs(jobs, scenario, layouts.back(), seed, options, directory);
    }
    const std::size_t before = results.size();
    auto batch = run_jobs(jobs, at_once, [&](ProgressState state) {
      const double done = static_cast<double>(before) + state.fraction * static_cast<double>(state.runs);
      state.fraction = done / static_cast<double>(all);
      state.runs_done += before;
      state.runs = all;
      wall_s = state.wall_s += earlier_s;
      progress.update(state);
    });
    earlier_s = wall_s;
    std::move(batch.begin(), batch.end(), std::back_inserter(results));
  }
  progress.clear();
  return results;
}

// By policy, the first seed's throughput over time.
std::map<std::string, std::vector<double>> throughput_of(const Results& results, const fs::path& directory) {
  std::map<std::string, std::vector<double>> courses;
  for (const auto& run : results.runs) {
    if (run.failed() || courses.contains(printable(run.policy))) continue;
    std::vector<double>& course = courses[printable(run.policy)];
    for (const auto& window : read_intervals(directory / intervals_file_name(run.policy, run.seed)).run)
      course.push_back(window[MetricId::throughput_bytes_per_s]);
  }
  return courses;
}

// How fast the simulation was: for who waits at a terminal.
void report_speed(const std::vector<JobResult>& done) {
  if (!is_terminal(stderr)) return;
  double reads = 0, wall_s = 0;
  for (const auto& job : done) {
    if (job.run.failed()) continue;
    reads += job.run.metrics[MetricId::reads];
    wall_s += job.timing.wall_s;
  }
  if (wall_s <= 0) return;
  fmt::print(stderr, "{} reads simulated in {} of run time, {} reads/s\n", figure_text(reads, true),
             value_text(MetricId::elapsed_s, wall_s), figure_text(reads / wall_s, true));
}

// With names that may go to a terminal.
Results shown(Results results) {
  for (RunResult& run : results.runs) {
    run.policy = printable(run.policy);
    run.message = printable_lines(run.message);
    for (std::string& note : run.notes) note = printable(note);
    for (WorkloadResult& workload : run.workloads) workload.name = printable(workload.name);
  }
  return results;
}

}  // namespace

void choose(Scenario& scenario, const RunOptions& options) {
  select_policies(scenario, options.policies);
  if (options.seed) scenario.seed = *options.seed;
  if (scenario.seed > UINT64_MAX - (scenario.replicates - 1))
    throw InputError("--seed", "", "a seed with room for replicates", fmt::format("{}", scenario.seed));
}

void make_output_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw InputError("-o", directory.string(), "a directory to write to", error.message());
}

void keep_layout(const fs::path& file, const Layout& layout) {
  write_whole(file, [&](const fs::path& part) { save_layout(part, layout); });
}

Results results_for(const Scenario& scenario, bool traced) {
  Results results{.headway_version = version(),
                  .headway_commit = commit(),
                  .scenario_name = scenario.name,
                  .scenario_sha256 = scenario.sha256,
                  .scenario_file = scenario.file.generic_string(),
                  .runs = {},
                  .baseline = scenario.baseline,
                  .experiment = experiment_of(scenario)};
  results.experiment.traced = traced;
  return results;
}

Results simulate(const Scenario& scenario, Results results, Layout layout, const std::vector<FileStamp>& stamps,
                 const RunOptions& options, const fs::path& directory) {
  make_output_directory(directory);
  const unsigned at_once = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  const auto done = run_seeds(scenario, std::move(layout), options, at_once, directory, results.experiment);
  for (const auto& stamp : stamps) {
    if (stamp.still_holds()) continue;
    results.notes.push_back(fmt::format("{} changed while the scenario ran", stamp.file.string()));
    say_note(results.notes.back());
  }
  std::vector<RunTiming> timing;
  for (const auto& job : done) {
    results.runs.push_back(job.run);
    timing.push_back(job.timing);
  }
  write_results(directory, results);
  write_timing(directory, timing);
  report_speed(done);
  return results;
}

ExitCode report(const Scenario& scenario, const Results& results, const fs::path& directory) {
  TableOptions table;
  table.baseline = printable(scenario.baseline);
  table.colour = colour_wanted(stdout);
  if (is_terminal(stdout)) {
    table.columns = std::clamp<std::size_t>(terminal_columns(stdout), 80, 100);
    table.throughput = throughput_of(results, directory);
  }
  const Results printed = shown(results);
  fmt::print("{}\n{}{}", printable(scenario.name), comparison_table(printed, table), workload_table(printed));
  ExitCode code = exit_done;
  for (const auto& verdict : judge(scenario.expect, results)) {
    fmt::print("{}  {}\n", verdict.holds ? "holds " : "BROKEN", printable(verdict.sentence));
    if (!verdict.holds) code = exit_check_failed;
  }
  for (const auto& run : results.runs) {
    if (run.failed()) code = exit_run_failed;
  }
  return code;
}

}  // namespace headway
