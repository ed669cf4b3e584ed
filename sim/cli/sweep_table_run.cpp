// See sweep_table_run.h.
#include "sim/cli/sweep_table_run.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/sha256.h"
#include "results/files/sweep_table.h"
#include "sim/cli/output.h"
#include "sim/cli/sweep_run.h"
#include "sim/cli/version.h"

namespace headway {

namespace fs = std::filesystem;

void say_failure(const SweepSpec& sweep, const SweepRun& run, const std::string& message) {
  fmt::print(stderr, "headway: {}, {}, seed {} failed: {}\n", printable(sweep.label(run.cell)), printable(run.policy),
             run.seed, printable(message.substr(0, message.find('\n'))));
}

namespace {

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
      row.workloads = result->workloads;
      message = result->message;
      for (const auto& note : result->notes)
        collected.notes.push_back(
            fmt::format("{}, {}, seed {}: {}", sweep.label(run.cell), run.policy, run.seed, note));
    } else if (const auto why = lost.find(run.id); why != lost.end()) {
      message = why->second;
    } else {
      ++absent;
    }
    if (row.status != "ok" && absent == 0 && collected.failed++ < most_reported) say_failure(sweep, run, message);
    collected.table.rows.push_back(std::move(row));
  }
  if (absent > 0)
    throw InputError("", cache.directory().string(), fmt::format("the results of all {} runs", runs.size()),
                     fmt::format("{}; the others are still to be run", runs.size() - absent));
  return collected;
}

void write_table(const SweepSpec& sweep, const Collected& collected, Experiment experiment,
                 const SweepTableOptions& options) {
  const SweepTable& table = collected.table;
  std::error_code error;
  fs::create_directories(options.out, error);
  if (error) throw InputError("-o", options.out.string(), "a directory to write to", error.message());
  write_sweep_csv(options.out / "sweep.csv", table);
  if (options.hdf5) write_sweep_h5(options.out / "sweep.h5", table);
  experiment.traced = false;
  const Results record{.headway_version = version(),
                       .headway_commit = commit(),
                       .scenario_name = sweep.scenario.value("name", ""),
                       .scenario_sha256 = sha256_of_file(sweep.scenario_file),
                       .scenario_file = sweep.scenario_file.generic_string(),
                       .set = words_of(sweep.set),
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

}  // namespace

SweepTableMade make_sweep_table(const SweepSpec& sweep, const std::vector<SweepRun>& runs, Experiment experiment,
                                const SweepTableOptions& options) {
  const RunCache cache(options.cache);
  const Stock stock = take_stock(runs, cache);
  const Lost lost =
      options.collect ? Lost{} : make_runs(sweep, stock.missing, cache, {options.jobs, options.timeout_s});
  const Collected collected = collect(sweep, runs, cache, lost);
  write_table(sweep, collected, std::move(experiment), options);
  say_notes(collected.notes);
  return {.there = stock.there, .failed = collected.failed};
}

}  // namespace headway
