// How many runs a policy gets: a number of them, or until a difference is known (results/files/stopping.h):
//
//   "replicates": 20
//   "replicates": {"until": {"metric": "elapsed_s", "relative_to": "walk", "half_width": 0.01}, "at_most": 200}
#pragma once

#include <string>

#include "core/base/fields.h"
#include "results/files/results_file.h"

namespace headway {

// The number, or the limit. stopping_rule() reads the rest of the same node.
Value<std::uint64_t> replicates_value();

// Nothing for a number. Without "relative_to" that is empty.
std::optional<StoppingRule> stopping_rule(const JsonNode& replicates);

// In the form of the file.
Json replicates_as_json(const StoppingRule& rule);

// What --until says: "elapsed_s=1%", "latency_s_p95=0.02". Throws InputError.
StoppingRule stopping_rule_from(const std::string& words);

}  // namespace headway
