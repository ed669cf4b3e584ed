// Cumulative distributions over all reads of a run, on a logarithmic axis.
#include <algorithm>
#include <cmath>
#include <map>

#include "plots/draw.h"
#include "plots/lines.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

constexpr double mib = 1024.0 * 1024, milliseconds = 1e-3;

// `values` as a line from 0 to 100 %; values of 0 are where a logarithmic axis begins.
Line distribution(const std::string& label, std::vector<double> values) {
  constexpr std::size_t most_points = 800;
  Line line{label, {}};
  std::ranges::sort(values);
  const auto first_positive = static_cast<std::size_t>(std::ranges::upper_bound(values, 0.0) - values.begin());
  const double count = static_cast<double>(values.size());
  const std::size_t step = std::max<std::size_t>(1, values.size() / most_points);
  for (std::size_t i = first_positive; i < values.size(); i += step) {
    line.points.emplace_back(values[i], 100 * static_cast<double>(i + 1) / count);
  }
  if (!values.empty() && values.back() > 0) line.points.emplace_back(values.back(), 100);
  return line;
}

std::vector<double> seek_distances_mib(const TracedRun& run) {
  std::map<std::uint64_t, std::uint64_t> last_end;  // by device
  std::vector<double> distances;
  for (const TracedRead& read : run.reads) {
    const auto [place, first] = last_end.try_emplace(read.device, 0);
    if (!first) {
      distances.push_back(std::abs(static_cast<double>(read.physical) - static_cast<double>(place->second)) / mib);
    }
    place->second = read.physical + read.bytes;
  }
  return distances;
}

template <typename F>
LineChart chart_of(Runs runs, const F& values_of) {
  LineChart chart;
  chart.y_title = "reads (%)";
  chart.x_logarithmic = true;
  chart.y_high = 100;
  for (const PlottedRun& run : good_runs(runs)) {
    chart.lines.push_back(distribution(run.label, values_of(read_run(trace_of(run)))));
  }
  return chart;
}

}  // namespace

void draw_seek_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, seek_distances_mib);
  chart.x_title = "head moved at most (MiB)";
  draw_lines(chart, out, options);
}

void draw_latency_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  LineChart chart = chart_of(runs, [](const TracedRun& run) {
    std::vector<double> latencies;
    for (const TracedRead& read : run.reads) latencies.push_back(read.latency_s() / milliseconds);
    return latencies;
  });
  chart.x_title = "read took at most (ms)";
  draw_lines(chart, out, options);
}

}  // namespace headway
