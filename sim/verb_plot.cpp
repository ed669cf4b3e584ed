// headway plot: figures from results and their traces.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "plots/figure.h"
#include "results/results_file.h"
#include "results/trace.h"
#include "sim/verbs.h"

namespace headway {

namespace {

struct PlotArguments {
  std::vector<std::string> results;
  std::string kind;
  std::string out;
  FigureOptions figure;
  std::string keep;
};

// The traces of all runs that did not fail, labelled by policy, and by seed or results where a policy has several.
std::vector<LabelledTrace> traces_of(const std::vector<std::string>& paths) {
  std::vector<LabelledTrace> traces;
  for (const std::string& path : paths) {
    const Results results = read_results(path);
    const std::filesystem::path directory = results_file(path).parent_path();
    std::map<std::string, int> runs_of_policy;
    for (const RunResult& run : results.runs) ++runs_of_policy[run.policy];
    for (const RunResult& run : results.runs) {
      if (run.failed()) continue;
      std::filesystem::path trace = directory / trace_file_name(run.policy, run.seed);
      if (!std::filesystem::exists(trace)) {
        throw InputError(trace.string(), "", "a trace (run with --trace to have one)", "no such file");
      }
      std::string label =
          runs_of_policy[run.policy] > 1 ? fmt::format("{}, seed {}", run.policy, run.seed) : run.policy;
      if (paths.size() > 1) label = fmt::format("{}: {}", results.scenario_name, label);
      traces.push_back({std::move(label), std::move(trace)});
    }
  }
  if (traces.empty()) throw InputError(paths.front(), "/runs", "at least one run that did not fail", "none");
  return traces;
}

}  // namespace

void add_plot_verb(CLI::App& app) {
  CLI::App* plot = app.add_subcommand("plot", "Draw a figure from results");
  const auto arguments = std::make_shared<PlotArguments>();
  plot->add_option("results", arguments->results, "results.json, or the directory that holds it")->required();
  plot->add_option("--kind", arguments->kind, "What to draw: offset-time (where each drive read, over time)")
      ->required()
      ->check(CLI::IsMember({"offset-time"}));
  plot->add_option("-o,--output", arguments->out, "The figure; its ending says what it becomes: .pdf, .svg, .png")
      ->required();
  plot->add_option("--width", arguments->figure.width_cm, "Width in cm (default: 9, or 18 for three policies and more)")
      ->check(CLI::Range(4.0, 100.0));
  plot->add_option("--font-size", arguments->figure.font_pt, "Size of the text in points")
      ->check(CLI::Range(4.0, 30.0))
      ->capture_default_str();
  plot->add_option("--keep", arguments->keep, "Keep gnuplot's script and data in this directory");
  plot->callback([arguments] {
    arguments->figure.keep = arguments->keep;
    const auto traces = traces_of(arguments->results);
    plot_offset_time(traces, arguments->out, arguments->figure);
  });
}

}  // namespace headway
