// What runs left undone, and whether two did the same work: the figures of runs that did not are not to be compared
// without a word.
#pragma once

#include <string>
#include <string_view>

#include "results/files/results_file.h"

namespace headway {

// "681 wanted blocks were not brought, 12 of 9,580 reads failed", of a run, or of the means of several; empty where
// there was nothing of either.
std::string shortfall(const MetricValues& values);

// The same of a policy's runs, where something that was wanted is missing; reads that failed and whose data came from
// another copy alone are not.
std::string left_undone(const Results& results, std::string_view policy);

// Whether both left the same undone: by the digests of what is missing, or where an older file has none, by the
// number of blocks. Runs that failed did no work, and are not the business of this.
bool same_work(const RunResult& run, const RunResult& other);

// A policy's runs in some results, and how they are called.
struct WorkOf {
  const Results& results;
  std::string_view policy;
  std::string_view name;
};

// Empty where both did the same work with every seed that they have in common; else what each left undone: "half: 681
// wanted blocks were not brought; walk: all was brought".
std::string other_work(const WorkOf& of, const WorkOf& than);

}  // namespace headway
