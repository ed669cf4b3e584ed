// The table of figure kinds, and the runs that they are given.
#include "plots/figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "core/base/error.h"
#include "plots/draw.h"
#include "results/files/gap_of_run.h"
#include "results/files/stopping.h"
#include "results/files/sweep_table.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

constexpr std::array<FigureKind, 12> kinds = {{
    {"offset-time", "where each drive read, over time, zones shaded", true, true, draw_offset_time},
    {"throughput", "bytes a second over time, a line a run", false, false, draw_throughput},
    {"seeks", "seeks a second over time, a line a run", false, false, draw_seeks},
    {"queue-depth", "reads in flight over time, a line a run", false, false, draw_queue_depth},
    {"seek-cdf", "how far the heads moved: cumulative distribution", false, true, draw_seek_cdf},
    {"latency-cdf", "how long reads took: cumulative distribution", false, true, draw_latency_cdf},
    {"time-breakdown", "what each drive's time went into", false, false, draw_time_breakdown},
    {"gap", "how far from the bound, and by what, a bar a policy", true, true, draw_gap},
    {"compare", "one metric (--metric), a bar a policy, with 95 % intervals over seeds", false, false, draw_compare},
    {"sweep", "one metric (--metric) over an axis of a sweep (lines) or two (a map of heat a policy)", false,
     false, draw_sweep},
    {"overlay", "two results over each other, as measured and simulated: offsets over time, latencies", false,
     true, draw_overlay},
    {"layout", "a map of each drive (Hilbert curve): its trees, coloured by when they were read", true, true,
     draw_layout},
}};

std::vector<PlottedRun> swept_runs(const std::filesystem::path& path) {
  const SweepTable table = read_sweep_csv(path);
  if (table.rows.empty()) throw InputError(path.string(), "", "at least one run", "none");
  std::vector<PlottedRun> runs;
  for (const SweepRow& row : table.rows) {
    PlottedRun run;
    run.label = row.policy;
    for (std::size_t axis = 0; axis < table.axes.size(); ++axis) {
      run.axes.emplace_back(table.axes[axis], row.values[axis]);
      run.label += fmt::format(", {} {}", table.axes[axis], row.values[axis]);
    }
    run.label += fmt::format(", seed {}", row.seed);
    run.result.policy = row.policy;
    run.result.seed = row.seed;
    run.result.status = row.status;
    run.result.metrics = row.metrics;
    run.file = path.string();
    runs.push_back(std::move(run));
  }
  return runs;
}

// Each once.
std::string files_of(Runs runs) {
  std::vector<std::string> files;
  for (const PlottedRun& run : runs) {
    if (std::ranges::find(files, run.file) == files.end()) files.push_back(run.file);
  }
  return fmt::format("{}", fmt::join(files, ", "));
}

}  // namespace

std::span<const FigureKind> figure_kinds() { return kinds; }

const FigureKind* find_figure_kind(std::string_view name) {
  const auto found = std::ranges::find(kinds, name, &FigureKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::vector<std::string> figure_kind_names() {
  std::vector<std::string> names;
  for (const FigureKind& kind : kinds) names.emplace_back(kind.name);
  return names;
}

std::vector<PlottedRun> plotted_runs(std::span<const std::string> paths) {
  std::vector<PlottedRun> runs;
  for (const std::string& path : paths) {
    if (is_sweep_table(path)) {
      std::ranges::move(swept_runs(path), std::back_inserter(runs));
      continue;
    }
    const Results results = read_results(path);
    const std::filesystem::path directory = results_file(path).parent_path();
    if (results.runs.empty()) throw InputError(results_file(path).string(), "/runs", "at least one run", "none");
    const CpuCosts cpu = cpu_costs(results.experiment);
    std::map<std::string, int> seeds;
    for (const RunResult& run : results.runs) ++seeds[run.policy];
    for (const RunResult& run : results.runs) {
      std::string label = seeds[run.policy] > 1 ? fmt::format("{}, seed {}", run.policy, run.seed) : run.policy;
      if (paths.size() > 1)
        label = fmt::format("{}{}: {}", results.scenario_name, results.measured ? ", measured" : "", label);
      PlottedRun plotted{std::move(label), run, directory / trace_file_name(run.policy, run.seed),
                         directory / intervals_file_name(run.policy, run.seed)};
      plotted.measured = results.measured;
      plotted.traced = results.experiment.traced;
      if (results.experiment.scenario) plotted.kept_layout = kept_layout(directory, results.experiment, run.seed);
      plotted.scenario_file = results.scenario_file;
      plotted.scenario_sha256 = results.scenario_sha256;
      plotted.file = results_file(path).string();
      plotted.cpu = cpu;
      plotted.looks = looks_of(results);
      runs.push_back(std::move(plotted));
    }
  }
  return runs;
}

std::vector<PlottedRun> good_runs(Runs runs) {
  std::vector<PlottedRun> good;
  std::ranges::copy_if(runs, std::back_inserter(good), [](const PlottedRun& run) { return !run.result.failed(); });
  if (good.empty()) throw InputError(files_of(runs), "", "at least one run that did not fail", "none");
  return good;
}

void hold_values(Runs runs, MetricId id) {
  const auto has_value = [&](const PlottedRun& run) { return std::isfinite(run.result.metrics[id]); };
  if (std::ranges::none_of(runs, has_value))
    throw InputError(files_of(runs), "", fmt::format("a run with a value of metric \"{}\"", metric(id).name), "none");
}

std::string label_without_seed(const PlottedRun& run) {
  const std::string seed = fmt::format(", seed {}", run.result.seed);
  return run.label.ends_with(seed) ? run.label.substr(0, run.label.size() - seed.size()) : run.label;
}

const std::filesystem::path& trace_of(const PlottedRun& run) {
  const bool exists = std::filesystem::exists(run.trace);
  if (!exists || !run.traced) {
    throw InputError(run.trace.string(), "", "a trace (run with --trace to have one)",
                     exists ? "that of an earlier run" : "no such file");
  }
  return run.trace;
}

}  // namespace headway
