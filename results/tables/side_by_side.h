// Two results side by side, policy by policy: a prediction and its measurement, or any two of the same policies.
#pragma once

#include <string>
#include <string_view>

#include "results/files/results_file.h"

namespace headway {

struct Side {
  const Results& results;
  std::string_view name;  // "measured"
};

// For each policy that both have, elapsed time, reads, throughput and latencies of either, and the ratio of `second` to
// `first`: paired by seed, with its interval where there are two seeds or more in common, and of the means where there
// is none. What did other work has no ratio, and stands below; so do policies that only one side has, and those that
// failed. At most 100 columns for names that are not long. Ends with a newline.
std::string side_by_side_table(const Side& first, const Side& second);

}  // namespace headway
