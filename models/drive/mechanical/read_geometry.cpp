// Where a mechanical drive keeps its sectors, from its parameter file.
//
// Three things that the extracted form leaves out are settled as follows; a file can state them instead.
// - What a zone's `spare_sectors` count ("spares_per"): the reading under which the zones hold the drive's sectors and
//   fewest beyond. A count that is the same in zones of different size is none a zone: then sectors a cylinder or a
//   track, and where neither fits, a range of cylinders.
// - Tracks reserved in front ("front_sectors"): where the zones then hold a whole number of the first zone's tracks
//   more than the drive, those.
// - Slipped defects ("slips"): none. They shift addresses by up to some hundred sectors: that changes where one read
//   finds the platter, but no seek by more than a cylinder, and no mean.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/base/fields.h"
#include "models/drive/mechanical/read_parts.h"

namespace headway {

namespace {

// Zones as a data sheet can tell them: see make_zones().
struct Zoning {
  std::uint32_t zones = 0;
  double outer_to_inner = 1;
  std::optional<double> step_skew_turn;
  std::optional<double> track_skew_turn;
  std::optional<double> cylinder_skew_turn;
};

// The file's keys that say where sectors lie.
struct GeometryKeys {
  std::uint32_t surfaces = 0;
  std::uint32_t cylinders = 0;
  std::uint64_t sectors = 0;
  std::vector<Zone> zones;
  std::optional<Zoning> zoning;
  TrackOrder track_order = TrackOrder::cylinder;
  std::uint32_t band_tracks = 1;
  std::optional<SparesPer> spares_per;
  std::uint32_t range_cylinders = 1;
};

Value<Zone> zone_value() {
  const auto cylinder = json::whole(0, max_cylinders);
  const auto sectors = json::whole(0, 1'000'000'000, "sectors");
  const auto skew = json::number(0, 1e6, "sectors");
  const auto set_slips = [](Zone& zone, const std::vector<std::uint64_t>& places) {
    zone.slips.assign(places.begin(), places.end());
    std::sort(zone.slips.begin(), zone.slips.end());
  };
  return Fields<Zone>()
      .required("first_cylinder", &Zone::first_cylinder, cylinder, "")
      .required("last_cylinder", &Zone::last_cylinder, cylinder, "")
      .required("sectors_per_track", &Zone::sectors_per_track, json::whole(1, 1'000'000, "sectors"), "")
      .required("track_skew_sectors", &Zone::track_skew_sectors, skew, "")
      .required("cylinder_skew_sectors", &Zone::cylinder_skew_sectors, skew, "")
      .optional("step_skew_sectors", &Zone::step_skew_sectors, skew, "From a track to the next of its band.")
      .optional("spare_sectors", &Zone::spare_sectors, sectors, "In each unit of spares_per; tracks for zone-track.")
      .optional("front_sectors", &Zone::front_sectors, sectors, "Reserved at the zone's start.")
      .optional("first_sector_offset", &Zone::first_sector_offset, skew, "From the index mark.")
      .optional("slips", set_slips, json::list(json::whole(0, UINT32_MAX, "sectors"), "slip"),
                "Defective places, counted in sectors from the zone's start.")
      .value()
      .named("zone");
}

Value<Zoning> zoning_value() {
  const auto turn = json::number(0, 1, "revolutions");
  return Fields<Zoning>()
      .required("zones", &Zoning::zones, json::whole(1, 1000), "")
      .required("outer_to_inner", &Zoning::outer_to_inner, json::number(1, 10), "Sectors a track, first to last zone.")
      .optional("step_skew_turn", &Zoning::step_skew_turn, turn,
                "From a track to the next of its band; missing: what a seek of two tracks takes, which settles.")
      .optional("track_skew_turn", &Zoning::track_skew_turn, turn,
                "From a surface to the next; missing: what a head switch takes.")
      .optional("cylinder_skew_turn", &Zoning::cylinder_skew_turn, turn,
                "From a cylinder or band to the next; missing: what the heads take there.")
      .value();
}

const Fields<GeometryKeys>& geometry_fields() {
  using Keys = GeometryKeys;
  const auto set_range = [](Keys& keys, std::uint64_t cylinders) {  // no default: where it counts it must be said
    keys.range_cylinders = static_cast<std::uint32_t>(cylinders);
  };
  static const Fields<Keys> fields =
      Fields<Keys>()
          .required("surfaces", &Keys::surfaces, json::whole(1, 256), "Of an actuator.")
          .required("cylinders", &Keys::cylinders, json::whole(2, max_cylinders), "")
          .required("sectors", &Keys::sectors, json::whole(1, std::uint64_t{1} << 50, "sectors"), "Addresses.")
          .optional("zones", &Keys::zones, json::list(zone_value(), "zone", 1), "")
          .optional("zoning", &Keys::zoning, zoning_value(),
                    "Equal numbers of cylinders, sectors a track falling evenly, scaled to the drive's sectors.")
          .exactly_one({"zones", "zoning"}, "either \"zones\" or \"zoning\"")
          .optional(
              "track_order", &Keys::track_order,
              json::choice<TrackOrder>({{"cylinder", TrackOrder::cylinder}, {"serpentine", TrackOrder::serpentine}}),
              "How the tracks of neighbouring cylinders follow each other: each from surface 0, or there and back.")
          .optional("band_tracks", &Keys::band_tracks, json::whole(1, max_cylinders, "tracks"),
                    "That follow each other on one surface before the head changes; the next surface goes back. With "
                    "1, all surfaces of a cylinder come first.")
          .optional("spares_per", &Keys::spares_per,
                    json::choice<SparesPer>({{"zone", SparesPer::zone},
                                             {"zone-track", SparesPer::zone_track},
                                             {"cylinder", SparesPer::cylinder},
                                             {"track", SparesPer::track},
                                             {"range", SparesPer::range}}),
                    "What has spare sectors of its own; inferred when missing.")
          .optional("range_cylinders", set_range, json::whole(1, max_cylinders, "cylinders"),
                    "Where spares_per is range.");
  return fields;
}

void check_zones(const JsonNode& node, const std::vector<Zone>& zones, std::uint32_t cylinders) {
  const auto items = node.items();
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const Zone& zone = zones[i];
    if (zone.last_cylinder < zone.first_cylinder)
      items[i]
          .at("last_cylinder")
          .fail(fmt::format("a cylinder at or after the zone's first ({})", zone.first_cylinder));
    // One file of the validated drives counts its last cylinder from 1; a zone may end one beyond `cylinders`.
    if (zone.last_cylinder > cylinders)
      items[i].at("last_cylinder").fail(fmt::format("one of the drive's {} cylinders", cylinders));
    if (i > 0 && zone.first_cylinder <= zones[i - 1].last_cylinder)
      items[i]
          .at("first_cylinder")
          .fail(fmt::format("a cylinder after the last zone's end ({})", zones[i - 1].last_cylinder));
  }
}

// {"zones": 20, "outer_to_inner": 1.94}: equal numbers of cylinders, sectors a track falling evenly, scaled so that
// the zones hold the drive's sectors.
std::vector<Zone> make_zones(const Zoning& zoning, std::uint32_t cylinders, std::uint32_t surfaces,
                             std::uint64_t sectors) {
  const std::uint32_t count = zoning.zones;
  const double tracks = static_cast<double>(cylinders) * surfaces;
  const double mean = static_cast<double>(sectors) / tracks;
  const double ratio = zoning.outer_to_inner;
  std::vector<Zone> zones;
  for (std::uint32_t i = 0; i < count; ++i) {
    Zone zone;
    zone.first_cylinder = static_cast<std::uint32_t>(std::uint64_t{cylinders} * i / count);
    zone.last_cylinder = static_cast<std::uint32_t>(std::uint64_t{cylinders} * (i + 1) / count - 1);
    const double inward = count == 1 ? 0.5 : static_cast<double>(i) / (count - 1);
    const double relative = 2 * (ratio + (1 - ratio) * inward) / (ratio + 1);
    zone.sectors_per_track = static_cast<std::uint32_t>(std::ceil(mean * relative));
    zones.push_back(zone);
  }
  return zones;
}

std::uint64_t capacity(const std::vector<Zone>& zones, std::uint32_t surfaces, SparesPer spares, std::uint32_t range) {
  return std::accumulate(zones.begin(), zones.end(), std::uint64_t{0}, [&](std::uint64_t sum, const Zone& zone) {
    return sum + zone_capacity(zone, surfaces, spares, range);
  });
}

struct SparesReading {
  SparesPer spares = SparesPer::zone;
  std::uint32_t range_cylinders = 1;
};

// Of the readings under which the zones hold the drive's sectors, the one that leaves fewest over.
std::optional<SparesReading> tightest(const std::vector<SparesReading>& readings, const std::vector<Zone>& zones,
                                      std::uint32_t surfaces, std::uint64_t sectors) {
  std::optional<SparesReading> best;
  std::uint64_t best_left = UINT64_MAX;
  for (const auto& reading : readings) {
    const std::uint64_t held = capacity(zones, surfaces, reading.spares, reading.range_cylinders);
    if (held >= sectors && held - sectors < best_left) {
      best = reading;
      best_left = held - sectors;
    }
  }
  return best;
}

// Spares in every so many cylinders: the ranges fill all zones but the last evenly. Of those that fit the middle one,
// which is least wrong whichever it is.
std::optional<SparesReading> middle_range(const std::vector<Zone>& zones, std::uint32_t surfaces,
                                          std::uint64_t sectors) {
  std::uint32_t common = 0;
  for (std::size_t i = 0; i + 1 < zones.size(); ++i)
    common = std::gcd(common, zones[i].last_cylinder - zones[i].first_cylinder + 1);
  std::vector<SparesReading> fitting;
  for (std::uint32_t range = 2; range <= common; ++range) {
    if (common % range == 0 && capacity(zones, surfaces, SparesPer::range, range) >= sectors)
      fitting.push_back({SparesPer::range, range});
  }
  if (fitting.empty()) return std::nullopt;
  return fitting[(fitting.size() - 1) / 2];
}

// The likeliest unit of the spare sectors, where the file does not say. Bands have no spares a cylinder.
SparesReading spares_reading(const std::vector<Zone>& zones, std::uint32_t surfaces, std::uint64_t sectors,
                             bool bands) {
  const bool same = std::all_of(zones.begin(), zones.end(),
                                [&](const Zone& zone) { return zone.spare_sectors == zones[0].spare_sectors; });
  std::vector<SparesReading> readings{{SparesPer::track, 1}};
  if (!bands) readings.insert(readings.begin(), {SparesPer::cylinder, 1});
  if (!same || zones.size() == 1) {
    readings.insert(readings.begin(), {{SparesPer::zone, 1}, {SparesPer::zone_track, 1}});
    return tightest(readings, zones, surfaces, sectors).value_or(SparesReading{});
  }
  if (zones[0].spare_sectors == 0) return {};
  if (const auto reading = tightest(readings, zones, surfaces, sectors)) return *reading;
  if (bands) return {};
  return middle_range(zones, surfaces, sectors).value_or(SparesReading{});
}

std::vector<Zone> zones_of(const JsonNode& node, const GeometryKeys& keys) {
  if (!keys.zoning) {
    check_zones(node.at("zones"), keys.zones, keys.cylinders);
    return keys.zones;
  }
  node.at("zoning").at("zones").unsigned_integer(1, keys.cylinders);  // the schema has only the general bound
  return make_zones(*keys.zoning, keys.cylinders, keys.surfaces, keys.sectors);
}

SparesReading spares_of(const JsonNode& node, const GeometryKeys& keys, const std::vector<Zone>& zones) {
  const bool bands = keys.band_tracks > 1;
  if (!keys.spares_per) return spares_reading(zones, keys.surfaces, keys.sectors, bands);
  if (bands && (*keys.spares_per == SparesPer::cylinder || *keys.spares_per == SparesPer::range))
    node.at("spares_per").fail("\"zone\", \"zone-track\" or \"track\" where \"band_tracks\" is above 1");
  if (*keys.spares_per != SparesPer::range) return {*keys.spares_per, 1};
  node.at("range_cylinders").unsigned_integer(1, keys.cylinders, "cylinders");
  return {SparesPer::range, keys.range_cylinders};
}

}  // namespace

ObjectShape geometry_keys() { return geometry_fields().object(); }

Geometry read_geometry(const JsonNode& node) {
  GeometryKeys keys;
  geometry_fields().fill(node, keys);
  const auto [surfaces, sectors] = std::pair(keys.surfaces, keys.sectors);
  if (keys.band_tracks > 1) node.at("band_tracks").unsigned_integer(1, keys.cylinders, "tracks");
  auto zones = zones_of(node, keys);
  const SparesReading reading = spares_of(node, keys, zones);
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (const auto slip = excess_slip(zones[i], surfaces, reading.spares, reading.range_cylinders))
      node.at("zones").items()[i].at("slips").fail("places in the zone, no more in a unit than it has spares",
                                                   fmt::format("{}", *slip));
    if (zone_capacity(zones[i], surfaces, reading.spares, reading.range_cylinders) == 0 && node.has("zones"))
      node.at("zones").items()[i].fail("a zone that holds sectors", "spares and reserved sectors only");
  }
  const std::uint64_t held = capacity(zones, surfaces, reading.spares, reading.range_cylinders);
  if (held < sectors) node.at("sectors").fail(fmt::format("at most the {} that the zones hold", held));
  const bool says_front = std::any_of(zones.begin(), zones.end(), [](const Zone& zone) { return zone.front_sectors; });
  if (!node.has("spares_per") && !says_front && (held - sectors) % zones[0].sectors_per_track == 0)
    zones[0].front_sectors = static_cast<std::uint32_t>(held - sectors);
  return Geometry(zones, surfaces, keys.track_order, reading.spares, reading.range_cylinders, sectors,
                  keys.band_tracks);
}

void set_skews(const JsonNode& node, const SkewTimes& times, Geometry& geometry) {
  const auto zoning_node = node.find("zoning");
  if (!zoning_node) return;
  static const Value<Zoning> value = zoning_value();
  const Zoning zoning = value.take(*zoning_node);
  const auto turn = [&](double time_s) { return time_s / times.revolution_s; };
  geometry.set_skews(zoning.step_skew_turn.value_or(turn(times.step_s)),
                     zoning.track_skew_turn.value_or(turn(times.head_switch_s)),
                     zoning.cylinder_skew_turn.value_or(turn(times.band_s)));
}

}  // namespace headway
