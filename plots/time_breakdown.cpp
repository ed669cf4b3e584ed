// What a drive's time went into, as parts of the run: bars of equal length compare drives, the note says how long it
// was.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::size_t most_bars = 72;  // beyond it, one bar a run

Bar bar_of(const std::string& label, const MetricValues& v, double devices) {
  using enum MetricId;
  const double percent = 100 / (v[elapsed_s] > 0 ? v[elapsed_s] * devices : 1);
  const double seek = v[seek_time_s] * percent, rotation = v[rotation_time_s] * percent;
  const double transfer = v[transfer_time_s] * percent, idle = v[idle_time_s] * percent;
  Bar bar;
  bar.label = label;
  bar.parts = {seek, rotation, transfer, std::max(0.0, 100 - seek - rotation - transfer - idle), idle};
  bar.note = value_text(elapsed_s, v[elapsed_s]);
  return bar;
}

}  // namespace

void draw_time_breakdown(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<PlottedRun> good = good_runs(runs);
  hold_values(good, MetricId::seek_time_s);  // a measured run has none: its drives do not tell
  std::erase_if(good, [](const PlottedRun& run) { return std::isnan(run.result.metrics[MetricId::seek_time_s]); });
  BarChart chart;
  chart.x_title = "share of the run (%)";
  chart.x_high = 100;
  chart.part_names = {"seek", "rotation", "transfer", "other", "idle"};
  chart.part_colours = {"#0B3C5D", "#D55E00", "#56B4E9", "#F0E442", "#FFFFFF"};  // each lighter in grey than the last
  Undone undone;
  for (const PlottedRun& run : good) undone.add(run.label, run.result);
  chart.foot = undone.sentences();
  std::size_t bars = 0;
  for (const PlottedRun& run : good) bars += run.result.devices.size();
  for (std::size_t group = 0; group < good.size(); ++group) {
    const RunResult& result = good[group].result;
    if (bars > most_bars) {
      chart.bars.push_back(bar_of(good[group].label, result.metrics, static_cast<double>(result.devices.size())));
      chart.bars.back().marked = left_something(result);
      continue;
    }
    for (const DeviceResult& device : result.devices) {
      chart.bars.push_back(bar_of(fmt::format("{}, dev {}", good[group].label, device.devid), device.metrics, 1));
      chart.bars.back().group = group;
      chart.bars.back().marked = left_something(result);
    }
  }
  draw_bars(chart, out, options);
}

}  // namespace headway
