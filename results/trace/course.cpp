// See course.h.
#include "results/trace/course.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway {

double TimeAxis::place(double t) const {
  if (!logarithmic) return (t - low_s) / (high_s - low_s);
  return t <= low_s ? 0 : std::log(t / low_s) / std::log(high_s / low_s);
}

TimeAxis time_axis(std::span<const Intervals> runs) {
  constexpr double most_ratio = 8;         // of the longest run to the shortest, on a linear axis
  constexpr double shortest_shown = 0.05;  // of the shortest run, on a logarithmic one
  double shortest_s = std::numeric_limits<double>::infinity(), longest_s = 0;
  for (const Intervals& run : runs) {
    if (run.end_s > 0) shortest_s = std::min(shortest_s, run.end_s);
    longest_s = std::max(longest_s, run.end_s);
  }
  if (!(longest_s > 0)) return {};
  if (longest_s <= most_ratio * shortest_s) return {false, 0, longest_s};
  return {true, shortest_shown * shortest_s, longest_s};
}

double shown_throughput(const MetricValues& window) { return window[MetricId::throughput_bytes_per_s]; }

double shown_seeks(const MetricValues& window) {
  const double length_s = window[MetricId::elapsed_s];
  return length_s > 0 ? window[MetricId::seeks] / length_s : 0;
}

double shown_in_flight(const MetricValues& window) { return window[MetricId::in_flight_mean]; }

std::vector<std::pair<double, double>> course_of(const Intervals& run, const TimeAxis& axis, Shown shown) {
  constexpr double least_step = 1.0 / 100;  // of the axis
  std::vector<std::pair<double, double>> points;
  double last = 0;
  for (std::size_t first = 0, w = 0; first < run.windows(); first = w) {
    double sum = 0, seconds = 0;
    do {
      const double length_s = run.run[w][MetricId::elapsed_s];
      sum += shown(run.run[w]) * length_s;
      seconds += length_s;
      ++w;
    } while (w < run.windows() && axis.place(run.start_s(w)) - axis.place(run.start_s(first)) < least_step);
    last = seconds > 0 ? sum / seconds : 0;
    points.emplace_back(std::max(run.start_s(first), axis.low_s), last);
  }
  if (run.windows() == 0) return points;
  points.emplace_back(run.end_s, last);
  points.emplace_back(run.end_s, 0);  // then it is over
  return points;
}

}  // namespace headway
