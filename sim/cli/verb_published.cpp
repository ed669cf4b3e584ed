// headway published: what has been published beside what came out, as a table of many results, and whether the ranges
// that scenarios state are those that their sweeps find.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/base/letters.h"
#include "core/base/number_text.h"
#include "results/tables/published_table.h"
#include "sim/cli/output.h"
#include "sim/cli/sweep_run.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

// Those of a directory of runs, or of the directories in it, in the order of their names.
void add_results(std::vector<Results>& all, const fs::path& path) {
  if (fs::exists(results_file(path)) || !fs::is_directory(path)) {
    all.push_back(read_results(path));
    return;
  }
  std::set<fs::path> within;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (fs::exists(entry.path() / "results.json")) within.insert(entry.path());
  }
  if (within.empty()) throw InputError(path.string(), "", "results, or directories with some", "neither");
  for (const fs::path& directory : within) all.push_back(read_results(directory));
}

struct TableWords {
  std::vector<std::string> directories;
  std::string check, update;
};

void table(const TableWords& words) {
  std::vector<Results> all;
  for (const auto& directory : words.directories) add_results(all, directory);
  const auto publishes = [](const Results& results) { return !beside_published(results).empty(); };
  if (std::ranges::none_of(all, publishes))
    throw InputError(words.directories.front(), "", "results of a scenario that has \"published\"", "none that has");
  const PublishedTable made = published_table(all);
  const std::string file = words.check.empty() ? words.update : words.check;
  ExitCode code = exit_done;
  if (file.empty()) {
    fmt::print("{}", made.markdown);
  } else {
    const std::string text = read_text_file(file, "a text with the table's marks");
    const std::string with = with_table(text, made.markdown, file);
    if (words.check.empty()) {
      write_output_text(file, with);
    } else if (with != text) {
      fmt::print("{}: its table is not that of these results, which is\n\n{}", printable(file), made.markdown);
      code = exit_check_failed;
    }
  }
  for (const auto& figure : made.missing) {
    fmt::print(stderr, "headway: {}\n", printable(figure));
    code = exit_check_failed;
  }
  if (code != exit_done) throw Exit{code};
}

struct RangeWords {
  std::vector<std::string> scenarios;
  std::string out = "out";
  unsigned jobs = 0;
};

// The results of each cell of a sweep laid over a scenario; kept, since several figures are of one sweep.
class Cells {
 public:
  explicit Cells(const RangeWords& words) : cache_(fs::path(words.out) / "cells"), jobs_(words.jobs) {}

  // Throws InputError for what cannot be read, before anything is run.
  void read(const fs::path& scenario, const fs::path& sweep) {
    sweeps_.try_emplace({scenario.lexically_normal(), sweep.lexically_normal()}, read_sweep_over(scenario, sweep));
  }

  // Of a sweep that has been read.
  const std::vector<Results>& of(const fs::path& scenario, const fs::path& sweep) {
    const std::pair key{scenario.lexically_normal(), sweep.lexically_normal()};
    const auto [made, is_new] = made_.try_emplace(key);
    if (is_new) made->second = run(sweeps_.at(key));
    return made->second;
  }

 private:
  std::vector<Results> run(const SweepSpec& sweep) {
    const auto runs = sweep_runs(sweep);
    make_runs(sweep, take_stock(runs, cache_).missing, cache_, {jobs_});
    std::vector<Results> cells(sweep.cells());
    for (const SweepRun& run : runs) {
      auto result = cache_.find(run.id);
      if (!result) continue;  // lost, as make_runs() says
      result->policy = run.policy;
      result->seed = run.seed;
      cells[run.cell].runs.push_back(std::move(*result));
    }
    return cells;
  }

  RunCache cache_;
  unsigned jobs_;
  std::map<std::pair<fs::path, fs::path>, SweepSpec> sweeps_;
  std::map<std::pair<fs::path, fs::path>, std::vector<Results>> made_;
};

struct Found {
  double least = INFINITY, most = -INFINITY;
  std::size_t cells = 0, without_value = 0;
};

