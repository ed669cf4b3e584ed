#include "core/base/testing/approx.h"
#include "models/drive/mechanical/geometry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
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

namespace {

struct Walked {
  std::uint32_t cylinder, head, sector;
  double angle;
};

// The drive's addresses in order, by walking over its tracks one by one: no arithmetic that the map shares.
class Walk {
 public:
  Walk(const std::vector<Zone>& zones, std::uint32_t surfaces, TrackOrder order, SparesPer spares,
       std::uint32_t range_cylinders, std::uint32_t band_tracks)
      : surfaces_(surfaces), order_(order), band_tracks_(band_tracks) {
    for (const Zone& zone : zones) {
      const auto places = places_of(zone);
      std::size_t unit = places.size(), spare = zone.spare_sectors;
      if (spares == SparesPer::track) unit = zone.sectors_per_track;
      if (spares == SparesPer::cylinder) unit = std::size_t{zone.sectors_per_track} * surfaces;
      if (spares == SparesPer::range) unit = std::size_t{zone.sectors_per_track} * surfaces * range_cylinders;
      if (spares == SparesPer::zone_track) spare *= zone.sectors_per_track;
      std::size_t reserved = zone.front_sectors;
      for (std::size_t first = 0; first < places.size(); first += unit) {
        std::size_t room = unit - spare;
        for (std::size_t i = first; i < std::min(first + unit, places.size()) && room > 0; ++i) {
          if (std::find(zone.slips.begin(), zone.slips.end(), i) != zone.slips.end()) continue;
          --room;
          if (reserved > 0)
            --reserved;
          else
            addresses.push_back(places[i]);
        }
      }
    }
  }

  std::vector<Walked> addresses;

 private:
  std::vector<Walked> places_of(const Zone& zone) const {
    std::vector<Walked> places;
    double skew = zone.first_sector_offset;
    bool back = false;
    for (std::uint32_t first = zone.first_cylinder; first <= zone.last_cylinder; first += band_tracks_) {
      if (first > zone.first_cylinder) skew += zone.cylinder_skew_sectors;
      const std::uint32_t last = std::min(first + band_tracks_ - 1, zone.last_cylinder);
      for (std::uint32_t turn = 0; turn < surfaces_; ++turn) {
        if (turn > 0) skew += zone.track_skew_sectors;
        std::vector<std::uint32_t> cylinders;
        for (std::uint32_t cylinder = first; cylinder <= last; ++cylinder) cylinders.push_back(cylinder);
        if (turn % 2 == 1) std::reverse(cylinders.begin(), cylinders.end());
        for (const std::uint32_t cylinder : cylinders) {
          if (cylinder != cylinders.front()) skew += zone.step_skew_sectors;
          for (std::uint32_t sector = 0; sector < zone.sectors_per_track; ++sector)
            places.push_back({cylinder, back ? surfaces_ - 1 - turn : turn, sector,
                              std::fmod((skew + sector) / zone.sectors_per_track, 1.0)});
        }
      }
      back = order_ == TrackOrder::serpentine && !back;
    }
    return places;
  }

  std::uint32_t surfaces_;
  TrackOrder order_;
  std::uint32_t band_tracks_;
};

struct Layout {
  std::vector<Zone> zones;
  std::uint32_t surfaces, range_cylinders, band_tracks;
  TrackOrder order;
  SparesPer spares;
};

Layout random_layout(std::mt19937& random) {
  const auto up_to = [&](std::uint32_t most) { return static_cast<std::uint32_t>(random() % (most + 1)); };
  Layout all{.zones = {},
             .surfaces = 1 + up_to(4),
             .range_cylinders = 1 + up_to(3),
             .band_tracks = up_to(2) == 0 ? 1 : 1 + up_to(8),
             .order = up_to(1) == 0 ? TrackOrder::cylinder : TrackOrder::serpentine,
             .spares = std::array{SparesPer::zone, SparesPer::zone_track, SparesPer::track, SparesPer::cylinder,
                                  SparesPer::range}[up_to(all.band_tracks > 1 ? 2 : 4)]};
  std::uint32_t cylinder = 0;
  for (std::uint32_t zones = 1 + up_to(3); zones > 0; --zones) {
    Zone zone;
    zone.first_cylinder = cylinder + up_to(2);
    zone.last_cylinder = zone.first_cylinder + 1 + up_to(20);
    cylinder = zone.last_cylinder + 1;
    zone.sectors_per_track = 8 + up_to(12);
    zone.step_skew_sectors = all.band_tracks > 1 ? up_to(5) : 0;
    zone.track_skew_sectors = up_to(5);
    zone.cylinder_skew_sectors = up_to(7);
    zone.first_sector_offset = up_to(3);
    zone.spare_sectors = all.spares == SparesPer::zone_track ? up_to(1) : up_to(3);
    zone.front_sectors = up_to(3);
    if (zone.spare_sectors > 0 && all.spares != SparesPer::zone_track && up_to(1) == 0)
      zone.slips = {up_to(zone.sectors_per_track)};
    all.zones.push_back(zone);
  }
  return all;
}

}  // namespace

