// A policy, of a plug-in or built in, held against the properties of core/properties/ on random small layouts, in
// processes of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/properties/trial.h"

namespace headway {

struct PolicyCases {
  std::uint64_t cases = 1000;
  std::uint32_t seed = 1;  // of the first; the others follow
};

// A case that breaks a property, with as little in it as could be had.
struct CounterExample {
  PropertyId id;
  std::uint32_t seed = 0;  // of the case as it came
  testing::Case least{};
  std::string what;                 // is wrong in the least
  std::vector<std::string> story;   // its layout, and what happened
};

struct PropertyTally {
  std::uint64_t held = 0;    // cases that were looked at for it
  std::uint64_t broken = 0;  // of which it is what was broken first
};

struct PolicyCheck {
  std::uint64_t cases = 0;  // that came to an end: one that does not is the last
  std::uint64_t decisions = 0;
  std::vector<PropertyTally> tallies;  // by PropertyId
  std::vector<CounterExample> counter_examples;  // one for each property that is broken

  bool holds() const { return counter_examples.empty(); }
};

PolicyCheck check_policy(const Policy& policy, const PolicyCases& options);

// For people, at most 100 columns but for what the policy says itself.
std::string check_report(const Policy& policy, const PolicyCases& options, const PolicyCheck& check);

}  // namespace headway
