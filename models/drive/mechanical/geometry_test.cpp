#include "core/base/testing/approx.h"
#include "models/drive/mechanical/geometry.h"

#include <doctest/doctest.h>

#include <set>
#include <tuple>

using namespace headway;

namespace {

std::vector<Zone> two_zones() {
  Zone outer{.first_cylinder = 0,
             .last_cylinder = 5,
             .sectors_per_track = 20,
             .track_skew_sectors = 3,
             .cylinder_skew_sectors = 7,
             .spare_sectors = 2};
  Zone inner{.first_cylinder = 7,
             .last_cylinder = 12,
             .sectors_per_track = 10,
             .track_skew_sectors = 2,
             .cylinder_skew_sectors = 3,
             .spare_sectors = 2};
  return {outer, inner};
}

std::uint64_t held(const std::vector<Zone>& zones, SparesPer spares) {
  std::uint64_t sum = 0;
  for (const auto& zone : zones) sum += zone_capacity(zone, 3, spares, 2);
  return sum;
}

}  // namespace

TEST_CASE("every address has a place of its own, whatever the spares count") {
  for (const auto spares :
       {SparesPer::zone, SparesPer::zone_track, SparesPer::cylinder, SparesPer::track, SparesPer::range}) {
    for (const auto order : {TrackOrder::cylinder, TrackOrder::serpentine}) {
      CAPTURE(static_cast<int>(spares));
      auto zones = two_zones();
      zones[0].slips = {5, 6, 121};
      zones[0].front_sectors = 20;
      const Geometry geometry(zones, 3, order, spares, 2, held(zones, spares));
      std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> places;
      for (std::uint64_t sector = 0; sector < geometry.sectors(); ++sector) {
        const SectorPlace at = geometry.place(sector);
        CHECK(places.insert({at.cylinder, at.head, at.sector}).second);
        CHECK(at.cylinder != 6);  // left out
        CHECK(at.head < 3);
        CHECK(at.run_sectors >= 1);
        CHECK(at.sector < (at.cylinder < 6 ? 20u : 10u));
        if (at.run_sectors > 1 && sector + 1 < geometry.sectors()) {
          const SectorPlace next = geometry.place(sector + 1);
          const bool same_track = next.cylinder == at.cylinder && next.head == at.head;
          CHECK((same_track || (at.sector > 15 && !zones[0].slips.empty())));  // a slip may push the last ones on
        }
      }
    }
  }
}

TEST_CASE("spares take away what they count") {
  const auto zones = two_zones();
  const std::uint64_t all = 6 * 3 * 20 + 6 * 3 * 10;
  CHECK(held(zones, SparesPer::zone) == all - 2 - 2);
  CHECK(held(zones, SparesPer::zone_track) == all - 2 * 20 - 2 * 10);
  CHECK(held(zones, SparesPer::cylinder) == all - 2 * 12);
  CHECK(held(zones, SparesPer::track) == all - 2 * 36);
  CHECK(held(zones, SparesPer::range) == all - 2 * 6);
}

TEST_CASE("skews turn the next track's first sector") {
  const auto zones = two_zones();
  const Geometry geometry(zones, 3, TrackOrder::cylinder, SparesPer::zone, 1, 500);
  CHECK(geometry.place(0).angle == 0);
  CHECK(geometry.place(1).angle == testing::approx(1.0 / 20));
  CHECK(geometry.place(20).angle == testing::approx(3.0 / 20));
  CHECK(geometry.place(60).angle == testing::approx((3.0 + 3 + 7) / 20));  // two track switches, one cylinder
  CHECK(geometry.place(60).cylinder == 1);
  CHECK(geometry.place(60).head == 0);
}

TEST_CASE("a serpentine turns round at each cylinder") {
  const auto zones = two_zones();
  const Geometry geometry(zones, 3, TrackOrder::serpentine, SparesPer::zone, 1, 500);
  CHECK(geometry.place(40).head == 2);
  CHECK(geometry.place(60).head == 2);
  CHECK(geometry.place(100).head == 0);
  CHECK(geometry.place(120).head == 0);
}

TEST_CASE("slipped places move what follows, within the zone") {
  auto zones = two_zones();
  zones[0].slips = {3, 4};
  const Geometry geometry(zones, 3, TrackOrder::cylinder, SparesPer::zone, 1, held(zones, SparesPer::zone));
  CHECK(geometry.place(2).sector == 2);
  CHECK(geometry.place(3).sector == 5);
  CHECK(geometry.place(357).sector == 19);  // the two spares are used up
  CHECK(geometry.place(358).cylinder == 7);
}
