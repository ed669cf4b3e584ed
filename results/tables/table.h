// The comparison on the terminal: a row a policy, the metrics that one looks at first, in units for people.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/files/results_file.h"

namespace headway {

struct TableOptions {
  std::string baseline;       // the policy that ratios refer to; empty or unknown: the first in the results
  std::size_t columns = 100;  // how wide it may be; at least 80
  bool colour = false;        // for a terminal, never with NO_COLOR: colour_wanted() in terminal.h
  // By policy, throughput over time (its interval metrics): drawn small at the row's end where there is room.
  std::map<std::string, std::vector<double>> throughput{};
};

// Seeds of one policy are averaged, and an interval stands beside the mean; the speed-up says "no difference" where the
// interval over the seeds shows none, and "other work" where the policy did not leave the same undone as the baseline;
// what each left undone stands below. Rows keep the order of the results; a policy that failed says so in its row, and
// why below the table. Ends with a newline.
std::string comparison_table(const Results& results, const TableOptions& options);

}  // namespace headway
