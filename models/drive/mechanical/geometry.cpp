#include "models/drive/mechanical/geometry.h"

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

// x is not negative and below 2^63.
double fraction(double x) { return x - static_cast<double>(static_cast<std::int64_t>(x)); }

struct Division {
  std::uint64_t quotient;
  std::uint64_t rest;
};

// n / d by the reciprocal of d, which is off by one at most: n is below 2^52. A 64-bit division takes several times as
// long.
Division divide(std::uint64_t n, std::uint64_t d, double reciprocal) {
  auto quotient = static_cast<std::uint64_t>(static_cast<double>(n) * reciprocal);
  auto rest = static_cast<std::int64_t>(n - quotient * d);
  if (rest < 0) {
    --quotient;
    rest += static_cast<std::int64_t>(d);
  } else if (rest >= static_cast<std::int64_t>(d)) {
    ++quotient;
    rest -= static_cast<std::int64_t>(d);
  }
  return {quotient, static_cast<std::uint64_t>(rest)};
}

}  // namespace

std::uint64_t zone_capacity(const Zone& zone, std::uint32_t surfaces, SparesPer spares, std::uint32_t range_cylinders) {
  const std::uint64_t places = zone_places(zone, surfaces);
  const std::uint64_t unit = unit_places(zone, surfaces, spares, range_cylinders);
  const std::uint64_t each =
      std::uint64_t{zone.spare_sectors} * (spares == SparesPer::zone_track ? zone.sectors_per_track : 1);
  // Slipped sectors use up spares; only where a zone has no spares do they cost addresses.
  std::uint64_t lost = places / unit * each;
  if (const std::uint64_t rest = places % unit; rest != 0) {  // a short last unit: what is missing of it may be spares
    const auto slipped = zone.slips.end() - std::lower_bound(zone.slips.begin(), zone.slips.end(), places - rest);
    lost += std::max(rest + each > unit ? rest + each - unit : 0, static_cast<std::uint64_t>(slipped));
  }
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
                   std::uint32_t range_cylinders, std::uint64_t sectors, std::uint32_t band_tracks)
    : zones_(std::move(zones)), surfaces_(surfaces), order_(order), band_tracks_(band_tracks), sectors_(sectors) {
  assert(band_tracks >= 1 && (band_tracks == 1 || (spares != SparesPer::cylinder && spares != SparesPer::range)));
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
  while (first >> hint_shift_ > 4 * zones_.size()) ++hint_shift_;
  for (std::uint64_t hint = 0; hint <= first >> hint_shift_; ++hint) {
    const auto after = std::upper_bound(zone_starts_.begin(), zone_starts_.end(), hint << hint_shift_);
    zone_hints_.push_back(static_cast<std::uint32_t>(after - zone_starts_.begin() - 1));
  }
  zone_starts_.push_back(UINT64_MAX);
}

std::uint32_t Geometry::zone_of(std::uint64_t sector) const {
  std::uint32_t zone = zone_hints_[sector >> hint_shift_];
  while (zone_starts_[zone + 1] <= sector) ++zone;
  return zone;
}

Geometry::Track Geometry::track_at(const Zone& zone, std::uint32_t ordinal) const {
  if (band_tracks_ == 1) return {ordinal / surfaces_, ordinal / surfaces_, ordinal % surfaces_, 0};
  const std::uint32_t in_band = surfaces_ * band_tracks_;
  const std::uint32_t band = ordinal / in_band;
  const std::uint32_t rest = ordinal % in_band;
  const std::uint32_t first = band * band_tracks_;
  const std::uint32_t width = std::min(band_tracks_, zone.last_cylinder - zone.first_cylinder + 1 - first);
  const std::uint32_t turn = rest / width;
  const std::uint32_t along = rest % width;
  return {first + (turn % 2 == 0 ? along : width - 1 - along), band, turn, ordinal - band * surfaces_ - turn};
}

std::uint64_t Geometry::ordinal_of(const Zone& zone, std::uint32_t cylinder, std::uint32_t head) const {
  const std::uint32_t band = cylinder / band_tracks_;
  const std::uint32_t first = band * band_tracks_;
  const std::uint32_t width = std::min(band_tracks_, zone.last_cylinder - zone.first_cylinder + 1 - first);
  const std::uint32_t turn = order_ == TrackOrder::serpentine && band % 2 == 1 ? surfaces_ - 1 - head : head;
  const std::uint32_t along = turn % 2 == 0 ? cylinder - first : width - 1 - (cylinder - first);
  return std::uint64_t{first} * surfaces_ + std::uint64_t{turn} * width + along;
}