Found find_range(const fs::path& scenario, const Published& published, Cells& cells) {
  const fs::path directory = scenario.parent_path(), sweep = directory / published.range->sweep;
  const auto& own = cells.of(scenario, sweep);
  const auto& other =
      published.relative_to_scenario ? cells.of(directory / *published.relative_to_scenario, sweep) : own;
  Found found{.cells = own.size()};
  for (std::size_t i = 0; i < own.size(); ++i) {
    const double value =
        estimate_of(published.figure, own[i], published.relative_to_scenario ? &other[i] : nullptr).mean;
    if (!std::isfinite(value)) ++found.without_value;
    if (!std::isfinite(value)) continue;
    found.least = std::min(found.least, value);
    found.most = std::max(found.most, value);
  }
  return found;
}

bool same_figure(double stated, double found) {
  constexpr double rounding = 0.005;  // of three figures
  return std::abs(stated - found) <= rounding * std::abs(found);
}

// Whether the range stands.
bool tell_range(const fs::path& scenario, const Published& published, const Found& found) {
  const PublishedRange& stated = *published.range;
  const bool stands =
      found.without_value == 0 && same_figure(stated.least, found.least) && same_figure(stated.most, found.most);
  std::string sentence = fmt::format("{}: {}: {} to {} over {} cells", scenario.stem().string(), published.what,
                                     plain_text(found.least), plain_text(found.most), found.cells);
  if (found.without_value > 0) sentence += fmt::format(", {} of them without a value", found.without_value);
  if (!stands) sentence += fmt::format("; stated {} to {}", plain_text(stated.least), plain_text(stated.most));
  constexpr std::size_t indent = 8, columns = 100;
  fmt::print("{}{}\n", stands ? "stands  " : "MOVED   ", wrapped(printable(sentence), indent, columns));
  return stands;
}

void ranges(const RangeWords& words) {
  std::vector<Scenario> scenarios;  // all of them and their sweeps are read before anything is written
  for (const auto& file : words.scenarios) scenarios.push_back(read_scenario(file));
  Cells cells(words);
  for (const Scenario& scenario : scenarios) {
    const fs::path directory = scenario.file.parent_path();
    for (const Published& published : scenario.published) {
      if (!published.range) continue;
      cells.read(scenario.file, directory / published.range->sweep);
      if (published.relative_to_scenario)
        cells.read(directory / *published.relative_to_scenario, directory / published.range->sweep);
    }
  }
  bool all_stand = true, any = false;
  for (const Scenario& scenario : scenarios) {
    for (const Published& published : scenario.published) {
      if (!published.range) continue;
      any = true;
      all_stand &= tell_range(scenario.file, published, find_range(scenario.file, published, cells));
    }
  }
  if (!any) fmt::print("none of these {} scenarios publishes a figure with a range\n", scenarios.size());
  if (!all_stand) throw Exit{exit_check_failed};
}

}  // namespace

void add_published_verb(Verb& app) {
  Verb published = app.verb("published", "What has been published beside what came out");
  Verb table_verb = published.verb("table",
                                   "The published figures of many results, as Markdown; exit 1 if one that is "
                                   "outside has no reason");
  auto table_words = std::make_shared<TableWords>();
  table_verb.option("DIRECTORY", table_words->directories, "directories of runs, or of directories of runs").required();
  Option check = table_verb.option("--check", table_words->check, "exit 1 unless this is the table in that text");
  Option update = table_verb.option("--update", table_words->update, "put the table into that text, between its marks");
  check.excludes(update);
  table_verb.run([table_words] { table(*table_words); });

  Verb ranges_verb = published.verb("ranges",
                                    "Run the sweeps that scenarios name for what is plausible; exit 1 if "
                                    "their ranges are others than stated, by more than half a per cent");
  auto range_words = std::make_shared<RangeWords>();
  ranges_verb.option("SCENARIO", range_words->scenarios, "scenario files").required();
  ranges_verb.option("-o,--output", range_words->out, "directory in which runs are kept, in cells/").shows_default();
  ranges_verb.option("-j,--jobs", range_words->jobs, "runs at a time (default: one a core)")
      .within(std::uint64_t{1}, 4096);
  ranges_verb.run([range_words] { ranges(*range_words); });
}

}  // namespace headway
