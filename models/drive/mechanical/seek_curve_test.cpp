#include "core/base/testing/approx.h"
#include "models/drive/mechanical/seek_curve.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace headway;

namespace {

Geometry three_zones() {
  std::vector<Zone> zones(3);
  zones[0] = {.first_cylinder = 0, .last_cylinder = 99, .sectors_per_track = 60};
  zones[1] = {.first_cylinder = 103, .last_cylinder = 249, .sectors_per_track = 50};
  zones[2] = {.first_cylinder = 250, .last_cylinder = 399, .sectors_per_track = 30};
  return Geometry(zones, 2, TrackOrder::cylinder, SparesPer::zone, 1, 2 * (100 * 60 + 147 * 50 + 150 * 30));
}

// The same by looking at every pair of cylinders.
double mean_by_force(const std::vector<double>& value, const Geometry& geometry) {
  double sum = 0, weights = 0;
  for (const auto& a : geometry.zones()) {
    for (std::uint32_t x = a.first_cylinder; x <= a.last_cylinder; ++x) {
      for (const auto& b : geometry.zones()) {
        for (std::uint32_t y = b.first_cylinder; y <= b.last_cylinder; ++y) {
          const double weight = static_cast<double>(a.sectors_per_track) * b.sectors_per_track;
          sum += weight * value[x > y ? x - y : y - x];
          weights += weight;
        }
      }
    }
  }
  return sum / weights;
}

}  // namespace

TEST_CASE("the mean over random pairs of addresses, by sums and by force") {
  const Geometry geometry = three_zones();
  std::vector<double> value(geometry.cylinders());
  for (std::size_t d = 0; d < value.size(); ++d) value[d] = std::sqrt(static_cast<double>(d)) + 0.01 * (d % 7 == 0);
  CHECK(mean_over_random_pairs(value, geometry) == testing::approx(mean_by_force(value, geometry)).epsilon(1e-12));
}

TEST_CASE("three data-sheet numbers are met exactly") {
  const Geometry geometry = three_zones();
  const auto curve = seek_from_data_sheet(1e-3, 1e-3, 8e-3, 17e-3, geometry);
  REQUIRE(curve.size() == 400);
  CHECK(curve[0] == 0);
  CHECK(curve[1] == testing::approx(1e-3).epsilon(1e-9));
  CHECK(curve[399] == testing::approx(17e-3).epsilon(1e-9));
  CHECK(mean_by_force(curve, geometry) == testing::approx(8e-3).epsilon(1e-9));
  CHECK(std::is_sorted(curve.begin(), curve.end()));
}

TEST_CASE("a settle: all but the next track take it, and the three numbers stay") {
  const Geometry geometry = three_zones();
  const auto curve = seek_from_data_sheet(0.3e-3, 1.1e-3, 8e-3, 17e-3, geometry);
  CHECK(curve[1] == 0.3e-3);
  CHECK(curve[2] > 1.1e-3);
  CHECK(curve[2] < 1.5e-3);
  CHECK(curve[399] == testing::approx(17e-3).epsilon(1e-9));
  CHECK(mean_by_force(curve, geometry) == testing::approx(8e-3).epsilon(1e-9));
  CHECK(std::is_sorted(curve.begin(), curve.end()));
}

TEST_CASE("an average that no rising curve has") {
  CHECK(seek_from_data_sheet(1e-3, 1e-3, 1.5e-3, 17e-3, three_zones()).empty());
}

TEST_CASE("points: between them, and beyond the last") {
  const auto curve = seek_from_points({{1, 1.0}, {3, 2.0}, {10, 9.0}}, 15);
  CHECK(curve[0] == 0);
  CHECK(curve[1] == 1.0);
  CHECK(curve[2] == testing::approx(1.5));
  CHECK(curve[3] == 2.0);
  CHECK(curve[5] == testing::approx(4.0));
  CHECK(curve[14] == testing::approx(13.0));
}

TEST_CASE("two pieces") {
  const auto curve = seek_from_two_pieces(3.24, 0.4, 8.0, 0.008, 383, 1962);  // the HP 97560 of Ruemmler and Wilkes
  CHECK(curve[382] == testing::approx(3.24 + 0.4 * std::sqrt(382.0)));
  CHECK(curve[383] == testing::approx(8.0 + 0.008 * 383));
}
