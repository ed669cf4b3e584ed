// What workloads measured of themselves, on the terminal: a row a workload and policy, below the comparison.
#pragma once

#include <string>

#include "results/files/results_file.h"

namespace headway {

// Workloads that did no reads or writes of their own are left out; empty when none is left. Seeds of one policy are
// averaged.
std::string workload_table(const Results& results);

}  // namespace headway
