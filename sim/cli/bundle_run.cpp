// See bundle_run.h.
#include "sim/cli/bundle_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/document_kind.h"
#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "plots/figure.h"
#include "plots/gnuplot.h"
#include "results/tables/table.h"
#include "sim/cli/output.h"
#include "sim/cli/plot_run.h"
#include "sim/cli/scenario_run.h"
#include "sim/cli/sweep_table_run.h"
#include "sim/cli/version.h"
#include "sim/engine/run.h"
#include "sim/sweep/sweep_runs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

bool is_sweep(const fs::path& file) {
  const JsonNode json = JsonNode::read_file(file);
  if (!json.has("policies")) expect_document(json, json.has("scenario") ? document::sweep : document::scenario);
  return !json.has("policies") && json.has("scenario");
}

// Every file that runs of a sweep read, but for the sweep's own.
std::vector<fs::path> inputs_of(const SweepSpec& sweep) {
  std::set<fs::path> files{sweep.scenario_file};
  for (const SweepRun& run : sweep_runs(sweep)) {
    for (const FileStamp& input : *run.inputs) files.insert(input.file);
  }
  return {files.begin(), files.end()};
}

// Every file that a scenario names: its inputs, and what its published figures go by, which no run reads.
std::vector<fs::path> inputs_of(const Scenario& scenario) {
  std::vector<fs::path> files = scenario.input_files;
  const fs::path directory = scenario.file.parent_path();
  for (const Published& published : scenario.published) {
    if (published.range) files.push_back(directory / published.range->sweep);
    if (published.relative_to_scenario) files.push_back(directory / *published.relative_to_scenario);
  }
  return files;
}

std::vector<fs::path> inputs_of(const fs::path& file, const std::vector<std::string>& set) {
  return is_sweep(file) ? inputs_of(read_sweep(file, set)) : inputs_of(read_scenario(file, set));
}

fs::path plain(const fs::path& file) { return fs::absolute(file).lexically_normal(); }

// The deepest directory that all of these files lie in.
fs::path common_directory(const std::set<fs::path>& files) {
  fs::path common = files.begin()->parent_path();
  for (const auto& file : files) {
    while (common.has_relative_path() && file.lexically_relative(common).begin()->string() == "..")
      common = common.parent_path();
  }
  return common;
}

void copy_in(const fs::path& file, const fs::path& to, const std::string& name) {
  if (!is_member_name(name)) throw InputError(file.string(), "", "a plain name", "one that no bundle can have");
  try {
    static_cast<void>(Json(name).dump());
  } catch (const Json::type_error&) {
    throw InputError(file.string(), "", "a name in UTF-8, for a bundle", "another");
  }
  if (!fs::is_regular_file(file))
    throw InputError(file.string(), "", "a regular file, for a bundle (`headway layout import` makes one of a device)",
                     fs::exists(file) ? "a device, a pipe or a directory" : "none");
  fs::create_directories(to.parent_path());
  fs::copy_file(file, to);
}

// A bundle must not depend on, or look into, what lies outside of it.
void hold_inside(const std::string& experiment, const std::vector<fs::path>& files) {
  for (const auto& file : files) {
    const fs::path normal = file.lexically_normal();
    if (normal.is_absolute() || *normal.begin() != "files")
      throw InputError(experiment, "", "relative names of files, which a bundle can hold", file.string());
  }
}

void remove_what_a_clock_made(const fs::path& results) {
  fs::remove(results / "timing.json");
  fs::remove_all(results / "cells");
}

ExitCode run_bundled_sweep(const BundledExperiment& experiment, const fs::path& results, unsigned jobs) {
  const SweepSpec sweep = read_sweep(experiment.file, experiment.set);
  ExperimentKeeper keeper;
  const auto runs = sweep_runs(sweep, &keeper);
  hold_inside(experiment.file, inputs_of(sweep));
  const SweepTableOptions options{.out = results, .cache = results / "cells", .jobs = jobs};
  return make_sweep_table(sweep, runs, keeper.take(), options).failed > 0 ? exit_run_failed : exit_done;
}

}  // namespace

BundledProgram this_program() {
  return {.headway = version(), .commit = commit(), .simgrid = engine_version(), .gnuplot = gnuplot_version()};
}

std::vector<BundledExperiment> gather(const std::vector<std::string>& scenarios, const std::vector<std::string>& set,
                                      const fs::path& directory) {
  std::set<fs::path> files;
  std::set<fs::path> own;
  for (const auto& scenario : scenarios) {
    if (!own.insert(plain(scenario)).second) throw InputError("", scenario, "each scenario once", "it twice");
    files.insert(plain(scenario));
    for (const auto& input : inputs_of(scenario, set)) files.insert(plain(input));
  }
  const fs::path common = common_directory(files);
  const auto name_of = [&](const fs::path& file) { return fs::path("files") / plain(file).lexically_relative(common); };
  for (const auto& file : files) copy_in(file, directory / name_of(file), name_of(file).generic_string());
  std::vector<BundledExperiment> experiments;
  for (const auto& scenario : scenarios) {
    const fs::path name = name_of(scenario);
    const fs::path results = "results" / name.lexically_relative("files").replace_extension();
    experiments.push_back({.file = name.generic_string(), .set = set, .results = results.generic_string()});
  }
  return experiments;
}

ExitCode run_bundled(const BundledExperiment& experiment, const fs::path& results, unsigned jobs) {
  if (is_sweep(experiment.file)) {
    const ExitCode code = run_bundled_sweep(experiment, results, jobs);
    remove_what_a_clock_made(results);
    return code;
  }
  const Scenario scenario = read_scenario(experiment.file, experiment.set);
  hold_inside(experiment.file, inputs_of(scenario));
  const Results made = run_scenario(scenario, {.jobs = jobs, .trace = experiment.trace}, results);
  const Report report = report_of(scenario, made, {});
  write_whole_text(results / "table.txt", report.text);
  remove_what_a_clock_made(results);
  return report.code;
}

std::vector<std::string> possible_figures(const BundledExperiment& experiment) {
  if (is_sweep(experiment.file)) return {"sweep"};
  std::vector<std::string> kinds;
  for (const FigureKind& kind : figure_kinds()) {
    const bool of_another = kind.name == "sweep" || kind.name == "overlay";
    if (!of_another && (experiment.trace || !kind.needs_traces)) kinds.emplace_back(kind.name);
  }
  return kinds;
}

void draw_bundled(const std::string& name, const fs::path& results) {
  const FigureKind* const kind = find_figure_kind(name);
  if (kind == nullptr) throw InputError("", "", "a kind of figure", unknown_name(name, figure_kind_names()));
  std::vector<PlottedRun> runs = plotted_runs(std::vector<std::string>{results.string()});
  if (kind->uses_layout) attach_layouts(runs, {});
  kind->draw(runs, results / (name + ".svg"), {});
}

std::vector<std::string> files_below(const fs::path& directory) {
  std::vector<std::string> files;
  if (!fs::exists(directory)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(directory).generic_string());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace headway
