// One metric of all policies: the mean over seeds, with the 95 % interval of that mean where there are several.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plots/bars.h"
#include "plots/draw.h"
#include "plots/sample.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

void draw_compare(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<Sample> samples;
  Undone undone;
  double largest = 0;
  const std::vector<PlottedRun> good = good_runs(runs);
  hold_values(good, options.metric);
  for (const PlottedRun& run : good) {
    const double value = run.result.metrics[options.metric];
    if (!std::isfinite(value)) continue;
    const std::string name = label_without_seed(run);
    auto sample = std::ranges::find(samples, name, &Sample::label);
    if (sample == samples.end()) sample = samples.insert(samples.end(), {name, {}, run.looks});
    sample->values.push_back(value);
    undone.add(name, run.result);
    largest = std::max(largest, std::abs(value));
  }
  const Metric& chosen = metric(options.metric);
  const DisplayUnit unit = display_unit(options.metric, largest);
  BarChart chart;
  chart.x_title = axis_title(options.metric, unit.name);
  chart.part_names = {""};
  chart.part_colours = {"#56B4E9"};  // light enough for the interval upon it
  for (const Sample& sample : samples) {
    const double mean = sample.mean() / unit.size, half = sample.half_interval() / unit.size;
    Bar bar;
    bar.label = sample.label;
    bar.marked = undone.marks(sample.label);
    bar.parts = {mean};
    bar.low = mean - half;
    bar.high = mean + half;
    bar.note = figure_text(mean, half, chosen.is_count);
    chart.bars.push_back(std::move(bar));
  }
  chart.foot = undone.sentences();
  draw_bars(chart, out, options);
}

}  // namespace headway
