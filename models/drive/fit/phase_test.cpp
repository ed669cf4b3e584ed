#include "models/drive/fit/phase.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/base/testing/approx.h"

using namespace headway;
using namespace headway::fit;

namespace {

constexpr double turn_s = 8.25e-3;

// Ends at random addresses of two zones of 100 and 80 sectors a track, at dates when their sectors come by.
std::vector<MediaEnd> ends(std::size_t count, double late_s) {
  std::mt19937_64 random(7);
  std::vector<MediaEnd> all;
  double at_s = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t sector = random() % 40000;
    const std::uint64_t track = sector < 20000 ? 100 : 80;
    const std::uint64_t skew = sector / track * (track / 5);
    const double angle = static_cast<double>((sector + skew) % track) / static_cast<double>(track);
    at_s += 0.01 + 1e-6 * static_cast<double>(random() % 20000);
    at_s = (std::ceil(at_s / turn_s - angle) + angle) * turn_s;
    all.push_back({at_s + late_s * 1e-3 * static_cast<double>(random() % 1000), sector});
  }
  return all;
}

}  // namespace

TEST_CASE("the rotation period and the track lengths come from the dates of ends alone") {
  const auto all = ends(5000, 0);
  const auto found = find_revolution(all, 8e-3, 0.25);
  REQUIRE(found);
  CHECK(found->s == testing::approx(turn_s).epsilon(1e-5));
  const Layout layout = find_layout(all, *found);
  REQUIRE(layout.zones.size() == 2);
  CHECK(layout.zones[0].sectors_per_track == testing::approx(100.0).epsilon(1e-3));
  CHECK(layout.zones[1].sectors_per_track == testing::approx(80.0).epsilon(1e-3));
  CHECK(std::abs(static_cast<double>(layout.zones[1].first_sector) - 20000) < 100);
}

TEST_CASE("half a millisecond of disorder is borne, a whole turn of it shows no angle") {
  const auto found = find_revolution(ends(5000, 0.5e-3), 8.3e-3, 0.02);
  REQUIRE(found);
  CHECK(found->s == testing::approx(turn_s).epsilon(1e-4));
  CHECK_FALSE(find_revolution(ends(5000, turn_s), 8.3e-3, 0.02));
  CHECK_FALSE(find_revolution(ends(10, 0), 8e-3, 0.25));
}
