// The runs that figures are given: where they lie, and what they are called, so that no two experiments become one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/figure.h"
#include "results/files/gap_of_run.h"
#include "results/files/stopping.h"
#include "results/files/sweep_table.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

// What stands at one path.
struct Source {
  std::string path, name;  // the name that was given for it; empty: none
  std::string scenario, set, drive, program;
  bool measured = false;
  std::string identity{};  // the same for results of which each is a replicate of the others
  std::size_t experiment = 0;
  std::vector<PlottedRun> runs{};
};

bool is_of_seeds(const std::string& set) { return set.starts_with("/seed=") || set.starts_with("/replicates="); }

std::string names_of_drives(const Experiment& experiment) {
  std::vector<std::string> names;
  if (experiment.drives) {
    for (const auto& [name, drive] : experiment.drives->json().items()) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

void take_results(Source& source) {
  const Results results = read_results(source.path);
  const std::filesystem::path file = results_file(source.path), directory = file.parent_path();
  if (results.runs.empty()) throw InputError(file.string(), "/runs", "at least one run", "none");
  std::vector<std::string> set;
  std::ranges::remove_copy_if(results.set, std::back_inserter(set), is_of_seeds);
  source.scenario = results.scenario_name;
  source.set = fmt::format("{}", fmt::join(set, ", "));
  source.drive = names_of_drives(results.experiment);
  source.program = fmt::format("{} {}", results.headway_version, results.headway_commit);
  source.measured = results.measured;
  source.identity =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", results.scenario_sha256, source.scenario, source.set, source.program,
                  source.measured, results.experiment.drives ? results.experiment.drives->json().dump() : "");
  for (const InputFile& input : results.experiment.inputs) source.identity += "\n" + input.digest.sha256;
  const CpuCosts cpu = cpu_costs(results.experiment);
  for (const RunResult& run : results.runs) {
    PlottedRun plotted{run.policy, run, directory / trace_file_name(run.policy, run.seed),
                       directory / intervals_file_name(run.policy, run.seed)};
    plotted.measured = results.measured;
    plotted.traced = results.experiment.traced;
    if (results.experiment.scenario) plotted.kept_layout = kept_layout(directory, results.experiment, run.seed);
    plotted.scenario_file = results.scenario_file;
    plotted.scenario_sha256 = results.scenario_sha256;
    plotted.file = file.string();
    plotted.cpu = cpu;
    plotted.looks = looks_of(results);
    plotted.drive = source.drive;
    source.runs.push_back(std::move(plotted));
  }
}

void take_sweep(Source& source) {
  const SweepTable table = read_sweep_csv(source.path);
  if (table.rows.empty()) throw InputError(source.path, "", "at least one run", "none");
  source.identity = source.path;
  for (const SweepRow& row : table.rows) {
    PlottedRun run;
    run.label = row.policy;
    for (std::size_t axis = 0; axis < table.axes.size(); ++axis) {
      run.axes.emplace_back(table.axes[axis], row.values[axis]);
      run.label += fmt::format(", {} {}", table.axes[axis], row.values[axis]);
    }
    run.result.policy = row.policy;
    run.result.seed = row.seed;
    run.result.status = row.status;
    run.result.metrics = row.metrics;
    run.result.workloads = row.workloads;
    run.file = source.path;
    source.runs.push_back(std::move(run));
  }
}

// Whether one of them has a run that the other has as well: the same experiment run twice, perhaps to compare.
bool overlap(const Source& a, const Source& b) {
  std::set<std::pair<std::string, std::uint64_t>> runs;
  for (const PlottedRun& run : a.runs) runs.emplace(run.result.policy, run.result.seed);
  return std::ranges::any_of(b.runs, [&](const PlottedRun& run) {
    return runs.contains({run.result.policy, run.result.seed});
  });
}

// Numbers the experiments. Returns how many there are.
std::size_t tell_apart(std::vector<Source>& sources) {
  std::size_t experiments = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto is_replicate_of = [&](std::size_t experiment) {
      bool any = false;
      for (std::size_t other = 0; other < i; ++other) {
        if (sources[other].experiment != experiment) continue;
        any = true;
        if (sources[other].identity != sources[i].identity || sources[other].name != sources[i].name ||
            overlap(sources[other], sources[i]))
          return false;
      }
      return any;
    };
    std::size_t experiment = 0;
    while (experiment < experiments && !is_replicate_of(experiment)) ++experiment;
    sources[i].experiment = experiment;
    experiments = std::max(experiments, experiment + 1);
  }
  return experiments;
}