TEST_CASE("the map is a walk over the tracks, and its inverse finds the way back: random layouts") {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Layout layout = random_layout(random);
    const Walk walk(layout.zones, layout.surfaces, layout.order, layout.spares, layout.range_cylinders,
                    layout.band_tracks);
    std::uint64_t held = 0;
    for (const Zone& zone : layout.zones)
      held += zone_capacity(zone, layout.surfaces, layout.spares, layout.range_cylinders);
    REQUIRE(held == walk.addresses.size());
    const Geometry geometry(layout.zones, layout.surfaces, layout.order, layout.spares, layout.range_cylinders, held,
                            layout.band_tracks);
    std::uint64_t wrong = 0, found = 0;
    SectorPlace before;
    for (std::uint64_t i = 0; i < held; ++i) {
      const Walked& there = walk.addresses[i];
      const SectorPlace at = geometry.place(i);
      const SectorPlace near = i == 0 ? at : geometry.place_near(i, i - 1, before);
      const double off = std::abs(at.angle - there.angle);
      wrong += at.cylinder != there.cylinder || at.head != there.head || at.sector != there.sector ||
               std::min(off, 1 - off) > 1e-9 || near.sector != at.sector || near.angle != at.angle ||
               near.cylinder != at.cylinder || near.head != at.head ||
               geometry.address(at.cylinder, at.head, at.sector) != i;
      before = at;
    }
    CHECK(wrong == 0);
    for (std::uint32_t cylinder = 0; cylinder <= geometry.cylinders(); ++cylinder) {
      for (std::uint32_t head = 0; head <= layout.surfaces; ++head) {
        for (std::uint32_t sector = 0; sector <= 20; ++sector)
          found += geometry.address(cylinder, head, sector).has_value();
      }
    }
    CHECK(found == held);  // and nowhere else
  }
}

TEST_CASE("a band: one surface inwards, the next outwards, then the next band") {
  const std::vector<Zone> zones{{.first_cylinder = 0,
                                 .last_cylinder = 9,
                                 .sectors_per_track = 20,
                                 .step_skew_sectors = 1,
                                 .track_skew_sectors = 3,
                                 .cylinder_skew_sectors = 7}};
  const Geometry geometry(zones, 2, TrackOrder::cylinder, SparesPer::zone, 1, 400, 4);
  const auto is_at = [&](std::uint64_t track, std::uint32_t cylinder, std::uint32_t head, double skew_sectors) {
    const SectorPlace at = geometry.place(track * 20);
    CAPTURE(track);
    CHECK(at.cylinder == cylinder);
    CHECK(at.head == head);
    CHECK(at.angle == testing::approx(std::fmod(skew_sectors / 20, 1.0)));
  };
  is_at(0, 0, 0, 0);
  is_at(3, 3, 0, 3);            // three steps
  is_at(4, 3, 1, 3 + 3);        // the other surface, same cylinder
  is_at(7, 0, 1, 6 + 3);        // and back
  is_at(8, 4, 0, 9 + 7);        // the next band
  is_at(16, 8, 0, 2 * 9 + 14);  // the last one has two tracks a surface
  is_at(18, 9, 1, 32 + 1 + 3);
  is_at(19, 8, 1, 36 + 1);
  CHECK(geometry.band_step() == 4);
}
