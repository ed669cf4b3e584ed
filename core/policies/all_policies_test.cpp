// What must hold of every policy, on random layouts: core/properties/ has it, one by one.
//
// HEADWAY_CASES sets the number of cases for each policy, HEADWAY_SEED the first seed.
#include <doctest/doctest.h>

#include <cstdlib>

#include "core/properties/trial.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("every policy keeps what every policy must, on random layouts") {
  const std::uint64_t cases = from_environment("HEADWAY_CASES", 500);
  const auto first = static_cast<std::uint32_t>(from_environment("HEADWAY_SEED", 1));
  for (const Policy* policy : policies()) {
    std::uint64_t decisions = 0;
    for (std::uint32_t seed = first; seed < first + cases; ++seed) {
      Trial trial(*policy, random_case(seed), Trial::LeavesOut::nothing);
      const auto failure = trial.run();
      decisions += trial.decisions();
      if (!failure) continue;
      const auto fails = [&](const Case& c) {
        const auto other = Trial(*policy, c, Trial::LeavesOut::nothing).run();
        return other && other->id == failure->id;
      };
      const Case least = shrink(random_case(seed), fails);
      FAIL(policy->name, ", seed ", seed, ", ", property(failure->id).name, ", shrunk to: ", describe(least), "\n",
           Trial(*policy, least, Trial::LeavesOut::nothing).run()->what);
    }
    MESSAGE(policy->name, ": ", cases, " cases, ", decisions, " decisions");
  }
}
