#include "models/drive/geometry.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace headway {

namespace {

std::uint64_t zone_places(const Zone& zone, std::uint32_t surfaces) {
  return (std::uint64_t{zone.last_cylinder} - zone.first_cylinder + 1) * surfaces * zone.sectors_per_track;
}

std::uint64_t unit_places(const Zone& zone, std::uint32_t surfaces, SparesPer spares, std::uint32_t range_cylinders) {
  const std::uint64_t track = zone.sectors_per_track;
  switch (spares) {
    case SparesPer::track:
      return track;
    case SparesPer::cylinder:
      return track * surfaces;
    case SparesPer::range:
      return track * surfaces * range_cylinders;
    case SparesPer::zone:
    case SparesPer::zone_track:
      break;
  }
  return zone_places(zone, surfaces);
}

// How many slipped places an address steps over that would lie at `position` in a unit without any.
std::uint64_t slips_before(const std::vector<std::uint32_t>& slips, std::uint64_t unit_first, std::uint64_t position) {
  const auto begin = std::lower_bound(slips.begin(), slips.end(), unit_first);
  std::uint64_t low = 0;  // the first k with begin[k] - k > position: begin[k] - k never falls
  std::uint64_t high = static_cast<std::uint64_t>(slips.end() - begin);
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (begin[static_cast<std::ptrdiff_t>(middle)] <= position + middle)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

double fraction(double x) { return x - std::floor(x); }

}  // namespace

std::uint64_t zone_capacity(const Zone& zone, std::uint32_t surfaces, SparesPer spares, std::uint32_t range_cylinders) {
  const std::uint64_t places = zone_places(zone, surfaces);
  const std::uint64_t unit = unit_places(zone, surfaces, spares, range_cylinders);
  const std::uint64_t each =
      std::uint64_t{zone.spare_sectors} * (spares == SparesPer::zone_track ? zone.sectors_per_track : 1);
  // Slipped sectors use up spares; only where a zone has no spares do they cost addresses.
  std::uint64_t lost = places / unit * each;
  if (unit == places) lost = std::max<std::uint64_t>(lost, zone.slips.size());
  lost += zone.front_sectors;
  return lost < places ? places - lost : 0;
}

std::optional<std::uint32_t> excess_slip(const Zone& zone, std::uint32_t surfaces, SparesPer spares,
                                         std::uint32_t range_cylinders) {
  const std::uint64_t unit = unit_places(zone, surfaces, spares, range_cylinders);
  std::uint64_t current = UINT64_MAX, count = 0;
  for (const std::uint32_t slip : zone.slips) {
    if (slip >= zone_places(zone, surfaces)) return slip;
    count = slip / unit == current ? count + 1 : 1;
    current = slip / unit;
    const bool zone_wide = spares == SparesPer::zone || spares == SparesPer::zone_track;
    if (!zone_wide && count > zone.spare_sectors) return slip;
  }
  return std::nullopt;
}

Geometry::Geometry(std::vector<Zone> zones, std::uint32_t surfaces, TrackOrder order, SparesPer spares,
                   std::uint32_t range_cylinders, std::uint64_t sectors)
    : zones_(std::move(zones)), surfaces_(surfaces), order_(order), sectors_(sectors) {
  std::uint64_t first = 0;
  for (Zone& zone : zones_) {
    zone.first_sector = first;
    zone.sectors = zone_capacity(zone, surfaces, spares, range_cylinders);
    zone.unit_places = unit_places(zone, surfaces, spares, range_cylinders);
    if (spares == SparesPer::zone || spares == SparesPer::zone_track) zone.spare_sectors = 0;  // behind the last one
    zone.turn_per_sector = 1.0 / zone.sectors_per_track;
    zone_starts_.push_back(first);
    first += zone.sectors;
  }
  assert(sectors_ > 0 && sectors_ <= first);
}

std::uint32_t Geometry::zone_of(std::uint64_t sector) const {
  const auto after = std::upper_bound(zone_starts_.begin(), zone_starts_.end(), sector);
  return static_cast<std::uint32_t>(after - zone_starts_.begin() - 1);
}

Place Geometry::place(std::uint64_t sector) const {
  assert(sector < sectors_);
  Place at;
  at.zone = zone_of(sector);
  const Zone& zone = zones_[at.zone];
  std::uint64_t position = sector - zone.first_sector + zone.front_sectors;  // among the places that hold addresses
  std::uint64_t unit_first = 0;                                              // the place where its unit begins
  std::uint64_t unit_left = UINT64_MAX;                                      // addresses to the unit's end
  if (zone.spare_sectors != 0) {
    const std::uint64_t held = zone.unit_places - zone.spare_sectors;
    unit_first = position / held * zone.unit_places;
    unit_left = held - position % held;
    position = unit_first + position % held;
  }
  if (!zone.slips.empty()) position += slips_before(zone.slips, unit_first, position);
  const std::uint64_t track = position / zone.sectors_per_track;
  at.sector = static_cast<std::uint32_t>(position % zone.sectors_per_track);
  const auto cylinder = track / surfaces_;  // counted from the zone's start
  const auto turn = static_cast<std::uint32_t>(track % surfaces_);
  at.cylinder = static_cast<std::uint32_t>(zone.first_cylinder + cylinder);
  at.head = order_ == TrackOrder::serpentine && cylinder % 2 == 1 ? surfaces_ - 1 - turn : turn;
  at.run_sectors = zone.sectors_per_track - at.sector;
  const std::uint64_t left = std::min(unit_left, zone.first_sector + zone.sectors - sector);
  at.run_sectors = static_cast<std::uint32_t>(std::min<std::uint64_t>(at.run_sectors, left));
  const double track_switches = static_cast<double>(turn + (surfaces_ - 1) * cylinder);
  const double skew = track_switches * zone.track_skew_sectors +
                      static_cast<double>(cylinder) * zone.cylinder_skew_sectors + zone.first_sector_offset;
  at.angle = fraction((skew + at.sector) * zone.turn_per_sector);
  return at;
}

}  // namespace headway