double Geometry::skew_sectors(const Zone& zone, const Track& track) const {
  const double switches = static_cast<double>(track.turn + std::uint64_t{surfaces_ - 1} * track.band);
  const double skew = switches * zone.track_skew_sectors +
                      static_cast<double>(track.band) * zone.cylinder_skew_sectors + zone.first_sector_offset;
  return skew + track.steps * zone.step_skew_sectors;
}

SectorPlace Geometry::place_near(std::uint64_t sector, std::uint64_t from_sector, const SectorPlace& from) const {
  const std::uint64_t on = sector - from_sector;  // huge for an address before it
  const Zone& zone = zones_[from.zone];
  if (on >= from.run_sectors || !zone.slips.empty()) return place(sector);
  SectorPlace at = from;
  at.sector += static_cast<std::uint32_t>(on);
  at.run_sectors -= static_cast<std::uint32_t>(on);
  at.angle = fraction((at.skew_sectors + at.sector) * zone.turn_per_sector);
  return at;
}

SectorPlace Geometry::place(std::uint64_t sector) const {
  assert(sector < sectors_);
  SectorPlace at;
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
  const auto [ordinal, on_track] = divide(position, zone.sectors_per_track, zone.turn_per_sector);
  at.sector = static_cast<std::uint32_t>(on_track);
  assert(ordinal <= UINT32_MAX);  // a division of 32 bits is the quicker one
  const Track track = track_at(zone, static_cast<std::uint32_t>(ordinal));
  at.cylinder = zone.first_cylinder + track.cylinder;
  at.head = head_of(track);
  at.run_sectors = zone.sectors_per_track - at.sector;
  const std::uint64_t left = std::min(unit_left, zone.first_sector + zone.sectors - sector);
  at.run_sectors = static_cast<std::uint32_t>(std::min<std::uint64_t>(at.run_sectors, left));
  at.skew_sectors = skew_sectors(zone, track);
  at.angle = fraction((at.skew_sectors + at.sector) * zone.turn_per_sector);
  return at;
}

std::optional<std::uint64_t> Geometry::address(std::uint32_t cylinder, std::uint32_t head, std::uint32_t sector) const {
  const auto after = std::ranges::upper_bound(zones_, cylinder, {}, &Zone::first_cylinder);
  if (after == zones_.begin()) return std::nullopt;
  const Zone& zone = *std::prev(after);
  if (cylinder > zone.last_cylinder || head >= surfaces_ || sector >= zone.sectors_per_track) return std::nullopt;
  const std::uint64_t at = ordinal_of(zone, cylinder - zone.first_cylinder, head) * zone.sectors_per_track + sector;
  const std::uint64_t unit = zone.spare_sectors == 0 ? 0 : at / zone.unit_places;
  const std::uint64_t unit_first = unit * zone.unit_places;
  const auto slips = std::lower_bound(zone.slips.begin(), zone.slips.end(), unit_first);
  const auto slip = std::lower_bound(slips, zone.slips.end(), at);
  if (slip != zone.slips.end() && *slip == at) return std::nullopt;
  std::uint64_t position = at - unit_first - static_cast<std::uint64_t>(slip - slips);  // as in place()
  if (zone.spare_sectors != 0) {
    const std::uint64_t held = zone.unit_places - zone.spare_sectors;
    if (position >= held) return std::nullopt;
    position += unit * held;
  }
  if (position < zone.front_sectors || position - zone.front_sectors >= zone.sectors) return std::nullopt;
  const std::uint64_t found = zone.first_sector + position - zone.front_sectors;
  return found < sectors_ ? std::optional(found) : std::nullopt;
}

void Geometry::set_skews(double step_turn, double track_turn, double cylinder_turn) {
  for (Zone& zone : zones_) {
    zone.step_skew_sectors = std::ceil(step_turn * zone.sectors_per_track);
    zone.track_skew_sectors = std::ceil(track_turn * zone.sectors_per_track);
    zone.cylinder_skew_sectors = std::ceil(cylinder_turn * zone.sectors_per_track);
  }
}

}  // namespace headway
