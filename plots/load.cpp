// Response time against load: a point each value of the sweep's axis, at the reads a second that came of it and the
// latency that they had, joined in the order of the axis. Where drives are saturated a line turns upwards, or back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "plots/lines.h"
#include "plots/swept.h"

namespace headway {

namespace {

// Whole labels of what else varies, for a line each.
std::string line_label(const PlottedRun& run, const std::vector<SweptAxis>& axes) {
  std::string label = swept_label(run);
  for (std::size_t i = 1; i < axes.size(); ++i)
    label += fmt::format(", {} {}", axes[i].name, value_at(run, axes[i].name));
  return label;
}

// By itself the mean: elapsed_s, which is what other kinds show, is no response time.
MetricId shown_metric(const FigureOptions& options) {
  return options.metric == MetricId::elapsed_s ? MetricId::latency_s_mean : options.metric;
}

// Where loads, or times, are of several magnitudes.
void choose_logarithms(LineChart& chart) {
  constexpr double most_ratio = 30;
  double least_x = INFINITY, most_x = 0, least_y = INFINITY, most_y = 0;
  for (const Line& line : chart.lines) {
    for (const auto& [x, y] : line.points) {
      if (x > 0) least_x = std::min(least_x, x);
      if (y > 0) least_y = std::min(least_y, y);
      most_x = std::max(most_x, x);
      most_y = std::max(most_y, y);
    }
  }
  chart.x_logarithmic = most_x > most_ratio * least_x;
  if (most_y > most_ratio * least_y) chart.y_low = std::pow(10, std::floor(std::log10(least_y)));
}

}  // namespace

void draw_load(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  options.metric = shown_metric(asked);
  hold_metric(options);
  const std::vector<PlottedRun> good = sweep_runs(runs, options);
  hold_values(good, options.metric, options.selection);
  hold_values(good, MetricId::reads_per_s, options.selection);
  std::vector<SweptAxis> axes = chosen_axes(good, options);
  // By itself what is a number: more of it is more load, as a rule.
  if (options.axes.empty()) std::ranges::stable_partition(axes, &SweptAxis::numbers);
  const DisplayUnit unit = unit_of(good, options.metric, options.selection);
  Grid loads(axes[0].values.size()), times(axes[0].values.size());
  for (const PlottedRun& run : good) {
    const std::size_t place = axes[0].place(value_at(run, axes[0].name));
    loads.add(line_label(run, axes), place, value_of(run, MetricId::reads_per_s, options.selection), run.result);
    times.add(line_label(run, axes), place, value_of(run, options.metric, options.selection) / unit.size, run.result);
  }
  LineChart chart;
  chart.x_title = "reads a second";
  chart.y_title = metric_title(options, unit);
  chart.every_point = true;
  for (std::size_t i = 0; i < times.series.size(); ++i) {
    Line line{times.series[i].label, {}};
    for (std::size_t place = 0; place < axes[0].values.size(); ++place) {
      const Sample &load = loads.series[i].samples[place], &time = times.series[i].samples[place];
      if (load.values.empty() || time.values.empty()) continue;
      line.points.emplace_back(load.mean(), time.mean());
      line.halves.push_back(time.half_interval());
    }
    line.marked = times.undone.marks(line.label);
    chart.lines.push_back(std::move(line));
  }
  choose_logarithms(chart);
  chart.foot = times.undone.sentences();
  chart.foot.push_back(fmt::format("a point each value of {}", axes[0].name));
  draw_lines(chart, out, options);
}

}  // namespace headway
