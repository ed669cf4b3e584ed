// The table of figure kinds, and what of the runs they are given.
#include "plots/figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "plots/draw.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

// What most kinds of a shape take.
namespace shape {
using namespace takes;
constexpr Takes plain = labels | height;
constexpr Takes lines = plain | each | facet | x_range | y_range | log | legend | order;
constexpr Takes course = lines | device | time;
constexpr Takes distribution = lines | device | time | offset;
constexpr Takes bars = plain | x_range | order;
constexpr Takes swept = (lines & ~(each | facet)) | takes::metric | takes::sweep | workload;
constexpr Takes panels = labels | height | device | time | offset;
}  // namespace shape

constexpr std::array<FigureKind, 17> kinds = {{
    {"offset-time", "where each drive read, over time, zones shaded", true, true, shape::panels | takes::time_axes,
     draw_offset_time},
    {"throughput", "bytes a second over time, a line a policy", false, false, shape::course, draw_throughput},
    {"seeks", "seeks a second over time, a line a policy", false, false, shape::course, draw_seeks},
    {"queue-depth", "reads in flight over time, a line a policy", false, false, shape::course, draw_queue_depth},
    {"seek-cdf", "how far the heads moved: cumulative distribution", false, true, shape::distribution, draw_seek_cdf},
    {"latency-cdf", "how long reads took: cumulative distribution", false, true, shape::distribution, draw_latency_cdf},
    {"latency-tail", "how many reads took longer: the distribution's complement, both axes logarithmic", false, true,
     shape::distribution, draw_latency_tail},
    {"latency", "how long reads took over time (--metric latency_s_p50, ...; default: the mean), a line a policy",
     false, true, shape::distribution | takes::metric, draw_latency},
    {"time-breakdown", "what each drive's time went into", false, false,
     shape::bars | takes::device | takes::facet | takes::each, draw_time_breakdown},
    {"share", "how many reads each drive served, by copy", false, true,
     shape::bars | takes::device | takes::time | takes::offset | takes::facet | takes::each, draw_share},
    {"writes", "how long writes took, mean, p99 and longest, a bar a policy", false, false,
     shape::bars | takes::workload | takes::facet | takes::each, draw_writes},
    {"gap", "how far from the bound, and by what, a bar a policy", true, true, shape::bars, draw_gap},
    {"compare", "one metric (--metric), a bar a policy, with 95 % intervals over seeds", false, false,
     shape::bars | takes::metric | takes::device | takes::workload | takes::facet | takes::each, draw_compare},
    {"sweep", "one metric (--metric) over an axis of a sweep (lines) or two (a map of heat a policy)", false, false,
     shape::swept, draw_sweep},
    {"load", "response time (--metric) against reads a second, a line a policy over an axis of a sweep", false, false,
     shape::swept, draw_load},
    {"overlay", "two results over each other, as measured and simulated: offsets over time, latencies", false, true,
     shape::panels, draw_overlay},
    {"layout", "a map of each drive (Hilbert curve): its trees, coloured by when they were read", true, true,
     takes::device | takes::time | takes::offset, draw_layout},
}};

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

namespace {

// Throws InputError where no run has one of the chosen.
template <typename T, typename F>
void keep_chosen(std::vector<PlottedRun>& runs, std::string_view option, const std::vector<T>& chosen, const F& of) {
  if (chosen.empty()) return;
  std::vector<std::string> known;
  for (const PlottedRun& run : runs) {
    const std::string name = fmt::format("{}", of(run));
    if (std::ranges::find(known, name) == known.end()) known.push_back(name);
  }
  for (const T& one : chosen) {
    const std::string name = fmt::format("{}", one);
    if (std::ranges::find(known, name) == known.end())
      throw InputError("", option, "what one of the runs has", unknown_name(name, known));
  }
  std::erase_if(runs, [&](const PlottedRun& run) { return std::ranges::find(chosen, of(run)) == chosen.end(); });
}

// InputError where no run has the devices and the workload that are chosen.
void check_parts(const std::vector<PlottedRun>& runs, const Selection& selection) {
  std::vector<std::string> devices, workloads;
  for (const PlottedRun& run : runs) {
    for (const DeviceResult& device : run.result.devices) devices.push_back(fmt::format("{}", device.devid));
    for (const WorkloadResult& workload : run.result.workloads) workloads.push_back(workload.name);
  }
  const auto check = [](std::string_view option, const std::string& name, std::vector<std::string> known) {
    std::ranges::sort(known);
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (!std::ranges::binary_search(known, name))
      throw InputError("", option, "what one of the runs has", unknown_name(name, known));
  };
  for (const std::uint64_t device : selection.devices) check("--device", fmt::format("{}", device), devices);
  if (!selection.workload.empty()) check("--workload", selection.workload, workloads);
}

}  // namespace

