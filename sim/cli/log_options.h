// What the verbs that read a log of requests to one drive have in common.
#pragma once

#include <string>

#include "models/request_log/request_log.h"
#include "sim/cli/verb.h"

namespace headway {

// The words "--form" and "--device" of a verb. `options` outlives the parsing.
void add_log_options(Verb& verb, LogOptions& options);

// Reads the log and says, on stderr, what was left out of it.
RequestLog load_noted(const std::string& file, const LogOptions& options);

}  // namespace headway
