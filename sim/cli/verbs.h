// The command line's verbs. Each registers itself with CLI11 in a file of its own, verb_NAME.cpp, and runs as the
// subcommand's callback. A verb reports bad input by throwing InputError (exit 2) and any other outcome than success
// by throwing Exit.
#pragma once

#include <CLI/CLI.hpp>

namespace headway {

enum ExitCode { exit_done = 0, exit_check_failed = 1, exit_bad_input = 2, exit_run_failed = 3 };

struct Exit {
  ExitCode code;
};

void add_run_verb(CLI::App& app);       // run
void add_sweep_verb(CLI::App& app);     // sweep
void add_check_verb(CLI::App& app);     // check
void add_validate_verb(CLI::App& app);  // validate
void add_layout_verb(CLI::App& app);    // layout import, grow, info, export
void add_drive_verb(CLI::App& app);     // drive list, describe, replay
void add_plot_verb(CLI::App& app);      // plot
void add_report_verb(CLI::App& app);    // report
void add_trace_verb(CLI::App& app);     // trace info, export
void add_policy_verb(CLI::App& app);    // policy list
void add_metric_verb(CLI::App& app);    // metric list
void add_schema_verb(CLI::App& app);    // schema scenario, sweep, ...

}  // namespace headway