// What of the paths is not the same in all of them, without the file's usual name.
std::vector<std::string> directories_of(const std::vector<const Source*>& firsts) {
  std::vector<std::vector<std::string>> parts;
  for (const Source* source : firsts) {
    std::filesystem::path path = std::filesystem::path(source->path).lexically_normal();
    if (path.filename() == "results.json" || path.filename() == "sweep.csv") path = path.parent_path();
    if (!path.has_filename()) path = path.parent_path();
    parts.emplace_back();
    for (const auto& part : path) parts.back().push_back(part.string());
  }
  const auto all_share = [&](const auto& part_of) {
    return std::ranges::all_of(parts,
                               [&](const auto& path) { return path.size() > 1 && part_of(path) == part_of(parts[0]); });
  };
  while (all_share([](const auto& path) { return path.front(); })) {
    for (auto& path : parts) path.erase(path.begin());
  }
  while (all_share([](const auto& path) { return path.back(); })) {
    for (auto& path : parts) path.pop_back();
  }
  std::vector<std::string> names;
  for (const auto& path : parts) names.push_back(fmt::format("{}", fmt::join(path, "/")));
  return names;
}

// A name for each experiment: that which was given, or what alone tells all of them apart.
std::vector<std::string> names_of(const std::vector<const Source*>& firsts) {
  using NameOf = std::function<std::string(const Source&)>;
  const std::vector<NameOf> attributes = {
      [](const Source& source) { return source.name; },
      [](const Source& source) { return source.scenario + (source.measured ? ", measured" : ""); },
      [](const Source& source) { return source.set.empty() ? source.scenario : source.set; },
      [](const Source& source) { return source.drive; },
  };
  for (const NameOf& attribute : attributes) {
    std::vector<std::string> names;
    for (const Source* source : firsts) names.push_back(attribute(*source));
    const std::set<std::string> different(names.begin(), names.end());
    if (different.size() == names.size() && !different.contains("")) return names;
  }
  std::vector<std::string> names = directories_of(firsts);
  const std::set<std::string> different(names.begin(), names.end());
  if (different.size() < names.size())
    throw InputError("", "", "results each of which is given once", printable(firsts[0]->path) + " twice");
  return names;
}

void check_names(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    for (const Source& other : sources) {
      if (!source.name.empty() && source.name == other.name && source.experiment != other.experiment)
        throw InputError("", "--label",
                         fmt::format("another name for {} than for {}: they are no replicates", printable(source.path),
                                     printable(other.path)),
                         fmt::format("\"{}\" for both", source.name));
    }
  }
}

}  // namespace

std::vector<PlottedRun> plotted_runs(std::span<const std::string> paths, std::span<const std::string> names) {
  if (!names.empty() && names.size() != paths.size())
    throw InputError("", "--label", fmt::format("one for each of the {} results", paths.size()),
                     fmt::format("{}", names.size()));
  std::vector<Source> sources;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    Source source{paths[i], names.empty() ? "" : names[i], {}, {}, {}, {}};
    (is_sweep_table(paths[i]) ? take_sweep : take_results)(source);
    sources.push_back(std::move(source));
  }
  const std::size_t experiments = tell_apart(sources);
  check_names(sources);
  std::vector<const Source*> firsts;
  for (std::size_t i = 0; i < experiments; ++i) firsts.push_back(&*std::ranges::find(sources, i, &Source::experiment));
  const std::vector<std::string> called =
      experiments > 1 || !names.empty() ? names_of(firsts) : std::vector<std::string>{""};
  std::set<std::string> policies;
  for (const Source& source : sources) {
    for (const PlottedRun& run : source.runs) policies.insert(run.label);
  }
  std::vector<PlottedRun> runs;
  for (Source& source : sources) {
    const std::string& name = called[source.experiment];
    for (PlottedRun& run : source.runs) {
      run.experiment = name;
      if (!name.empty()) run.label = policies.size() == 1 ? name : fmt::format("{}: {}", name, run.label);
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

}  // namespace headway
