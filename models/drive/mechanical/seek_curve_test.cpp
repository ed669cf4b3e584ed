#include "models/drive/mechanical/seek_curve.h"
#include "core/base/testing/approx.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

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
double mean_by_force(const SeekCurve& value, const Geometry& geometry) {
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

bool rises(const SeekCurve& curve) {
  for (std::uint32_t d = 1; d < curve.size(); ++d) {
    if (curve[d] < curve[d - 1]) return false;
  }
  return true;
}

using Points = std::vector<std::pair<std::uint32_t, double>>;

// What a table of the points holds, by walking along it.
std::vector<double> table_of(const Points& points, std::uint32_t cylinders) {
  std::vector<double> table(cylinders, 0.0);
  std::size_t i = 0;  // the point at or above the distance
  for (std::uint32_t d = 1; d < cylinders; ++d) {
    while (i + 1 < points.size() && points[i].first < d) ++i;
    table[d] = points[i].second;
    if (i == 0 || points[i].first == d) continue;
    const auto [d1, t1] = points[i - 1];
    const auto [d2, t2] = points[i];
    table[d] = t1 + (t2 - t1) * (static_cast<double>(d) - d1) / (static_cast<double>(d2) - d1);
  }
  return table;
}

}  // namespace

TEST_CASE("the mean over random pairs of addresses, by sums and by force") {
  const Geometry geometry = three_zones();
  Points points;
  for (std::uint32_t d = 1; d < geometry.cylinders(); ++d)
    points.emplace_back(d, std::sqrt(static_cast<double>(d)) + 0.01 * (d % 7 == 0));
  const SeekCurve value(points, geometry.cylinders());
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
  CHECK(rises(curve));
}

TEST_CASE("a settle: all but the next track take it, and the three numbers stay") {
  const Geometry geometry = three_zones();
  const auto curve = seek_from_data_sheet(0.3e-3, 1.1e-3, 8e-3, 17e-3, geometry);
  CHECK(curve[1] == 0.3e-3);
  CHECK(curve[2] > 1.1e-3);
  CHECK(curve[2] < 1.5e-3);
  CHECK(curve[399] == testing::approx(17e-3).epsilon(1e-9));
  CHECK(mean_by_force(curve, geometry) == testing::approx(8e-3).epsilon(1e-9));
  CHECK(rises(curve));
}

TEST_CASE("an average that no rising curve has") {
  CHECK(seek_from_data_sheet(1e-3, 1e-3, 1.5e-3, 17e-3, three_zones()).empty());
}

TEST_CASE("points: between them, and beyond the last") {
  const SeekCurve curve(Points{{1, 1.0}, {3, 2.0}, {10, 9.0}}, 15);
  CHECK(curve[0] == 0);
  CHECK(curve[1] == 1.0);
  CHECK(curve[2] == testing::approx(1.5));
  CHECK(curve[3] == 2.0);
  CHECK(curve[5] == testing::approx(4.0));
  CHECK(curve[14] == testing::approx(13.0));
}

TEST_CASE("random points: to the bit what a table of them holds") {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto up_to = [&](std::uint32_t most) { return static_cast<std::uint32_t>(random() % most) + 1; };
    Points points;
    std::uint32_t distance = 0;
    for (std::uint32_t left = 1 + up_to(40); left > 0; --left)
      points.emplace_back(distance += up_to(seed % 3 == 0 ? 2 : 50), 1e-6 * up_to(5000));
    const std::uint32_t cylinders = 1 + up_to(2 * distance);  // the last points may lie beyond
    const SeekCurve curve(points, cylinders);
    const auto table = table_of(points, cylinders);
    std::uint64_t wrong = 0;
    for (std::uint32_t d = 0; d < cylinders; ++d) wrong += curve[d] != table[d];
    CHECK(wrong == 0);
  }
}

TEST_CASE("from one cylinder to several: as one by one, and a data sheet's to the bit by its formula") {
  const Geometry geometry = three_zones();
  const auto sheet = seek_from_data_sheet(0.3e-3, 1.1e-3, 8e-3, 17e-3, geometry);
  const auto pieces = seek_from_two_pieces(3.24e-3, 0.4e-3, 8e-3, 0.008e-3, 83, 400);
  const SeekCurve points(Points{{1, 1.0}, {3, 2.0}, {10, 9.0}}, 400);
  std::vector<std::int32_t> to(400);
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::int32_t>(i);
  std::vector<double> seek_s(to.size());
  for (const SeekCurve* curve : {&sheet, &pieces, &points}) {
    for (const std::int32_t here : {0, 150, 399}) {
      curve->from(here, to, seek_s);
      std::uint64_t wrong = 0;
      for (std::size_t i = 0; i < to.size(); ++i)
        wrong += seek_s[i] != (*curve)[static_cast<std::uint32_t>(std::abs(to[i] - here))];
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("two pieces") {
  const auto curve = seek_from_two_pieces(3.24, 0.4, 8.0, 0.008, 383, 1962);  // the HP 97560 of Ruemmler and Wilkes
  CHECK(curve[382] == testing::approx(3.24 + 0.4 * std::sqrt(382.0)));
  CHECK(curve[383] == testing::approx(8.0 + 0.008 * 383));
}
