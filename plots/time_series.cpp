// Metrics over time, from interval files, or from the trace where a run has only that.
//
// Where one run takes many times as long as another, the axis of time is logarithmic: on a linear one the fast run
// would be a stroke at its left end. A step is never narrower than the eye can follow.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/draw.h"
#include "plots/lines.h"
#include "results/metrics/units.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

Intervals intervals_of(const PlottedRun& run) {
  if (std::filesystem::exists(run.intervals)) return read_intervals(run.intervals);
  return intervals_of(read_run(trace_of(run)));
}

struct TimeAxis {
  bool logarithmic = false;
  double low_s = 0, high_s = 1;

  // From 0 to 1.
  double place(double t) const {
    if (!logarithmic) return t / high_s;
    return t <= low_s ? 0 : std::log(t / low_s) / std::log(high_s / low_s);
  }
};

TimeAxis axis_for(const std::vector<Intervals>& runs) {
  constexpr double most_ratio = 8;         // of the longest run to the shortest, on a linear axis
  constexpr double shortest_shown = 0.05;  // of the shortest run, on a logarithmic one
  double shortest_s = INFINITY, longest_s = 0;
  for (const Intervals& run : runs) {
    if (run.end_s > 0) shortest_s = std::min(shortest_s, run.end_s);
    longest_s = std::max(longest_s, run.end_s);
  }
  if (!(longest_s > 0)) return {};
  if (longest_s <= most_ratio * shortest_s) return {false, 0, longest_s};
  return {true, shortest_shown * shortest_s, longest_s};
}

// The mean of `value` over as many windows as make a step that can be seen, as steps from each one's start.
template <typename F>
Line line_of(const std::string& label, const Intervals& intervals, const TimeAxis& axis, const F& value) {
  constexpr double least_step = 1.0 / 100;  // of the axis
  Line line{label, {}};
  double last = 0;
  for (std::size_t first = 0, w = 0; first < intervals.windows(); first = w) {
    double sum = 0, seconds = 0;
    do {
      const double length_s = intervals.run[w][MetricId::elapsed_s];
      sum += value(intervals.run[w]) * length_s;
      seconds += length_s;
      ++w;
    } while (w < intervals.windows() &&
             axis.place(intervals.start_s(w)) - axis.place(intervals.start_s(first)) < least_step);
    last = seconds > 0 ? sum / seconds : 0;
    line.points.emplace_back(std::max(intervals.start_s(first), axis.low_s), last);
  }
  if (intervals.windows() > 0) {
    line.points.emplace_back(intervals.end_s, last);
    line.points.emplace_back(intervals.end_s, 0);  // then it is over
  }
  return line;
}

template <typename F>
LineChart chart_of(Runs runs, const F& value) {
  const std::vector<PlottedRun> good = good_runs(runs);
  std::vector<Intervals> intervals;
  for (const PlottedRun& run : good) intervals.push_back(intervals_of(run));
  const TimeAxis axis = axis_for(intervals);
  LineChart chart;
  chart.x_title = axis.logarithmic ? "time (s), logarithmic" : "time (s)";
  chart.x_logarithmic = axis.logarithmic;
  chart.steps = true;
  for (std::size_t i = 0; i < good.size(); ++i) {
    chart.lines.push_back(line_of(good[i].label, intervals[i], axis, value));
  }
  return chart;
}

// Where one run's values are many times another's, both show only on a logarithmic axis.
void choose_y_axis(LineChart& chart) {
  constexpr double most_ratio = 40;
  double least = INFINITY, largest = 0;
  for (const Line& line : chart.lines) {
    double highest = 0;
    for (const auto& [x, y] : line.points) highest = std::max(highest, y);
    if (highest > 0) least = std::min(least, highest);
    largest = std::max(largest, highest);
  }
  if (!(largest > most_ratio * least)) return;
  chart.y_low = std::pow(10, std::floor(std::log10(least / 2)));
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
  choose_y_axis(chart);
  draw_lines(chart, out, options);
}

void draw_seeks(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const MetricValues& v) {
    return v[MetricId::elapsed_s] > 0 ? v[MetricId::seeks] / v[MetricId::elapsed_s] : 0;
  });
  chart.y_title = "seeks a second";
  choose_y_axis(chart);
  draw_lines(chart, out, options);
}

void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const MetricValues& v) { return v[MetricId::in_flight_mean]; });
  chart.y_title = "reads in flight, all drives";
  choose_y_axis(chart);
  draw_lines(chart, out, options);
}

}  // namespace headway
