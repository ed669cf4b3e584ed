#include "sim/engine/calendar.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using headway::Calendar;

TEST_CASE("the earliest is the least date, the lowest entry among equals") {
  for (const std::uint32_t entries : {1u, 2u, 3u, 12u, 1000u}) {
    Calendar calendar(entries);
    std::vector<double> plain(entries, Calendar::never);
    std::mt19937 random(entries);
    CHECK(calendar.earliest_date() == Calendar::never);
    for (int step = 0; step < 5000; ++step) {
      const auto entry = static_cast<std::uint32_t>(random() % entries);
      plain[entry] = random() % 4 == 0 ? Calendar::never : static_cast<double>(random() % 50);
      calendar.set(entry, plain[entry]);
      const auto least = std::min_element(plain.begin(), plain.end());
      REQUIRE(calendar.earliest_date() == *least);
      if (*least != Calendar::never) REQUIRE(calendar.earliest() == least - plain.begin());
    }
  }
}
