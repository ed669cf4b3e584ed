// headway plot: figures from results and what lies beside them.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "plots/figure.h"
#include "sim/verbs.h"

namespace headway {

namespace {

struct PlotArguments {
  std::vector<std::string> results;
  std::string kind, out, keep, metric = "elapsed_s";
  FigureOptions figure;
};

void plot(PlotArguments& arguments) {
  const FigureKind* kind = find_figure_kind(arguments.kind);
  if (kind == nullptr) {
    throw InputError("", "--kind", "a kind of figure", unknown_name(arguments.kind, figure_kind_names()));
  }
  const auto chosen = find_metric(arguments.metric);
  if (!chosen) throw InputError("", "--metric", "a metric", unknown_name(arguments.metric, metric_names()));
  arguments.figure.metric = *chosen;
  arguments.figure.keep = arguments.keep;
  kind->draw(plotted_runs(arguments.results), arguments.out, arguments.figure);
}

}  // namespace

void add_plot_verb(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("plot", "Draw a figure from results");
  const auto arguments = std::make_shared<PlotArguments>();
  std::string kinds = "What to draw:";
  for (const FigureKind& kind : figure_kinds()) kinds += fmt::format("\n{}: {}", kind.name, kind.sentence);
  verb->add_option("results", arguments->results, "results.json, or the directory that holds it")->required();
  verb->add_option("--kind", arguments->kind, kinds)->required();
  verb->add_option("-o,--output", arguments->out,
                   "The figure; its ending says what it becomes: .pdf, .svg, .png, or .tex (with a .pdf beside it)")
      ->required();
  verb->add_option("--metric", arguments->metric, "The metric of compare")->capture_default_str();
  verb->add_flag("--own-time", arguments->figure.own_time, "offset-time: each policy its own axis of time");
  verb->add_option("--width", arguments->figure.width_cm, "Width in cm (default: 9 as a paper's column, or 18)")
      ->check(CLI::Range(4.0, 100.0));
  verb->add_option("--font-size", arguments->figure.font_pt, "Size of the text in points")
      ->check(CLI::Range(4.0, 30.0))
      ->capture_default_str();
  verb->add_option("--keep", arguments->keep, "Keep gnuplot's script and data in this directory");
  verb->callback([arguments] { plot(*arguments); });
}

}  // namespace headway
