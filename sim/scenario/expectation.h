// Holding a scenario's `expect` against what came out.
#pragma once

#include <string>
#include <vector>

#include "results/files/results_file.h"
#include "sim/scenario/scenario.h"

namespace headway {

struct Verdict {
  bool holds = false;
  std::string sentence;  // "elapsed_s of reada-2011 / walk: 0.42, expected at most 0.5"
};

// What the scenario expected that the results are of, as they keep it in full; nothing where older ones do not.
std::vector<Expectation> expectations_of(const Results& results);

// One verdict an expectation, in order. What is held against the bounds is the mean over the seeds, or the ratio of two
// means (over the seeds at which both policies succeeded), or the whole interval of either. A policy without a
// successful run fails whatever was expected of it.
std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Results& results);

}  // namespace headway
