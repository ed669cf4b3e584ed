// How long a foreground's writes took: to the mean, from there to the 99th percentile, and to the longest.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/sample.h"
#include "plots/series.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::array<MetricId, 3> lengths = {MetricId::write_latency_s_mean, MetricId::write_latency_s_p99,
                                             MetricId::write_latency_s_max};

BarChart chart_of(Runs runs, const FigureOptions& options, const DisplayUnit& unit) {
  BarChart chart;
  chart.x_title = fmt::format("writes took ({})", unit.name);
  if (!options.selection.workload.empty() && options.facet == Facet::none)
    chart.x_title += fmt::format(", workload {}", options.selection.workload);
  chart.part_names = {"mean", "99 % of them", "longest"};
  chart.part_colours = {"#0072B2", "#56B4E9", "#DDDDDD"};
  Undone undone;
  bool means = false;
  std::string without;
  for (const Series& series : series_of(runs, options)) {
    std::array<Sample, lengths.size()> samples;
    for (const PlottedRun& run : series.runs) {
      for (std::size_t i = 0; i < lengths.size(); ++i) {
        const double value = value_of(run, lengths[i], options.selection);
        if (std::isfinite(value)) samples[i].values.push_back(value / unit.size);
      }
    }
    if (samples[0].values.empty()) {
      without += (without.empty() ? "no writes: " : ", ") + series.label;
      continue;
    }
    for (const PlottedRun& run : series.runs) undone.add(series.label, run.result);
    means = means || series.runs.size() > 1;
    Bar bar;
    bar.label = series.label;
    bar.marked = series.marked;
    double end = 0;
    for (const Sample& sample : samples) {
      const double mean = sample.values.empty() ? end : std::max(end, sample.mean());
      bar.parts.push_back(mean - end);
      end = mean;
    }
    samples[0].looks = series.looks();
    const double half = samples[0].half_interval();
    bar.low = bar.parts[0] - half;
    bar.high = bar.parts[0] + half;
    bar.note = figure_text(bar.parts[0], half, false);
    chart.bars.push_back(std::move(bar));
  }
  chart.foot.emplace_back(means ? "at the right the mean, with its 95 % interval over seeds" : "at the right the mean");
  if (!without.empty()) chart.foot.push_back(std::move(without));
  for (std::string& sentence : undone.sentences()) chart.foot.push_back(std::move(sentence));
  return chart;
}

// Workloads write, not runs: that which does is shown, or where there are several, each in a panel.
void choose_workload(FigureOptions& options, const std::vector<PlottedRun>& good) {
  if (!options.selection.workload.empty() || options.facet != Facet::none) return;
  std::set<std::string> writers;
  for (const PlottedRun& run : good) {
    for (const WorkloadResult& workload : run.result.workloads) {
      if (std::isfinite(workload.metrics[lengths[0]])) writers.insert(workload.name);
    }
  }
  if (writers.size() == 1) options.selection.workload = *writers.begin();
  if (writers.size() > 1) options.facet = Facet::workload;
}

}  // namespace

void draw_writes(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  const std::vector<PlottedRun> good = good_runs(runs);
  choose_workload(options, good);
  if (options.facet != Facet::workload) hold_values(good, lengths[0], options.selection);
  double largest = 0;
  const std::vector<Part> parts = parts_of(good, options);
  for (const Part& part : parts) {
    for (const PlottedRun& run : part.runs) {
      const double value = value_of(run, lengths.back(), part.options.selection);
      if (std::isfinite(value)) largest = std::max(largest, value);
    }
  }
  const DisplayUnit unit = display_unit(lengths[0], largest);
  std::vector<BarChart> charts;
  for (const Part& part : parts) {
    charts.push_back(chart_of(part.runs, part.options, unit));
    charts.back().title = part.title;
  }
  draw_bars(std::move(charts), out, options);
}

}  // namespace headway
