// How far from the best, and by what: the bound, and upon it what the bound does not cover of each part of the drives'
// time, up to the time that the run took.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "core/base/error.h"
#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/undone.h"
#include "results/files/gap_of_run.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

// Beyond it the shorter bars would show nothing beside the longest: then all have one length.
constexpr double longest_to_shortest = 8;

// A part that is less than this of every bar cannot be seen; its name in the key would promise what nobody finds.
constexpr double least_share = 2e-3;

// A policy's runs: sums over its seeds.
struct Sums {
  std::string label;
  int runs = 0;
  Gap gap;
  double mean(double sum) const { return sum / runs; }
};

void add(Sums& sums, const Gap& gap) {
  ++sums.runs;
  sums.gap.elapsed_s += gap.elapsed_s;
  sums.gap.bound_s += gap.bound_s;
  for (const auto& [part, name] : gap_parts) sums.gap.parts[part] += gap.parts[part];
}

Gap gap_of(const PlottedRun& run) {
  const std::filesystem::path& trace = trace_of(run);
  if (!run.layout) throw InputError(run.file, "", "the layout that was read (--layout FILE)", "none");
  return gap_of_run(run.result, trace, *run.layout->volume, *run.layout->forest, run.cpu);
}

constexpr std::array<const char*, gap_parts.size()> colours = {"#56B4E9", "#0B3C5D", "#D55E00", "#CC79A7",
                                                               "#F0E442", "#009E73", "#000000"};

// A bar each, of the parts that some have. A bar's unit is `unit_s`, or where that is 0, a hundredth of its length.
void add_bars(BarChart& chart, const std::vector<Sums>& all, double unit_s) {
  for (const Sums& sums : all) chart.bars.push_back({.label = sums.label, .parts = {}, .note = {}});
  const auto add_part = [&](std::string_view name, const char* colour, const auto& of) {
    const auto is_seen = [&](const Sums& sums) { return of(sums.gap) > least_share * sums.gap.elapsed_s; };
    if (std::ranges::none_of(all, is_seen)) return;
    chart.part_names.emplace_back(name);
    chart.part_colours.emplace_back(colour);
    for (std::size_t i = 0; i < all.size(); ++i)
      chart.bars[i].parts.push_back(unit_s > 0 ? all[i].mean(of(all[i].gap)) / unit_s
                                               : 100 * of(all[i].gap) / all[i].gap.elapsed_s);
  };
  add_part("bound", "#BBBBBB", [](const Gap& gap) { return gap.bound_s; });
  for (std::size_t i = 0; i < gap_parts.size(); ++i)
    add_part(gap_parts[i].name, colours[i], [part = gap_parts[i].part](const Gap& gap) { return gap.parts[part]; });
  for (std::size_t i = 0; i < all.size(); ++i)
    chart.bars[i].note = value_text(MetricId::elapsed_s, all[i].mean(all[i].gap.elapsed_s));
}

}  // namespace

void draw_gap(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<Sums> all;
  Undone undone;
  std::vector<std::string> foot = {
      "bound: no policy could be faster. The rest: what it does not cover of the drives' time, in their mean"};
  std::string file, first_without;
  for (const PlottedRun& run : good_runs(runs)) {
    const std::string& label = run.label;
    if (const std::string why = no_gap(run.result, run.measured); !why.empty()) {
      if (first_without.empty()) first_without = fmt::format("none ({}: {})", label, why);
      file = run.file;
      std::string sentence = fmt::format("not shown: {}, no bound: {}", label, why);
      if (std::ranges::find(foot, sentence) == foot.end()) foot.push_back(std::move(sentence));
      continue;
    }
    auto sums = std::ranges::find(all, label, &Sums::label);
    if (sums == all.end()) sums = all.insert(all.end(), {label, 0, {}});
    add(*sums, gap_of(run));
    undone.add(label, run.result);
  }
  if (all.empty()) throw InputError(file, "", "a run with a bound", first_without);

  const auto elapsed = [](const Sums& sums) { return sums.mean(sums.gap.elapsed_s); };
  const auto [shortest, longest] = std::ranges::minmax_element(all, {}, elapsed);
  const bool as_shares = elapsed(*longest) > longest_to_shortest * elapsed(*shortest);
  const DisplayUnit unit = display_unit(MetricId::elapsed_s, elapsed(*longest));
  BarChart chart;
  chart.x_title = as_shares ? "share of the run (%)" : axis_title(MetricId::elapsed_s, unit.name);
  if (as_shares) chart.x_high = 100;
  add_bars(chart, all, as_shares ? 0 : unit.size);
  if (std::ranges::any_of(all, [](const Sums& sums) { return sums.runs > 1; })) foot.emplace_back("means over seeds");
  for (Bar& bar : chart.bars) bar.marked = undone.marks(bar.label);
  std::ranges::move(undone.sentences(), std::back_inserter(foot));
  chart.foot = foot;
  draw_bars(chart, out, options);
}

}  // namespace headway
