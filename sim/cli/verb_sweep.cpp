// headway sweep: a scenario over a grid, a list or random samples; the table of all its runs. Every way through this
// verb, on one machine or as a part of a cluster's job, goes by the same runs, the same cache and the same table.
#include <fmt/format.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"
#include "results/files/sweep_table.h"
#include "sim/cli/output.h"
#include "sim/cli/sweep_run.h"
#include "sim/cli/verbs.h"
#include "sim/cli/version.h"
#include "sim/sweep/snakefile.h"
#include "sim/sweep/sweep_parts.h"
#include "sim/sweep/sweep_runs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct SweepOptions {
  std::string sweep;
  std::string out = "out";
  std::string cache;  // empty: OUT/cells
  unsigned jobs = 0;
  bool hdf5 = false;
  bool collect = false;
  std::optional<std::uint64_t> parts;  // runs a part
  std::string part;
  std::string snakefile;
  std::uint64_t batch = 50;

  fs::path cache_directory() const { return cache.empty() ? fs::path(out) / "cells" : fs::path(cache); }
};

void report_failure(const SweepSpec& sweep, const SweepRun& run, const std::string& message) {
  fmt::print(stderr, "headway: {}, {}, seed {} failed: {}\n", printable(sweep.label(run.cell)), printable(run.policy),
             run.seed, printable(message.substr(0, message.find('\n'))));
}

struct Collected {
  SweepTable table;
  std::size_t failed = 0;
  std::vector<std::string> notes;  // of runs, with their cells
};

// The table out of the cache. A run that is neither there nor among `lost` is none of this sweep's doing: InputError.
Collected collect(const SweepSpec& sweep, const std::vector<SweepRun>& runs, const RunCache& cache, const Lost& lost) {
  constexpr std::size_t most_reported = 10;
  Collected collected;
  for (const auto& axis : sweep.axes()) collected.table.axes.push_back(axis.name);
  std::size_t absent = 0;
  for (const auto& run : runs) {
    SweepRow row{{}, run.policy, run.seed, "failed", {}};
    for (const auto& value : sweep.values(run.cell)) row.values.push_back(axis_text(value));
    std::string message;
    if (const auto result = cache.find(run.id)) {
      row.status = result->status;
      row.metrics = result->metrics;
      message = result->message;
      for (const auto& note : result->notes)
        collected.notes.push_back(
            fmt::format("{}, {}, seed {}: {}", sweep.label(run.cell), run.policy, run.seed, note));
    } else if (const auto why = lost.find(run.id); why != lost.end()) {
      message = why->second;
    } else {
      ++absent;
    }
    if (row.status != "ok" && absent == 0 && collected.failed++ < most_reported) report_failure(sweep, run, message);
    collected.table.rows.push_back(std::move(row));
  }
  if (absent > 0)
    throw InputError("", cache.directory().string(), fmt::format("the results of all {} runs", runs.size()),
                     fmt::format("{}; the others are still to be run", runs.size() - absent));
  return collected;
}

void write_table(const SweepSpec& sweep, const Collected& collected, Experiment experiment,
                 const SweepOptions& options) {
  const SweepTable& table = collected.table;
  std::error_code error;
  fs::create_directories(options.out, error);
  if (error) throw InputError("-o", options.out, "a directory to write to", error.message());
  write_sweep_csv(fs::path(options.out) / "sweep.csv", table);
  if (options.hdf5) write_sweep_h5(fs::path(options.out) / "sweep.h5", table);
  experiment.traced = false;
  const Results record{.headway_version = version(),
                       .headway_commit = commit(),
                       .scenario_name = sweep.scenario.value("name", ""),
                       .scenario_sha256 = sha256_of_file(sweep.scenario_file),
                       .scenario_file = sweep.scenario_file.generic_string(),
                       .notes = collected.notes,
                       .experiment = std::move(experiment)};
  write_sweep_record(options.out, record, sweep.file);
  write_timing(options.out, {});
}

void say_notes(const std::vector<std::string>& notes) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < std::min(notes.size(), most); ++i) say_note(notes[i]);
  if (notes.size() > most)
    say_note(fmt::format("likewise {} others: the column missing_blocks tells of them", notes.size() - most));
}

