// Runs that stop when they are sure: replicates were added until the interval of the paired difference was as narrow as
// asked, for every policy that can be compared. Intervals of such results are those of a confidence sequence, which
// hold for who looks after each replicate (results/metrics/statistics.h); each policy's by itself, as in all tables.
//
// In results.json:
//   "until": {"metric", "relative_to", "half_width", "at_most",     as the scenario has them
//             "replicates": 37, "reached": true,                    false: at_most came first
//             "half_widths": {"reada-2011": 0.0093}}                null: no interval, or other work
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "results/files/results_file.h"
#include "results/metrics/statistics.h"

namespace headway {

Looks looks_of(const Results& results);

// How well a policy's difference is known.
struct Precision {
  std::string policy;
  double half_width = 0;    // as a share of the other's mean; NaN: no bounds yet
  bool comparable = false;  // some run of both went well, and both did the same work
};

// One for each policy but `relative_to`, in the results' order. Precondition: results.until.
std::vector<Precision> precision_of(const Results& results);

// Every policy that can be compared is known as well as asked, and there is one. Precondition: results.until.
bool sure(const Results& results);
// No run of another seed is needed, or would tell more: after five replicates none can be compared at all (the metric
// has no value here, all failed, other work). Precondition: results.until.
bool enough(const Results& results);

// "elapsed_s less walk's is known to 1 % of walk's mean after 37 replicates", or what is not, and why. Precondition:
// results.until.
std::string until_sentence(const Results& results);

Json until_as_json(const Results& results);
// Throws InputError.
StoppingRule stopping_rule_from(const JsonNode& until);

}  // namespace headway
