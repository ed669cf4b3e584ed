// Metrics over time, from interval files, or from the trace where a run has only that.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/draw.h"
#include "plots/lines.h"
#include "results/intervals.h"
#include "results/units.h"

namespace headway {

namespace {

// Few enough windows that a line shows its course and not its noise.
constexpr std::size_t most_windows = 128;

Intervals intervals_of(const PlottedRun& run) {
  if (std::filesystem::exists(run.intervals)) return read_intervals(run.intervals);
  return intervals_of(read_run(trace_of(run)));
}

// The mean of `value` over groups of windows, weighted by how long they last, as steps from each group's start.
template <typename F>
Line line_of(const PlottedRun& run, const F& value) {
  const Intervals intervals = intervals_of(run);
  Line line{run.label, {}};
  const std::size_t group = (intervals.windows() + most_windows - 1) / most_windows;
  double last = 0;
  for (std::size_t first = 0; first < intervals.windows(); first += group) {
    double sum = 0, seconds = 0;
    for (std::size_t w = first; w < std::min(first + group, intervals.windows()); ++w) {
      const double length_s = intervals.run[w][MetricId::elapsed_s];
      sum += value(intervals.run[w]) * length_s;
      seconds += length_s;
    }
    last = seconds > 0 ? sum / seconds : 0;
    line.points.emplace_back(intervals.start_s(first), last);
  }
  if (intervals.windows() > 0) {
    line.points.emplace_back(intervals.end_s, last);
    line.points.emplace_back(intervals.end_s, 0);  // then it is over
  }
  return line;
}

template <typename F>
LineChart chart_of(Runs runs, const F& value) {
  LineChart chart;
  chart.x_title = "time (s)";
  chart.steps = true;
  for (const PlottedRun& run : good_runs(runs)) chart.lines.push_back(line_of(run, value));
  return chart;
}

}  // namespace

void draw_throughput(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const MetricValues& v) { return v[MetricId::throughput_bytes_per_s]; });
  double largest = 0;
  for (const Line& line : chart.lines) {
    for (const auto& [x, y] : line.points) largest = std::max(largest, y);
  }
  const DisplayUnit unit = display_unit(MetricId::throughput_bytes_per_s, largest);
  for (Line& line : chart.lines) {
    for (auto& [x, y] : line.points) y /= unit.size;
  }
  chart.y_title = fmt::format("throughput ({})", unit.name);
  draw_lines(chart, out, options);
}

void draw_seeks(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const MetricValues& v) {
    return v[MetricId::elapsed_s] > 0 ? v[MetricId::seeks] / v[MetricId::elapsed_s] : 0;
  });
  chart.y_title = "seeks a second";
  draw_lines(chart, out, options);
}

void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const MetricValues& v) { return v[MetricId::in_flight_mean]; });
  chart.y_title = "reads in flight, all drives";
  draw_lines(chart, out, options);
}

}  // namespace headway