void draw_figure(const FigureKind& kind, std::span<const PlottedRun> runs, const std::filesystem::path& out,
                 const FigureOptions& options) {
  check_taken(kind.name, kind.takes, options);
  std::vector<PlottedRun> chosen(runs.begin(), runs.end());
  keep_chosen(chosen, "--policy", options.selection.policies, [](const PlottedRun& run) { return run.result.policy; });
  keep_chosen(chosen, "--seed", options.selection.seeds, [](const PlottedRun& run) { return run.result.seed; });
  if (options.order == Order::given && !options.selection.policies.empty()) {
    std::ranges::stable_sort(chosen, {}, [&](const PlottedRun& run) {
      return std::ranges::find(options.selection.policies, run.result.policy) - options.selection.policies.begin();
    });
  }
  check_parts(chosen, options.selection);
  kind.draw(chosen, out, options);
}

std::vector<PlottedRun> good_runs(Runs runs) {
  std::vector<PlottedRun> good;
  std::ranges::copy_if(runs, std::back_inserter(good), [](const PlottedRun& run) { return !run.result.failed(); });
  if (good.empty()) throw InputError(files_of(runs), "", "at least one run that did not fail", "none");
  return good;
}

void hold_values(Runs runs, MetricId id, const Selection& selection) {
  const auto has_value = [&](const PlottedRun& run) { return std::isfinite(value_of(run, id, selection)); };
  if (std::ranges::none_of(runs, has_value))
    throw InputError(files_of(runs), "", fmt::format("a run with a value of metric \"{}\"", metric(id).name), "none");
}

double value_of(const PlottedRun& run, MetricId id, const Selection& selection) {
  const RunResult& result = run.result;
  if (!selection.workload.empty()) {
    const auto workload = std::ranges::find(result.workloads, selection.workload, &WorkloadResult::name);
    return workload == result.workloads.end() ? std::nan("") : workload->metrics[id];
  }
  if (selection.devices.empty()) return result.metrics[id];
  const auto device = std::ranges::find(result.devices, selection.devices.front(), &DeviceResult::devid);
  return device == result.devices.end() ? std::nan("") : device->metrics[id];
}

void hold_metric(const FigureOptions& options) {
  const Metric& chosen = metric(options.metric);
  const Selection& selection = options.selection;
  if (!selection.workload.empty() && !selection.devices.empty())
    throw InputError("", "--device", "a device or a workload: no results tell of both", "both");
  if (selection.devices.size() > 1)
    throw InputError("", "--device", "one device (--facet device shows each in a panel of its own)",
                     fmt::format("{}", selection.devices.size()));
  if (!selection.workload.empty() && !chosen.per_workload)
    throw InputError("", "--metric", "a metric that workloads have", fmt::format("\"{}\"", chosen.name));
  if (!selection.devices.empty() && !chosen.per_device)
    throw InputError("", "--metric", "a metric that devices have", fmt::format("\"{}\"", chosen.name));
}

TracedRun selected_run(const PlottedRun& run, const Selection& selection) {
  TracedRun traced = read_run(trace_of(run));
  std::erase_if(traced.header.devices, [&](const Device& device) { return !selection.has_device(device.devid); });
  if (traced.header.devices.empty())
    throw InputError(run.trace.string(), "--device", "a device of the trace", "none of these");
  const auto is_left_out = [&](const TracedRead& read) {
    return !selection.has_device(read.device) || !selection.has_time(read.end_s) ||
           !selection.has_offset(read.physical);
  };
  std::erase_if(traced.reads, is_left_out);
  traced.places = DevicePlaces(traced.header.devices);
  return traced;
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
