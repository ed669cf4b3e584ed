// Cumulative distributions over all reads of a run, on a logarithmic axis.
#include <cmath>
#include <map>

#include "plots/distributions.h"
#include "plots/draw.h"
#include "plots/lines.h"
#include "plots/undone.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

constexpr double mib = 1024.0 * 1024, milliseconds = 1e-3;

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
  std::vector<Distribution> all;
  std::vector<bool> marked;
  Undone undone;
  for (const PlottedRun& run : good_runs(runs)) {
    all.push_back({run.label, values_of(read_run(trace_of(run)))});
    marked.push_back(left_something(run.result));
    undone.add(run.label, run.result);
  }
  LineChart chart = distributions_chart(std::move(all), "reads (%)");
  for (std::size_t i = 0; i < chart.lines.size(); ++i) chart.lines[i].marked = marked[i];
  chart.foot = undone.sentences();
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
    for (const TracedRead& read : run.reads) {
      if (read.error <= 0) latencies.push_back(read.latency_s() / milliseconds);
    }
    return latencies;
  });
  if (!chart.foot.empty()) chart.foot.emplace_back("Of reads that brought data; failed ones are left out.");
  chart.x_title = "read took at most (ms)";
  draw_lines(chart, out, options);
}

}  // namespace headway
