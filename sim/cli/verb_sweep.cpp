// headway sweep: a scenario over a grid, a list or random samples; the table of all its runs. Every way through this
// verb, on one machine or as a part of a cluster's job, goes by the same runs, the same cache and the same table.
#include <fmt/format.h>

#include <filesystem>

#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "sim/cli/plugin_option.h"
#include "sim/cli/sweep_run.h"
#include "sim/cli/sweep_table_run.h"
#include "sim/cli/verbs.h"
#include "sim/sweep/snakefile.h"
#include "sim/sweep/sweep_parts.h"
#include "sim/sweep/sweep_runs.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct SweepOptions {
  std::string sweep;
  std::vector<std::string> set;
  std::string out = "out";
  std::string cache;  // empty: OUT/cells
  unsigned jobs = 0;
  bool hdf5 = false;
  bool collect = false;
  std::optional<std::uint64_t> parts;  // runs a part
  std::string part;
  std::string snakefile;
  std::uint64_t batch = 50;
  double timeout_s = no_timeout;

  fs::path cache_directory() const { return cache.empty() ? fs::path(out) / "cells" : fs::path(cache); }
};

// A cluster's job: runs go into the cache, and the table is made when all parts are there.
void run_part(const SweepSpec& sweep, const std::vector<SweepRun>& runs, const SweepOptions& options) {
  const RunCache cache(options.cache_directory());
  const Stock stock = take_stock(runs, cache);
  const Lost lost = make_runs(sweep, stock.missing, cache, {options.jobs, options.timeout_s});
  for (const auto& run : stock.missing) {
    if (const auto why = lost.find(run.id); why != lost.end()) say_failure(sweep, run, why->second);
  }
  fmt::print("{}: {} of {} were there\n", options.part, stock.there, runs.size());
  if (!lost.empty()) throw Exit{exit_run_failed};
}

void run_whole(const SweepSpec& sweep, const std::vector<SweepRun>& runs, Experiment experiment,
               const SweepOptions& options) {
  const SweepTableOptions table{.out = options.out,
                                .cache = options.cache_directory(),
                                .jobs = options.jobs,
                                .timeout_s = options.timeout_s,
                                .hdf5 = options.hdf5,
                                .collect = options.collect};
  const SweepTableMade made = make_sweep_table(sweep, runs, std::move(experiment), table);
  fmt::print("{}: {} of {} were there, {} failed; the table is {}\n", printable(sweep.name), made.there, runs.size(),
             made.failed, printable((table.out / "sweep.csv").string()));
  if (made.failed > 0) throw Exit{exit_run_failed};
}

void sweep(const SweepOptions& options) {
  const SweepSpec sweep = read_sweep(options.sweep, options.set);
  ExperimentKeeper keeper;
  const bool whole = options.snakefile.empty() && !options.parts && options.part.empty();
  const auto runs = sweep_runs(sweep, whole ? &keeper : nullptr);  // only the table has it beside it
  if (!options.snakefile.empty()) {
    const auto cache = options.cache_directory().string();
    write_whole_text(options.snakefile, snakefile({options.sweep, options.set, options.out, cache, options.batch}));
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
  add_set_option(verb, options->set);
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
  const PluginOption plugins(verb);
  verb.option("--timeout", options->timeout_s,
              "seconds by the wall clock after which a run is ended, and failed (default: none)")
      .positive();
  verb.run([options, plugins] {
    plugins.load();
    sweep(*options);
  });
}

}  // namespace headway
