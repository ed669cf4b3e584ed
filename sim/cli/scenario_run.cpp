// See scenario_run.h.
#include "sim/cli/scenario_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <span>
#include <thread>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "results/files/stopping.h"
#include "results/metrics/units.h"
#include "results/tables/published_table.h"
#include "results/tables/table.h"
#include "results/tables/terminal.h"
#include "results/tables/workload_table.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"
#include "sim/bound/bound.h"
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
      throw InputError("--policy", scenario.called(), "a policy of the scenario", unknown_name(name, known));
  }
  std::erase_if(scenario.policies, [&](const PolicySpec& spec) {
    return std::find(wanted.begin(), wanted.end(), spec.name) == wanted.end();
  });
  const auto left_out = [&](const std::string& policy) {
    return std::find(wanted.begin(), wanted.end(), policy) == wanted.end();
  };
  const auto needs_one = [&](const auto& item) {
    return left_out(item.figure.policy) || (item.figure.relative_to && left_out(*item.figure.relative_to));
  };
  std::erase_if(scenario.expect, needs_one);
  std::erase_if(scenario.published, needs_one);
  if (left_out(scenario.baseline)) scenario.baseline = scenario.policies.front().name;
  if (!scenario.until) return;
  if (left_out(scenario.until->relative_to)) scenario.until->relative_to = scenario.baseline;
  if (scenario.policies.size() < 2)
    throw InputError("--policy", scenario.called(),
                     "two policies, since the scenario runs until a difference is known",
                     scenario.policies.front().name);
}

void stop_when_sure(Scenario& scenario, StoppingRule rule) {
  if (scenario.policies.size() < 2)
    throw InputError("--until", scenario.called(), "two policies to compare", scenario.policies.front().name);
  rule.relative_to = scenario.baseline;
  scenario.replicates = rule.at_most;
  scenario.until = rule;
}

void add_jobs(std::vector<Job>& jobs, const Scenario& scenario, const Layout& layout, std::uint64_t seed,
              const RunOptions& options, const fs::path& directory) {
  const auto bound = std::make_shared<const Bound>(bound_of(scenario, layout, seed));  // the same for all policies
  for (const auto& policy : scenario.policies) {
    std::optional<fs::path> trace;
    if (options.trace) trace = directory / trace_file_name(policy.name, seed);
    const fs::path intervals = directory / intervals_file_name(policy.name, seed);
    jobs.push_back({policy.name, seed, [&scenario, &layout, &policy, bound, seed, trace, intervals] {
                      RunResult run = run_once({scenario, layout, policy, seed, trace, intervals});
                      add_bound(run, *bound, policy);
                      return run;
                    }});
  }
}

// Every policy with every seed, in the order of the seeds; where the scenario says until when, up to the first seed
// after which all is known, whatever else has run beside.
class Replicates {
 public:
  Replicates(const Scenario& scenario, const RunOptions& options, unsigned at_once, const fs::path& directory,
             Results& results)
      : scenario_(scenario),
        options_(options),
        at_once_(at_once),
        directory_(directory),
        results_(results),
        progress_(stderr) {}

  // Appends to the results' runs; what each cost.
  std::vector<RunTiming> run(Layout first) {
    layouts_.push_back(std::move(first));
    keep(scenario_.seed);
    while (done_ < scenario_.replicates && !enough_) run_batch(std::min(seeds_at_once(), scenario_.replicates - done_));
    progress_.clear();
    return std::move(timing_);
  }

 private:
  std::size_t policies() const { return scenario_.policies.size(); }

  // A layout that comes from a file serves all seeds. One that is grown is another with each: no more of them are held
  // at once than it takes to keep the processors busy. Nor is more run than that before one looks whether it is enough.
  std::size_t seeds_at_once() const {
    if (scenario_.synthetic || scenario_.until) return (at_once_ + policies() - 1) / policies();
    return scenario_.replicates;
  }

  void keep(std::uint64_t seed) {
    if (options_.trace) keep_layout(kept_layout(directory_, results_.experiment, seed), layouts_.back());
  }

  const Layout& layout_of(std::size_t replicate) {
    if (scenario_.synthetic && replicate > 0) {
      layouts_.push_back(load_scenario_layout(scenario_, scenario_.seed + replicate));
      keep(scenario_.seed + replicate);
    }
    return layouts_.back();
  }

  void run_batch(std::size_t seeds) {
    if (scenario_.synthetic && done_ > 0) layouts_.clear();
    std::vector<Job> jobs;
    for (std::size_t i = done_; i < done_ + seeds; ++i)
      add_jobs(jobs, scenario_, layout_of(i), scenario_.seed + i, options_, directory_);
    const std::vector<JobResult> batch =
        run_jobs(jobs, at_once_, [&](ProgressState state) { show(state); }, options_.timeout_s);
    earlier_s_ = wall_s_;
    for (std::size_t i = 0; i < batch.size(); i += policies()) take(std::span(batch).subspan(i, policies()));
  }

