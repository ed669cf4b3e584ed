// What the verbs that run scenarios share: which runs, all of them simulated, what is written and printed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/files/results_file.h"
#include "results/tables/table.h"
#include "sim/cli/verbs.h"
#include "sim/jobs/jobs.h"
#include "sim/scenario/scenario.h"
#include "sim/sweep/file_stamp.h"

namespace headway {

struct RunOptions {
  std::vector<std::string> policies;  // all where it names none
  std::optional<std::uint64_t> seed;
  std::optional<StoppingRule> until;  // instead of the scenario's replicates
  unsigned jobs = 0;  // at a time; 0: one a core
  bool trace = false;
  double timeout_s = no_timeout;  // of each run, by the wall clock
};

// Leaves of the scenario what the user chose. Throws InputError.
void choose(Scenario& scenario, const RunOptions& options);
// Throws InputError.
void make_output_directory(const std::filesystem::path& directory);
// Beside traces, for who shows them (kept_layout() in experiment.h). Throws std::system_error.
void keep_layout(const std::filesystem::path& file, const Layout& layout);

// Of runs to be: all but these, and notes on the layout.
Results results_for(const Scenario& scenario, bool traced);

// Simulates every policy with every seed and writes results.json, timing.json and what stands beside them into the
// directory. `results`: of runs to be. `layout`: the scenario's, of the first seed. `stamps`: of its files, from before
// they were read.
Results simulate(const Scenario& scenario, Results results, Layout layout, const std::vector<FileStamp>& stamps,
                 const RunOptions& options, const std::filesystem::path& directory);

// All of a run but the table: loads the layout, says what is left out of it, simulates, writes. `scenario`: as chosen.
Results run_scenario(const Scenario& scenario, const RunOptions& options, const std::filesystem::path& directory);

// The comparison and what was expected of it.
struct Report {
  std::string text;
  ExitCode code = exit_done;
};
Report report_of(const Scenario& scenario, const Results& results, TableOptions table);
// Prints it as the terminal wants it.
ExitCode report(const Scenario& scenario, const Results& results, const std::filesystem::path& directory);

}  // namespace headway
