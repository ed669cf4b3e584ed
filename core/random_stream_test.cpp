#include "core/random_stream.h"

#include <doctest/doctest.h>

#include <set>

using namespace headway;

TEST_CASE("each purpose has numbers of its own, and they are the same everywhere") {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {1ull, 2ull, 1ull << 40}) {
    for (const auto purpose : {RandomPurpose::requests, RandomPurpose::growth, RandomPurpose::warm_up,
                               RandomPurpose::read_errors, RandomPurpose::memory_faults}) {
      for (const std::uint16_t number : {std::uint16_t{1}, std::uint16_t{2}}) {
        if (purpose == RandomPurpose::growth && number == 2) continue;  // one a run
        auto stream = random_stream(seed, purpose, number);
        auto again = random_stream(seed, purpose, number);
        for (int i = 0; i < 100; ++i, ++drawn) {
          const std::uint64_t lot = stream();
          CHECK(again() == lot);
          seen.insert(lot);
        }
      }
    }
  }
  CHECK(seen.size() == drawn);
  // Fixed by the C++ standard: the 10,000th number of the default seed, and growth takes the seed as it stands.
  auto standard = random_stream(5489, RandomPurpose::growth);
  standard.discard(9999);
  CHECK(standard() == 9981545732273789042ull);
}
