// The command line's verbs. Each registers itself with CLI11 in a file of its own, verb_NAME.cpp, and runs as the
// subcommand's callback. A verb reports bad input by throwing InputError (exit 2) and any other outcome than success
// by throwing Exit.
#pragma once

#include "sim/cli/verb.h"

namespace headway {

enum ExitCode { exit_done = 0, exit_check_failed = 1, exit_bad_input = 2, exit_run_failed = 3 };

struct Exit {
  ExitCode code;
};

// --set PLACE=VALUE of verbs that take scenarios (sim/scenario/overrides.h).
void add_set_option(Verb& verb, std::vector<std::string>& words);

void add_run_verb(Verb& app);            // run
void add_live_verb(Verb& app);           // live
void add_compare_verb(Verb& app);        // compare
void add_table_verb(Verb& app);          // table
void add_sweep_verb(Verb& app);          // sweep
void add_check_verb(Verb& app);          // check
void add_bundle_verb(Verb& app);         // bundle
void add_verify_verb(Verb& app);         // verify
void add_validate_verb(Verb& app);       // validate
void add_layout_verb(Verb& app);         // layout import, grow, info, export
void add_drive_verb(Verb& app);          // drive list, describe, replay, fit
void add_drive_fit_verb(Verb& drive);    // of those, fit
void add_drive_probe_verb(Verb& drive);  // and probe
void add_emulate_verb(Verb& app);        // emulate
void add_plot_verb(Verb& app);           // plot
void add_report_verb(Verb& app);         // report
void add_trace_verb(Verb& app);          // trace info, export
void add_policy_verb(Verb& app);         // policy list
void add_metric_verb(Verb& app);         // metric list
void add_published_verb(Verb& app);      // published table, ranges
void add_schema_verb(Verb& app);         // schema scenario, sweep, ...
void add_completion_verb(Verb& app);     // completion, of all verbs
void add_man_verb(Verb& app);            // man, likewise

}  // namespace headway