  void show(ProgressState state) {
    const auto all = static_cast<double>(policies() * scenario_.replicates);
    state.fraction = (static_cast<double>(done_ * policies()) + state.fraction * static_cast<double>(state.runs)) / all;
    state.runs_done += done_ * policies();
    state.runs = policies() * scenario_.replicates;
    wall_s_ = state.wall_s += earlier_s_;
    progress_.update(state);
  }

  // One seed's runs.
  void take(std::span<const JobResult> runs) {
    if (enough_) {
      for (const JobResult& job : runs) forget(job.run);
      return;
    }
    for (const JobResult& job : runs) {
      results_.runs.push_back(job.run);
      timing_.push_back(job.timing);
    }
    ++done_;
    enough_ = scenario_.until && done_ > 1 && enough(results_);
  }

  // Its files would be taken for those of a run that counts.
  void forget(const RunResult& run) {
    std::error_code error;
    fs::remove(directory_ / trace_file_name(run.policy, run.seed), error);
    fs::remove(directory_ / intervals_file_name(run.policy, run.seed), error);
    if (scenario_.synthetic && options_.trace)
      fs::remove(kept_layout(directory_, results_.experiment, run.seed), error);
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  const unsigned at_once_;
  const fs::path& directory_;
  Results& results_;
  std::vector<RunTiming> timing_;
  std::deque<Layout> layouts_;
  Progress progress_;
  std::size_t done_ = 0;  // replicates
  bool enough_ = false;
  double earlier_s_ = 0, wall_s_ = 0;
};

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
void report_speed(const Results& results, const std::vector<RunTiming>& timing) {
  if (!is_terminal(stderr)) return;
  double reads = 0, wall_s = 0;
  for (std::size_t i = 0; i < timing.size(); ++i) {
    if (results.runs[i].failed()) continue;
    reads += results.runs[i].metrics[MetricId::reads];
    wall_s += timing[i].wall_s;
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
  if (options.until) stop_when_sure(scenario, *options.until);
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
                  .set = words_of(scenario.set),
                  .experiment = experiment_of(scenario)};
  results.experiment.traced = traced;
  results.until = scenario.until;
  return results;
}

Results simulate(const Scenario& scenario, Results results, Layout layout, const std::vector<FileStamp>& stamps,
                 const RunOptions& options, const fs::path& directory) {
  make_output_directory(directory);
  const unsigned at_once = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  const auto timing = Replicates(scenario, options, at_once, directory, results).run(std::move(layout));
  for (const auto& stamp : stamps) {
    if (stamp.still_holds()) continue;
    results.notes.push_back(fmt::format("{} changed while the scenario ran", stamp.file.string()));
    say_note(results.notes.back());
  }
  write_results(directory, results);
  write_timing(directory, timing);
  report_speed(results, timing);
  return results;
}

Results run_scenario(const Scenario& scenario, const RunOptions& options, const fs::path& directory) {
  const std::vector<FileStamp> stamps(scenario.input_files.begin(), scenario.input_files.end());
  Layout layout = load_scenario_layout(scenario);
  Results results = results_for(scenario, options.trace);
  results.notes = layout.left_out;
  make_output_directory(directory);
  for (const auto& note : results.notes) say_note(note);
  return simulate(scenario, std::move(results), std::move(layout), stamps, options, directory);
}

Report report_of(const Scenario& scenario, const Results& results, TableOptions table) {
  table.baseline = printable(scenario.baseline);
  const Results printed = shown(results);
  Report report{.text = fmt::format("{}\n{}{}", printable(title_of(results)), comparison_table(printed, table),
                                    workload_table(printed))};
  for (const auto& verdict : judge(scenario.expect, results)) {
    report.text += fmt::format("{}  {}\n", verdict.holds ? "holds " : "BROKEN", printable(verdict.sentence));
    if (!verdict.holds) report.code = exit_check_failed;
  }
  report.text += published_lines(results);
  for (const auto& run : results.runs) {
    if (run.failed()) report.code = exit_run_failed;
  }
  return report;
}

ExitCode report(const Scenario& scenario, const Results& results, const fs::path& directory) {
  TableOptions table;
  table.colour = colour_wanted(stdout);
  if (is_terminal(stdout)) {
    table.columns = std::clamp<std::size_t>(terminal_columns(stdout), 80, 100);
    table.throughput = throughput_of(results, directory);
  }
  const Report made = report_of(scenario, results, table);
  fmt::print("{}", made.text);
  return made.code;
}

}  // namespace headway
