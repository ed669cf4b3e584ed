// Metrics over time, from interval files, or from the trace where a run has only that, in the steps of course.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/draw.h"
#include "plots/lines.h"
#include "plots/undone.h"
#include "results/metrics/units.h"
#include "results/trace/course.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

Intervals intervals_of(const PlottedRun& run) {
  if (std::filesystem::exists(run.intervals)) return read_intervals(run.intervals);
  return intervals_of(read_run(trace_of(run)));
}

LineChart chart_of(Runs runs, Shown shown) {
  const std::vector<PlottedRun> good = good_runs(runs);
  std::vector<Intervals> intervals;
  for (const PlottedRun& run : good) intervals.push_back(intervals_of(run));
  const TimeAxis axis = time_axis(intervals);
  LineChart chart;
  chart.x_title = axis.logarithmic ? "time (s), logarithmic" : "time (s)";
  chart.x_logarithmic = axis.logarithmic;
  chart.steps = true;
  Undone undone;
  for (std::size_t i = 0; i < good.size(); ++i) {
    undone.add(good[i].label, good[i].result);
    chart.lines.push_back({.label = good[i].label,
                           .points = course_of(intervals[i], axis, shown),
                           .marked = left_something(good[i].result)});
  }
  chart.foot = undone.sentences();
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
  LineChart chart = chart_of(runs, shown_throughput);
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
  LineChart chart = chart_of(runs, shown_seeks);
  chart.y_title = "seeks a second";
  choose_y_axis(chart);
  draw_lines(chart, out, options);
}

void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, shown_in_flight);
  chart.y_title = "reads in flight, all drives";
  choose_y_axis(chart);
  draw_lines(chart, out, options);
}

}  // namespace headway
