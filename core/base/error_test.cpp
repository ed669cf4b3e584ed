#include "core/base/error.h"

#include <doctest/doctest.h>

#include <vector>

using namespace headway;

TEST_CASE("a mistyped name is told from a strange one") {
  const std::vector<std::string> known{"--output", "run", "rpm", "sptf",
                                       "RAID10",   "max_in_flight", "throughput_bytes_per_s"};
  CHECK(nearest_name("--outptu", known) == "--output");
  CHECK(nearest_name("rnu", known) == "run");  // swapped letters are one mistake
  CHECK(nearest_name("rmp", known) == "rpm");
  CHECK(nearest_name("SPTF", known) == "sptf");
  CHECK(nearest_name("raid-10", known) == "RAID10");
  CHECK(nearest_name("max-in-flight", known) == "max_in_flight");
  CHECK(nearest_name("throughput", known) == "throughput_bytes_per_s");
  CHECK(nearest_name("cfq", known).empty());
  CHECK(nearest_name("-x", std::vector<std::string>{"-h"}).empty());
  CHECK(nearest_name("", known).empty());
  CHECK(nearest_name(std::string(1'000'000, 'r'), known).empty());
}

TEST_CASE("the list of known names is never empty") {
  CHECK(unknown_name("a", std::vector<std::string>{"xyz", "uvw"}) == "\"a\"; known are xyz, uvw");
  CHECK(unknown_name("a", {}) == "\"a\"; there is none to choose from");
}
