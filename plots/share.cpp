// How many reads each drive served, and of which copies: how evenly a policy uses mirrors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/series.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::size_t most_bars = 72;  // in a panel; beyond it, one bar a policy
constexpr std::size_t most_copies = 4;

// Reads by device, then by copy, in the mean of a series' runs.
using Counts = std::map<std::uint64_t, std::array<double, most_copies>>;

Counts counts_of(const Series& series, const Selection& selection) {
  Counts counts;
  for (const PlottedRun& run : series.runs) {
    const TracedRun traced = selected_run(run, selection);
    for (const Device& device : traced.header.devices) counts.try_emplace(device.devid);
    for (const TracedRead& read : traced.reads) {
      const std::size_t copy = std::clamp<std::size_t>(read.mirror, 1, most_copies) - 1;
      counts[read.device][copy] += 1 / static_cast<double>(series.runs.size());
    }
  }
  return counts;
}

struct Shares {
  Series series;
  Counts counts;
};

Bar bar_of(const std::string& label, const std::array<double, most_copies>& counts) {
  Bar bar;
  bar.label = label;
  bar.parts.assign(counts.begin(), counts.end());
  double sum = 0;
  for (const double count : counts) sum += count;
  bar.note = figure_text(sum, true);
  return bar;
}

BarChart chart_of(const std::vector<Shares>& all, const FigureOptions& options, bool by_device) {
  BarChart chart;
  chart.x_title = "reads";
  chart.part_colours = {"#0072B2", "#E69F00", "#009E73", "#CC79A7"};
  Undone undone;
  std::size_t copies = 1;
  bool means = false;
  for (std::size_t group = 0; group < all.size(); ++group) {
    const auto& [series, counts] = all[group];
    for (const PlottedRun& run : series.runs) undone.add(series.label, run.result);
    means = means || series.runs.size() > 1;
    std::array<double, most_copies> sum{};
    for (const auto& [devid, of_device] : counts) {
      for (std::size_t copy = 0; copy < most_copies; ++copy) {
        sum[copy] += of_device[copy];
        if (of_device[copy] > 0) copies = std::max(copies, copy + 1);
      }
      if (!by_device) continue;
      const bool is_title = options.facet == Facet::device;
      chart.bars.push_back(bar_of(is_title ? series.label : fmt::format("{}, dev {}", series.label, devid), of_device));
      chart.bars.back().group = is_title ? 0 : group;
      chart.bars.back().marked = series.marked;
    }
    if (by_device) continue;
    chart.bars.push_back(bar_of(series.label, sum));
    chart.bars.back().marked = series.marked;
  }
  for (std::size_t copy = 0; copy < copies; ++copy)
    chart.part_names.push_back(fmt::format("copy {}{}", copy + 1, copy + 1 == most_copies ? " and above" : ""));
  for (Bar& bar : chart.bars) bar.parts.resize(copies);
  if (means) chart.foot.emplace_back("means over seeds");
  if (!by_device) chart.foot.emplace_back("each bar all drives together (--device shows one)");
  for (std::string& sentence : undone.sentences()) chart.foot.push_back(std::move(sentence));
  return chart;
}

}  // namespace

void draw_share(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<BarChart> charts;
  for (const Part& part : parts_of(good_runs(runs), options)) {
    std::vector<Shares> all;
    std::size_t bars = 0;
    for (const Series& series : series_of(part.runs, part.options)) {
      all.push_back({series, counts_of(series, part.options.selection)});
      bars += all.back().counts.size();
    }
    charts.push_back(chart_of(all, part.options, bars <= most_bars));
    charts.back().title = part.title;
  }
  // One key for all panels.
  std::size_t parts = 0;
  for (const BarChart& chart : charts) parts = std::max(parts, chart.part_names.size());
  const auto whole = std::ranges::find(charts, parts, [](const BarChart& chart) { return chart.part_names.size(); });
  for (BarChart& chart : charts) {
    if (&chart != &*whole) chart.part_names = whole->part_names;
  }
  draw_bars(std::move(charts), out, options);
}

}  // namespace headway
