#include "core/id_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

using headway::IdSet;

TEST_CASE("agrees with a sorted set under random work, over several summary levels") {
  for (const std::uint32_t size : {1u, 64u, 65u, 5000u, 300000u}) {
    IdSet ids(size);
    std::set<std::uint32_t> plain;
    std::mt19937 twister(size);
    const auto random = [&] { return static_cast<std::uint32_t>(twister()); };
    for (int step = 0; step < 20000; ++step) {
      const std::uint32_t id = random() % size;
      switch (random() % 3) {
        case 0:
          ids.insert(id);
          plain.insert(id);
          break;
        case 1:
          ids.erase(id);
          plain.erase(id);
          break;
        default: {
          const std::uint32_t end = random() % (size + 1);
          const auto at = plain.lower_bound(id);
          const std::uint32_t expected = at == plain.end() || *at >= end ? end : *at;
          REQUIRE(ids.first_in(id, end) == expected);
          REQUIRE(ids.contains(id) == plain.contains(id));
        }
      }
    }
  }
}
