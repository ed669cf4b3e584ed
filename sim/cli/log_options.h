// What the verbs that read a log of requests to one drive have in common.
#pragma once

#include <string>

#include "models/request_log/request_log.h"
#include "sim/cli/verb.h"

namespace headway {

// The words "--form" and "--device" of a verb. `options` outlives the parsing.
void add_log_options(Verb& verb, LogOptions& options);

// Says, on stderr, what was left out of it.
void say_notes(const RequestLog& log);

}  // namespace headway
