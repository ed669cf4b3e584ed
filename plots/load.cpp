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

}  // namespace

void draw_load(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  options.metric = shown_metric(asked);
  hold_metric(options);
  const std::vector<PlottedRun> good = sweep_runs(runs, options);
  hold_values(good, options.metric, options.selection);
  hold_values(good, MetricId::reads_per_s, options.selection);
  const std::vector<SweptAxis> axes = chosen_axes(good, options);
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
  chart.foot = times.undone.sentences();
  chart.foot.push_back(fmt::format("a point each value of {}", axes[0].name));
  draw_lines(chart, out, options);
}

}  // namespace headway
