// One metric over what a sweep varied: lines over one axis, a panel of heat a policy over two. A point is the mean over
// seeds, with Student's 95 % interval where there are several.
#include <fmt/format.h>

#include <algorithm>

#include "plots/lines.h"
#include "plots/swept.h"

namespace headway {

namespace {

void draw_as_lines(const std::vector<PlottedRun>& runs, const std::vector<SweptAxis>& axes, const DisplayUnit& unit,
                   const std::filesystem::path& out, const FigureOptions& options) {
  const SweptAxis& x = axes[0];
  Grid grid(x.values.size());
  for (const PlottedRun& run : runs) {
    std::string label = swept_label(run);
    if (axes.size() > 1) label += fmt::format(", {} {}", axes[1].name, value_at(run, axes[1].name));
    grid.add(label, x.place(value_at(run, x.name)), value_of(run, options.metric, options.selection) / unit.size,
             run.result);
  }
  LineChart chart;
  chart.x_title = x.name;
  chart.y_title = metric_title(options, unit);
  chart.every_point = true;
  if (!x.numbers) chart.x_names = x.values;
  if (x.numbers) {
    const double low = *number_of(x.values.front()), high = *number_of(x.values.back());
    chart.x_logarithmic = low > 0 && high > 30 * low;
  }
  for (const SweptSeries& series : grid.series) {
    Line line{series.label, {}};
    for (std::size_t place = 0; place < x.values.size(); ++place) {
      const Sample& sample = series.samples[place];
      if (sample.values.empty()) continue;
      line.points.emplace_back(x.numbers ? *number_of(x.values[place]) : static_cast<double>(place), sample.mean());
      line.halves.push_back(sample.half_interval());
    }
    if (std::ranges::all_of(line.halves, [](double half) { return half == 0; })) line.halves.clear();
    line.marked = grid.undone.marks(series.label);
    chart.lines.push_back(std::move(line));
  }
  chart.foot = grid.undone.sentences();
  draw_lines(chart, out, options);
}

}  // namespace

void draw_sweep(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = sweep_runs(runs, options);
  hold_metric(options);
  hold_values(good, options.metric, options.selection);
  const std::vector<SweptAxis> axes = chosen_axes(good, options);
  const DisplayUnit unit = unit_of(good, options.metric, options.selection);
  const bool heat = axes.size() == 2 && !options.lines;
  (heat ? draw_heat : draw_as_lines)(good, axes, unit, out, options);
}

}  // namespace headway
