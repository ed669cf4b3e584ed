// One metric of all policies: the mean over seeds, with the 95 % interval of that mean where there are several.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/sample.h"
#include "plots/series.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

BarChart chart_of(Runs runs, const FigureOptions& options, const DisplayUnit& unit) {
  const Metric& chosen = metric(options.metric);
  BarChart chart;
  chart.x_title = axis_title(options.metric, unit.name);
  if (!options.selection.workload.empty() && options.facet == Facet::none)
    chart.x_title += fmt::format(", workload {}", options.selection.workload);
  if (!options.selection.devices.empty() && options.facet == Facet::none)
    chart.x_title += fmt::format(", device {}", options.selection.devices.front());
  chart.part_names = {""};
  chart.part_colours = {"#56B4E9"};  // light enough for the interval upon it
  Undone undone;
  for (const Series& series : series_of(runs, options)) {
    Sample sample{series.label, {}, series.looks()};
    for (const PlottedRun& run : series.runs) {
      const double value = value_of(run, options.metric, options.selection);
      if (!std::isfinite(value)) continue;
      sample.values.push_back(value);
      undone.add(series.label, run.result);
    }
    if (sample.values.empty()) continue;
    const double mean = sample.mean() / unit.size, half = sample.half_interval() / unit.size;
    Bar bar;
    bar.label = sample.label;
    bar.marked = undone.marks(sample.label);
    bar.parts = {mean};
    bar.low = mean - half;
    bar.high = mean + half;
    bar.note = figure_text(mean, half, chosen.is_count);
    chart.bars.push_back(std::move(bar));
  }
  chart.foot = undone.sentences();
  return chart;
}

}  // namespace

void draw_compare(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = good_runs(runs);
  const std::vector<Part> parts = parts_of(good, options);
  double largest = 0;
  for (const Part& part : parts) {
    hold_metric(part.options);
    for (const PlottedRun& run : part.runs) {
      const double value = value_of(run, options.metric, part.options.selection);
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
  }
  if (options.facet != Facet::workload && options.facet != Facet::device)
    hold_values(good, options.metric, options.selection);
  const DisplayUnit unit = display_unit(options.metric, largest);
  std::vector<BarChart> charts;
  for (const Part& part : parts) {
    charts.push_back(chart_of(part.runs, part.options, unit));
    charts.back().title = part.title;
  }
  draw_bars(std::move(charts), out, options);
}

}  // namespace headway
