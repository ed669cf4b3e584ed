// Metrics over time, from interval files, or from the trace where a run has only that, in the steps of course.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "plots/draw.h"
#include "plots/lines.h"
#include "plots/series.h"
#include "plots/undone.h"
#include "results/metrics/units.h"
#include "results/trace/course.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

// The windows of the devices that are selected: sums over them. Empty where they were idle throughout.
Intervals of_devices(Intervals all, const Selection& selection) {
  constexpr std::array<MetricId, 3> sums = {MetricId::throughput_bytes_per_s, MetricId::seeks,
                                            MetricId::in_flight_mean};
  if (selection.devices.empty()) return all;
  for (std::size_t w = 0; w < all.windows(); ++w) {
    for (const MetricId id : sums) {
      all.run[w][id] = 0;
      for (std::size_t device = 0; device < all.devids.size(); ++device) {
        if (selection.has_device(all.devids[device])) all.run[w][id] += all.devices[device][w][id];
      }
    }
  }
  return all;
}

Intervals intervals_of(const PlottedRun& run, const Selection& selection) {
  if (std::filesystem::exists(run.intervals)) return of_devices(read_intervals(run.intervals), selection);
  return of_devices(intervals_of(read_run(trace_of(run))), selection);
}

// The value at each of `at`; none after its end.
std::vector<double> values_at(const std::vector<std::pair<double, double>>& course, const std::vector<double>& at) {
  std::vector<double> values;
  auto point = course.begin();
  for (const double t : at) {
    while (point != course.end() && point->first <= t) ++point;
    values.push_back(point == course.begin() ? 0 : std::prev(point)->second);
  }
  return values;
}

// Places on the axis, as close as a course's steps.
std::vector<double> places_on(const TimeAxis& axis) {
  constexpr int steps = 100;
  std::vector<double> places;
  for (int i = 0; i <= steps; ++i) {
    const double part = i / double{steps};
    places.push_back(axis.logarithmic ? axis.low_s * std::pow(axis.high_s / axis.low_s, part)
                                      : axis.low_s + part * (axis.high_s - axis.low_s));
  }
  return places;
}

TimeAxis axis_of(const std::vector<Intervals>& intervals, const Selection& selection) {
  const TimeAxis axis = time_axis(intervals);
  if (!selection.time_s) return axis;
  const double low = std::max(selection.time_s->low, 0.0), high = std::min(selection.time_s->high, axis.high_s);
  if (!(low < high))
    throw InputError("", "--time", fmt::format("a time within the runs, up to {:g} s", axis.high_s),
                     fmt::format("{:g}..{:g}", low, selection.time_s->high));
  return {false, low, high};
}

LineChart chart_of(Runs runs, const FigureOptions& options, const TimeAxis& axis, Shown shown) {
  LineChart chart;
  chart.x_title = axis.logarithmic ? "time (s), logarithmic" : "time (s)";
  chart.x_logarithmic = axis.logarithmic;
  chart.steps = true;
  Undone undone;
  bool means = false;
  for (const Series& series : series_of(runs, options)) {
    Line line{series.label, {}};
    line.marked = series.marked;
    std::vector<std::vector<std::pair<double, double>>> courses;
    for (const PlottedRun& run : series.runs) {
      undone.add(series.label, run.result);
      courses.push_back(course_of(intervals_of(run, options.selection), axis, shown));
    }
    means = means || courses.size() > 1;
    if (courses.size() == 1) {
      line.points = std::move(courses.front());
    } else {
      const std::vector<double> places = places_on(axis);
      std::vector<std::vector<double>> values(places.size());
      for (const auto& course : courses) {
        const std::vector<double> of_one = values_at(course, places);
        for (std::size_t i = 0; i < places.size(); ++i) values[i].push_back(of_one[i]);
      }
      MeanCourse mean = mean_course(places, values, series.looks());
      line.points = std::move(mean.points);
      line.halves = std::move(mean.halves);
    }
    chart.lines.push_back(std::move(line));
  }
  chart.foot = undone.sentences();
  if (means) chart.foot.emplace_back("a run that has ended counts as 0");
  return chart;
}

std::vector<LineChart> charts_over_time(Runs runs, FigureOptions& options, Shown shown) {
  std::vector<Intervals> all;
  for (const PlottedRun& run : good_runs(runs)) all.push_back(intervals_of(run, {}));
  const TimeAxis axis = axis_of(all, options.selection);
  if (options.selection.time_s && !options.x_range) options.x_range = ValueRange{axis.low_s, axis.high_s};
  return charts_of(runs, options,
                   [&](Runs part, const FigureOptions& of_part) { return chart_of(part, of_part, axis, shown); });
}

// Where one run's values are many times another's, both show only on a logarithmic axis.
void choose_y_axis(std::vector<LineChart>& charts) {
  constexpr double most_ratio = 40;
  double least = INFINITY, largest = 0;
  for (const LineChart& chart : charts) {
    for (const Line& line : chart.lines) {
      double highest = 0;
      for (const auto& [x, y] : line.points) highest = std::max(highest, y);
      if (highest > 0) least = std::min(least, highest);
      largest = std::max(largest, highest);
    }
  }
  if (!(largest > most_ratio * least)) return;
  for (LineChart& chart : charts) chart.y_low = std::pow(10, std::floor(std::log10(least / 2)));
}

void draw_course(std::vector<LineChart> charts, const std::string& y_title, const std::filesystem::path& out,
                 const FigureOptions& options) {
  for (LineChart& chart : charts) chart.y_title = y_title;
  choose_y_axis(charts);
  draw_lines(std::move(charts), out, options);
}

}  // namespace

void draw_throughput(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  std::vector<LineChart> charts = charts_over_time(runs, options, shown_throughput);
  double largest = 0;
  for (const LineChart& chart : charts) {
    for (const Line& line : chart.lines) {
      for (const auto& [x, y] : line.points) largest = std::max(largest, y);
    }
  }
  const DisplayUnit unit = display_unit(MetricId::throughput_bytes_per_s, largest);
  for (LineChart& chart : charts) {
    for (Line& line : chart.lines) {
      for (auto& [x, y] : line.points) y /= unit.size;
      for (double& half : line.halves) half /= unit.size;
    }
  }
  draw_course(std::move(charts), fmt::format("throughput ({})", unit.name), out, options);
}

void draw_seeks(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  std::vector<LineChart> charts = charts_over_time(runs, options, shown_seeks);
  draw_course(std::move(charts), "seeks a second", out, options);
}

void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& asked) {
  FigureOptions options = asked;
  std::vector<LineChart> charts = charts_over_time(runs, options, shown_in_flight);
  const bool some = !options.selection.devices.empty() || options.facet == Facet::device;
  draw_course(std::move(charts), some ? "reads in flight" : "reads in flight, all drives", out, options);
}

}  // namespace headway
