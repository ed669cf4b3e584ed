// What two results differ in, by name: program, scenario, files that were read, drives, policies, seeds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/files/results_file.h"

namespace headway {

struct NamedResults {
  const Results& results;
  std::string_view name;  // "yesterday"
};

// A sentence each, at most `most` of those on values of the scenario and on drives, and then how many more there are:
// "scenario /policies/mine/max_in_flight: 6 in yesterday, 12 in today". Empty: the same experiment by the same program.
std::vector<std::string> differing(const NamedResults& first, const NamedResults& second, std::size_t most = 12);

// Why no policy of one did the same work as in the other: another layout, by the bytes of its file where it has one, or
// other workloads. Empty where both are the same, or results that are older do not say.
std::string other_task(const Results& first, const Results& second);

}  // namespace headway
