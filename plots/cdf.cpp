// Distributions over all reads of a run, on a logarithmic axis: how many went no further, took no longer, or took
// longer.
#include <cmath>
#include <functional>
#include <map>

#include "plots/distributions.h"
#include "plots/draw.h"
#include "plots/lines.h"
#include "plots/series.h"
#include "plots/undone.h"

namespace headway {

namespace {

constexpr double mib = 1024.0 * 1024, milliseconds = 1e-3;

// A head moves from one read to the next, whichever of them are selected.
std::vector<double> seek_distances_mib(const PlottedRun& run, const Selection& selection) {
  Selection devices = selection;
  devices.time_s.reset();
  devices.offset_gib.reset();
  std::map<std::uint64_t, std::uint64_t> last_end;  // by device
  std::vector<double> distances;
  for (const TracedRead& read : selected_run(run, devices).reads) {
    const auto [place, first] = last_end.try_emplace(read.device, 0);
    if (!first && selection.has_time(read.end_s) && selection.has_offset(read.physical))
      distances.push_back(std::abs(static_cast<double>(read.physical) - static_cast<double>(place->second)) / mib);
    place->second = read.physical + read.bytes;
  }
  return distances;
}

std::vector<double> latencies_ms(const PlottedRun& run, const Selection& selection) {
  std::vector<double> latencies;
  for (const TracedRead& read : selected_run(run, selection).reads) {
    if (read.error <= 0) latencies.push_back(read.latency_s() / milliseconds);
  }
  return latencies;
}

using ValuesOf = std::vector<double> (*)(const PlottedRun& run, const Selection& selection);

struct Titles {
  const char *x, *y, *failed_reads;  // what is said of these where there are any
};

LineChart chart_of(Runs runs, const FigureOptions& options, ValuesOf values_of, Tail side, const Titles& titles) {
  LineChart chart;
  chart.x_title = titles.x;
  chart.y_title = titles.y;
  chart.x_logarithmic = true;
  if (side == Tail::below) chart.y_high = 100;
  Undone undone;
  double least = 100;
  for (const Series& series : series_of(runs, options)) {
    std::vector<std::vector<double>> replicates;
    for (const PlottedRun& run : series.runs) {
      undone.add(series.label, run.result);
      replicates.push_back(values_of(run, options.selection));
    }
    Line line = distribution_line(series.label, std::move(replicates), series.looks(), side);
    line.marked = series.marked;
    for (const auto& [x, y] : line.points) least = std::min(least, y);
    chart.lines.push_back(std::move(line));
  }
  if (side == Tail::above) chart.y_low = std::pow(10, std::floor(std::log10(least) - 1e-9));
  chart.foot = undone.sentences();
  if (!chart.foot.empty() && titles.failed_reads != nullptr) chart.foot.emplace_back(titles.failed_reads);
  return chart;
}

void draw_distributions(Runs runs, const std::filesystem::path& out, const FigureOptions& options, ValuesOf values_of,
                        Tail side, const Titles& titles) {
  draw_lines(charts_of(runs, options,
                       [&](Runs part, const FigureOptions& of_part) {
                         return chart_of(part, of_part, values_of, side, titles);
                       }),
             out, options);
}

constexpr const char* without_failed = "Of reads that brought data; failed ones are left out.";

}  // namespace

void draw_seek_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  draw_distributions(runs, out, options, seek_distances_mib, Tail::below,
                     {"head moved at most (MiB)", "reads (%)", nullptr});
}

void draw_latency_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  draw_distributions(runs, out, options, latencies_ms, Tail::below,
                     {"read took at most (ms)", "reads (%)", without_failed});
}

void draw_latency_tail(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  draw_distributions(runs, out, options, latencies_ms, Tail::above,
                     {"read took longer than (ms)", "reads (%)", without_failed});
}

}  // namespace headway
