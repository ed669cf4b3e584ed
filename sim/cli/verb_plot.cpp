// headway plot: figures from results and what lies beside them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/figure.h"
#include "results/files/sweep_table.h"
#include "sim/cli/output.h"
#include "sim/cli/plot_run.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct PlotArguments {
  std::vector<std::string> results;
  std::string kind, out, keep, metric = "elapsed_s";
  std::vector<std::filesystem::path> layout;
  std::vector<std::string> at;
  std::string time_axes;
  FigureOptions figure;
};

// What has changed since, also where the figure does not need it, and what of the work was not done.
void say_notes(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const bool is_sweep = is_sweep_table(path);
    const std::filesystem::path record = results_file(path).parent_path() / "sweep.json";
    if (is_sweep && !std::filesystem::exists(record)) continue;  // an older one
    const Results results = read_results(is_sweep ? record : std::filesystem::path(path));
    for (const auto& sentence : changed_files(results, run_directory(path))) say_note(sentence);
    for (const auto& sentence : run_notes(results)) say_note(sentence);
  }
}

void plot(PlotArguments& arguments) {
  const FigureKind& kind = *find_figure_kind(arguments.kind);
  arguments.figure.metric = *find_metric(arguments.metric);
  arguments.figure.keep = arguments.keep;
  if (!arguments.time_axes.empty())
    arguments.figure.time_axes = arguments.time_axes == "own" ? TimeAxes::own : TimeAxes::shared;
  for (const std::string& held : arguments.at) {
    const std::size_t equals = held.find('=');
    if (equals == std::string::npos) throw InputError("", "--at", "AXIS=VALUE", fmt::format("\"{}\"", held));
    arguments.figure.at.emplace_back(held.substr(0, equals), held.substr(equals + 1));
  }
  std::vector<PlottedRun> runs = plotted_runs(arguments.results);
  say_notes(arguments.results);
  if (kind.uses_layout) attach_layouts(runs, arguments.layout);
  kind.draw(runs, arguments.out, arguments.figure);
}

}  // namespace

void add_plot_verb(Verb& app) {
  Verb verb = app.verb("plot", "Draw a figure from results");
  const auto arguments = std::make_shared<PlotArguments>();
  std::string kinds = "What to draw:";
  for (const FigureKind& kind : figure_kinds()) kinds += fmt::format("\n{}: {}{}", kind.name, kind.sentence, kind.needs_traces ? " (needs traces)" : "");
  verb.option("results", arguments->results, "results.json or a sweep's sweep.csv, or the directory that holds it")
      .required();
  verb.option("--kind", arguments->kind, kinds).required().out_of(figure_kind_names(), "a kind of figure");
  verb.option("-o,--output", arguments->out,
              "The figure; its ending says what it becomes: .pdf, .svg, .png, or .tex (with a .pdf beside it)")
      .required();
  verb.option("--metric", arguments->metric, "The metric of compare and sweep (`headway metric list`)")
      .out_of(metric_names(), "a metric")
      .shows_default();
  verb.option("--time-axes", arguments->time_axes,
              "offset-time: all policies on one axis of time, or each on its own (default: shared, unless one "
              "takes several times as long as another)")
      .out_of({"shared", "own"}, "shared or own");
  verb.option("--axis", arguments->figure.axes,
              "sweep: the axis along the figure; given twice, a second one up it (default: those that vary)");
  verb.option("--at", arguments->at, "sweep: AXIS=VALUE holds an axis that the figure does not show");
  verb.flag("--lines", arguments->figure.lines, "sweep: lines over two axes as well, not maps of heat");
  verb.option("--layout", arguments->layout,
              "offset-time and layout: the layout that was read, where the results have lost it");
  verb.option("--width", arguments->figure.width_cm, "Width in cm (default: 9 as a paper's column, or 18)")
      .within(4.0, 100.0);
  verb.option("--font-size", arguments->figure.font_pt, "Size of the text in points").within(4.0, 30.0).shows_default();
  verb.option("--keep", arguments->keep, "Keep gnuplot's script and data in this directory");
  verb.run([arguments] { plot(*arguments); });
}

}  // namespace headway
