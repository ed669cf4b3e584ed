// How long reads took over the run: of those that ended within each stretch of time, the mean or a percentile.
// Stretches in which none ended have no point.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "plots/draw.h"
#include "plots/lines.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::size_t stretches = 60;  // of the axis

struct Statistic {
  MetricId metric;
  double part;  // of the values that are at most so large; 0: their mean
};
constexpr std::array<Statistic, 5> statistics = {{{MetricId::latency_s_mean, 0},
                                                  {MetricId::latency_s_p50, 0.5},
                                                  {MetricId::latency_s_p95, 0.95},
                                                  {MetricId::latency_s_p99, 0.99},
                                                  {MetricId::latency_s_max, 1}}};

const Statistic& statistic_of(const FigureOptions& options) {
  if (options.metric == MetricId::elapsed_s) return statistics[0];
  const auto found = std::ranges::find(statistics, options.metric, &Statistic::metric);
  if (found != statistics.end()) return *found;
  std::string known;
  for (const Statistic& each : statistics)
    known += fmt::format("{}{}", known.empty() ? "" : ", ", metric(each.metric).name);
  throw InputError("", "--metric", "how long reads took: " + known, fmt::format("\"{}\"", metric(options.metric).name));
}

// Nearest rank; NaN of none.
double value_of(std::vector<double>& values, const Statistic& statistic) {
  if (values.empty()) return NAN;
  if (statistic.part == 0)
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::ceil(statistic.part * static_cast<double>(values.size())));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, rank) - 1);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

// By stretch.
std::vector<double> course_of(const TracedRun& run, const ValueRange& time, const Statistic& statistic) {
  std::vector<std::vector<double>> latencies(stretches);
  for (const TracedRead& read : run.reads) {
    const double part = (read.end_s - time.low) / (time.high - time.low);
    if (read.error > 0 || part < 0) continue;
    const auto stretch = static_cast<std::size_t>(part * static_cast<double>(stretches));
    latencies[std::min(stretch, stretches - 1)].push_back(read.latency_s());
  }
  std::vector<double> course;
  for (std::vector<double>& values : latencies) course.push_back(value_of(values, statistic));
  return course;
}

LineChart chart_of(Runs runs, const FigureOptions& options, const ValueRange& time, const Statistic& statistic) {
  LineChart chart;
  Undone undone;
  for (const Series& series : series_of(runs, options)) {
    std::vector<std::vector<double>> values(stretches);
    for (const PlottedRun& run : series.runs) {
      undone.add(series.label, run.result);
      const std::vector<double> course = course_of(selected_run(run, options.selection), time, statistic);
      for (std::size_t i = 0; i < stretches; ++i) {
        if (std::isfinite(course[i])) values[i].push_back(course[i]);
      }
    }
    std::vector<double> at;
    std::vector<std::vector<double>> there;
    for (std::size_t i = 0; i < stretches; ++i) {
      if (values[i].empty()) continue;
      at.push_back(time.low + (static_cast<double>(i) + 0.5) / double{stretches} * (time.high - time.low));
      there.push_back(std::move(values[i]));
    }
    MeanCourse mean = mean_course(at, there, series.looks());
    chart.lines.push_back({series.label, std::move(mean.points), std::move(mean.halves), series.marked});
  }
  chart.foot = undone.sentences();
  chart.foot.push_back(
      fmt::format("of the reads that ended within each {} s", plain_text((time.high - time.low) / stretches, 2)));
  return chart;
}

}  // namespace

void draw_latency(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const Statistic& statistic = statistic_of(options);
  ValueRange time{0, 0};
  for (const PlottedRun& run : good_runs(runs)) {
    for (const TracedRead& read : selected_run(run, options.selection).reads)
      time.high = std::max(time.high, read.end_s);
  }
  if (options.selection.time_s) time.low = std::max(options.selection.time_s->low, 0.0);
  if (!(time.low < time.high)) throw InputError(out.string(), "", "something to draw: a run with reads", "none");
  std::vector<LineChart> charts = charts_of(
      runs, options, [&](Runs part, const FigureOptions& of_part) { return chart_of(part, of_part, time, statistic); });
  double least = INFINITY, largest = 0;
  for (const LineChart& chart : charts) {
    for (const Line& line : chart.lines) {
      for (const auto& [t, latency] : line.points) {
        if (latency > 0) least = std::min(least, latency);
        largest = std::max(largest, latency);
      }
    }
  }
  const DisplayUnit unit = display_unit(statistic.metric, largest);
  constexpr double most_ratio = 30;  // of what shows on a linear axis
  for (LineChart& chart : charts) {
    chart.x_title = "time (s)";
    chart.y_title = axis_title(statistic.metric, unit.name);
    if (largest > most_ratio * least) chart.y_low = std::pow(10, std::floor(std::log10(least / unit.size)));
    for (Line& line : chart.lines) {
      for (auto& [t, latency] : line.points) latency /= unit.size;
      for (double& half : line.halves) half /= unit.size;
    }
  }
  draw_lines(std::move(charts), out, options);
}

}  // namespace headway
