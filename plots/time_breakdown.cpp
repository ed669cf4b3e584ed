// What a drive's time went into, as parts of the run: bars of equal length compare drives, the note says how long it
// was.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/series.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::size_t most_bars = 72;  // in a panel; beyond it, one bar a policy

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

// The mean over a series' runs: of the whole, or of a device.
MetricValues mean_of(const Series& series, const std::uint64_t* devid) {
  MetricValues mean;
  for (const Metric& each : metrics()) {
    double sum = 0;
    for (const PlottedRun& run : series.runs) {
      if (devid == nullptr) {
        sum += run.result.metrics[each.id];
        continue;
      }
      const auto device = std::ranges::find(run.result.devices, *devid, &DeviceResult::devid);
      sum += device == run.result.devices.end() ? std::nan("") : device->metrics[each.id];
    }
    mean[each.id] = sum / static_cast<double>(series.runs.size());
  }
  return mean;
}

std::vector<std::uint64_t> devices_of(const Series& series, const Selection& selection) {
  std::vector<std::uint64_t> devids;
  for (const DeviceResult& device : series.runs.front().result.devices) {
    if (selection.has_device(device.devid)) devids.push_back(device.devid);
  }
  return devids;
}

BarChart chart_of(Runs runs, const FigureOptions& options, bool by_device) {
  BarChart chart;
  chart.x_title = "share of the run (%)";
  chart.x_high = 100;
  chart.part_names = {"seek", "rotation", "transfer", "other", "idle"};
  chart.part_colours = {"#0B3C5D", "#D55E00", "#56B4E9", "#F0E442", "#FFFFFF"};  // each lighter in grey than the last
  Undone undone;
  bool means = false;
  std::size_t group = 0;
  for (const Series& series : series_of(runs, options)) {
    for (const PlottedRun& run : series.runs) undone.add(series.label, run.result);
    means = means || series.runs.size() > 1;
    const std::vector<std::uint64_t> devids = devices_of(series, options.selection);
    if (!by_device)
      chart.bars.push_back(bar_of(series.label, mean_of(series, nullptr),
                                  static_cast<double>(series.runs.front().result.devices.size())));
    for (const std::uint64_t devid : by_device ? devids : std::vector<std::uint64_t>{}) {
      const std::string label =
          options.facet == Facet::device ? series.label : fmt::format("{}, dev {}", series.label, devid);
      chart.bars.push_back(bar_of(label, mean_of(series, &devid), 1));
      chart.bars.back().group = options.facet == Facet::device ? 0 : group;
      chart.bars.back().marked = series.marked;
    }
    if (!by_device) chart.bars.back().marked = series.marked;
    ++group;
  }
  if (means) chart.foot.emplace_back("means over seeds");
  if (!by_device) chart.foot.emplace_back("each bar the mean of its drives (--device shows one)");
  for (std::string& sentence : undone.sentences()) chart.foot.push_back(std::move(sentence));
  return chart;
}

}  // namespace

void draw_time_breakdown(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<PlottedRun> good = good_runs(runs);
  hold_values(good, MetricId::seek_time_s);  // a measured run has none: its drives do not tell
  std::erase_if(good, [](const PlottedRun& run) { return std::isnan(run.result.metrics[MetricId::seek_time_s]); });
  std::vector<BarChart> charts;
  for (const Part& part : parts_of(good, options)) {
    std::size_t bars = 0;
    for (const Series& series : series_of(part.runs, part.options))
      bars += devices_of(series, part.options.selection).size();
    charts.push_back(chart_of(part.runs, part.options, bars <= most_bars));
    charts.back().title = part.title;
  }
  draw_bars(std::move(charts), out, options);
}

}  // namespace headway