// A cluster's job: runs go into the cache, and the table is made when all parts are there.
void run_part(const SweepSpec& sweep, const std::vector<SweepRun>& runs, const SweepOptions& options) {
  const RunCache cache(options.cache_directory());
  const Stock stock = take_stock(runs, cache);
  const Lost lost = make_runs(sweep, stock.missing, cache, options.jobs);
  for (const auto& run : stock.missing) {
    if (const auto why = lost.find(run.id); why != lost.end()) report_failure(sweep, run, why->second);
  }
  fmt::print("{}: {} of {} were there\n", options.part, stock.there, runs.size());
  if (!lost.empty()) throw Exit{exit_run_failed};
}

void run_whole(const SweepSpec& sweep, const std::vector<SweepRun>& runs, Experiment experiment,
               const SweepOptions& options) {
  const RunCache cache(options.cache_directory());
  const Stock stock = take_stock(runs, cache);
  const Lost lost = options.collect ? Lost{} : make_runs(sweep, stock.missing, cache, options.jobs);
  const Collected collected = collect(sweep, runs, cache, lost);
  write_table(sweep, collected, std::move(experiment), options);
  say_notes(collected.notes);
  fmt::print("{}: {} of {} were there, {} failed; the table is {}\n", printable(sweep.name), stock.there, runs.size(),
             collected.failed, printable((fs::path(options.out) / "sweep.csv").string()));
  if (collected.failed > 0) throw Exit{exit_run_failed};
}

void sweep(const SweepOptions& options) {
  const SweepSpec sweep = read_sweep(options.sweep);
  ExperimentKeeper keeper;
  const bool whole = options.snakefile.empty() && !options.parts && options.part.empty();
  const auto runs = sweep_runs(sweep, whole ? &keeper : nullptr);  // only the table has it beside it
  if (!options.snakefile.empty()) {
    const auto cache = options.cache_directory().string();
    write_whole_text(options.snakefile, snakefile({options.sweep, options.out, cache, options.batch}));
  } else if (options.parts) {
    for (const auto& part : sweep_parts(runs, *options.parts)) fmt::print("{}\n", part);
  } else if (!options.part.empty()) {
    run_part(sweep, runs_of_part(runs, options.part), options);
  } else {
    run_whole(sweep, runs, keeper.take(), options);
  }
}

}  // namespace

void add_sweep_verb(Verb& app) {
  Verb verb = app.verb("sweep",
                       "Run a scenario over a grid, a list or random samples; what was run before, by any "
                       "sweep with the same cache, is not run again");
  auto options = std::make_shared<SweepOptions>();
  verb.option("SWEEP", options->sweep, "sweep file (*.json)").required();
  verb.option("-o,--output", options->out, "directory for sweep.csv, a row a run, and sweep.json, what they are of")
      .shows_default();
  verb.option("--cache", options->cache, "directory of the runs' results (default: cells in the output's)");
  verb.option("-j,--jobs", options->jobs, "runs at a time (default: one a core)").within(std::uint64_t{1}, 4096);
  verb.flag("--hdf5", options->hdf5, "write sweep.h5 as well");
  Option collect = verb.flag("--collect", options->collect, "run nothing: make the table of what is there");
  constexpr std::uint64_t most = SweepSpec::max_cells;
  Option parts = verb.option("--parts", options->parts, "list the sweep's parts, of so many runs each")
                     .within(std::uint64_t{1}, most);
  Option part = verb.option("--part", options->part,
                            "run one part, by its name, and make no table; exit 3 if a run "
                            "has no result");
  Option snake = verb.option("--snakefile", options->snakefile,
                             "write a Snakefile that runs the parts, on Slurm "
                             "for example");
  verb.option("--batch", options->batch, "runs a job of the Snakefile").within(std::uint64_t{1}, most).shows_default();
  const std::array apart{&collect, &parts, &part, &snake};
  for (Option* one : apart) {
    for (const Option* other : apart) {
      if (one != other) one->excludes(*other);
    }
  }
  verb.run([options] { sweep(*options); });
}

}  // namespace headway
