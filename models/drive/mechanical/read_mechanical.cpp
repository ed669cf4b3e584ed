// The parameters of a mechanical drive, in the form in which drives extracted with DIXtrac and distributed with
// DiskSim 4.0 are given here, and with the keys that a data sheet can fill.
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
#include <span>

#include "core/base/error.h"
#include "models/drive/read_drive.h"

namespace headway {

namespace {

constexpr double ms = 1e-3;
constexpr std::uint64_t max_cylinders = 4'000'000;

// The value of an enumeration whose names stand in the order of its values.
template <class Enum>
Enum read_enum(const JsonNode& node, std::span<const std::string_view> names) {
  const std::string name = node.choice({names.begin(), names.end()});
  return static_cast<Enum>(std::ranges::find(names, name) - names.begin());
}

Zone read_zone(const JsonNode& node, std::uint32_t cylinders) {
  node.allow_only({"first_cylinder", "last_cylinder", "sectors_per_track", "track_skew_sectors",
                   "cylinder_skew_sectors", "spare_sectors", "front_sectors", "first_sector_offset", "slips"});
  Zone zone;
  zone.first_cylinder = static_cast<std::uint32_t>(node.at("first_cylinder").unsigned_integer(0, max_cylinders));
  zone.last_cylinder = static_cast<std::uint32_t>(node.at("last_cylinder").unsigned_integer(0, max_cylinders));
  if (zone.last_cylinder < zone.first_cylinder)
    node.at("last_cylinder").fail(fmt::format("a cylinder at or after the zone's first ({})", zone.first_cylinder));
  // One file of the validated drives counts its last cylinder from 1; a zone may end one beyond `cylinders`.
  if (zone.last_cylinder > cylinders)
    node.at("last_cylinder").fail(fmt::format("one of the drive's {} cylinders", cylinders));
  zone.sectors_per_track =
      static_cast<std::uint32_t>(node.at("sectors_per_track").unsigned_integer(1, 1'000'000, "sectors"));
  zone.track_skew_sectors = node.at("track_skew_sectors").number(0, 1e6, "sectors");
  zone.cylinder_skew_sectors = node.at("cylinder_skew_sectors").number(0, 1e6, "sectors");
  if (const auto spares = node.find("spare_sectors"))
    zone.spare_sectors = static_cast<std::uint32_t>(spares->unsigned_integer(0, 1'000'000'000, "sectors"));
  if (const auto front = node.find("front_sectors"))
    zone.front_sectors = static_cast<std::uint32_t>(front->unsigned_integer(0, 1'000'000'000, "sectors"));
  if (const auto offset = node.find("first_sector_offset")) zone.first_sector_offset = offset->number(0, 1e6, "sectors");
  if (const auto slips = node.find("slips")) {
    for (const auto& slip : slips->items())
      zone.slips.push_back(static_cast<std::uint32_t>(slip.unsigned_integer(0, UINT32_MAX, "sectors")));
    std::sort(zone.slips.begin(), zone.slips.end());
  }
  return zone;
}

std::vector<Zone> read_zones(const JsonNode& node, std::uint32_t cylinders) {
  std::vector<Zone> zones;
  for (const auto& item : node.items()) {
    const Zone zone = read_zone(item, cylinders);
    if (!zones.empty() && zone.first_cylinder <= zones.back().last_cylinder)
      item.at("first_cylinder")
          .fail(fmt::format("a cylinder after the last zone's end ({})", zones.back().last_cylinder));
    zones.push_back(zone);
  }
  if (zones.empty()) node.fail("at least one zone");
  return zones;
}

// {"zones": 20, "outer_to_inner": 1.94}: equal numbers of cylinders, sectors a track falling evenly, scaled so that
// the zones hold the drive's sectors. Skews cover a head switch and a step of one cylinder.
std::vector<Zone> make_zones(const JsonNode& node, std::uint32_t cylinders, std::uint32_t surfaces,
                             std::uint64_t sectors) {
  node.allow_only({"zones", "outer_to_inner", "track_skew_turn", "cylinder_skew_turn"});
  const auto count = static_cast<std::uint32_t>(node.at("zones").unsigned_integer(1, std::min(cylinders, 1000u)));
  const double ratio = node.at("outer_to_inner").number(1, 10);
  const double track_skew = node.at("track_skew_turn").number(0, 1, "revolutions");
  const double cylinder_skew = node.at("cylinder_skew_turn").number(0, 1, "revolutions");
  const double tracks = static_cast<double>(cylinders) * surfaces;
  const double mean = static_cast<double>(sectors) / tracks;
  std::vector<Zone> zones;
  for (std::uint32_t i = 0; i < count; ++i) {
    Zone zone;
    zone.first_cylinder = static_cast<std::uint32_t>(std::uint64_t{cylinders} * i / count);
    zone.last_cylinder = static_cast<std::uint32_t>(std::uint64_t{cylinders} * (i + 1) / count - 1);
    const double inward = count == 1 ? 0.5 : static_cast<double>(i) / (count - 1);
    const double relative = 2 * (ratio + (1 - ratio) * inward) / (ratio + 1);
    zone.sectors_per_track = static_cast<std::uint32_t>(std::ceil(mean * relative));
    zone.track_skew_sectors = std::ceil(track_skew * zone.sectors_per_track);
    zone.cylinder_skew_sectors = std::ceil(cylinder_skew * zone.sectors_per_track);
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

// The likeliest unit of the spare sectors, where the file does not say.
SparesReading spares_reading(const std::vector<Zone>& zones, std::uint32_t surfaces, std::uint64_t sectors) {
  const bool same = std::all_of(zones.begin(), zones.end(),
                                [&](const Zone& zone) { return zone.spare_sectors == zones[0].spare_sectors; });
  std::vector<SparesReading> readings{{SparesPer::cylinder, 1}, {SparesPer::track, 1}};
  if (!same || zones.size() == 1) {
    readings.insert(readings.begin(), {{SparesPer::zone, 1}, {SparesPer::zone_track, 1}});
    return tightest(readings, zones, surfaces, sectors).value_or(SparesReading{});
  }
  if (zones[0].spare_sectors == 0) return {};
  if (const auto reading = tightest(readings, zones, surfaces, sectors)) return *reading;
  return middle_range(zones, surfaces, sectors).value_or(SparesReading{});
}

Geometry read_geometry(const JsonNode& node) {
  const auto cylinders = static_cast<std::uint32_t>(node.at("cylinders").unsigned_integer(2, max_cylinders));
  const auto surfaces = static_cast<std::uint32_t>(node.at("surfaces").unsigned_integer(1, 256));
  const std::uint64_t sectors = node.at("sectors").unsigned_integer(1, std::uint64_t{1} << 50, "sectors");
  if (node.has("zones") == node.has("zoning")) node.fail("either \"zones\" or \"zoning\"");
  auto zones = node.has("zones") ? read_zones(node.at("zones"), cylinders)
                                 : make_zones(node.at("zoning"), cylinders, surfaces, sectors);
  SparesReading reading;
  if (const auto per = node.find("spares_per")) {
    reading.spares = read_enum<SparesPer>(*per, spares_per_names);
    if (reading.spares == SparesPer::range)
      reading.range_cylinders =
          static_cast<std::uint32_t>(node.at("range_cylinders").unsigned_integer(1, cylinders, "cylinders"));
  } else {
    reading = spares_reading(zones, surfaces, sectors);
  }
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
  auto order = TrackOrder::cylinder;
  if (const auto name = node.find("track_order"))
    order = read_enum<TrackOrder>(*name, track_order_names);
  return Geometry(zones, surfaces, order, reading.spares, reading.range_cylinders, sectors);
}

SeekCurve read_points(const JsonNode& node, std::uint32_t cylinders) {
  std::vector<std::pair<std::uint32_t, double>> points;
  const auto items = node.items();
  std::size_t dips = 0;
  for (const auto& item : items) {
    const auto pair = item.items();
    if (pair.size() != 2) item.fail("[cylinders, milliseconds]");
    const auto distance = static_cast<std::uint32_t>(pair[0].unsigned_integer(1, max_cylinders, "cylinders"));
    const double time_s = pair[1].positive("milliseconds") * ms;
    if (!points.empty() && distance <= points.back().first)
      pair[0].fail(fmt::format("a distance beyond the one before ({})", points.back().first));
    // Measured curves have outliers; a curve that falls by a tenth more often than at one point in thirty is none.
    if (!points.empty() && time_s < 0.9 * points.back().second && ++dips > items.size() / 30)
      pair[1].fail(fmt::format("a time not far below the one before ({:.6g} ms)", points.back().second / ms));
    points.emplace_back(distance, time_s);
  }
  if (points.size() < 2) node.fail("two points or more");
  return seek_from_points(points, cylinders);
}

SeekCurve read_seek(const JsonNode& node, const Geometry& geometry) {
  const std::uint32_t cylinders = geometry.cylinders();
  if (node.has("seek_curve_ms") + node.has("seek_ms") + node.has("seek_two_piece") != 1)
    node.fail("one of \"seek_curve_ms\", \"seek_ms\", \"seek_two_piece\"");
  if (const auto points = node.find("seek_curve_ms")) return read_points(*points, cylinders);
  if (const auto sheet = node.find("seek_ms")) {
    sheet->allow_only({"track_to_track", "average", "full_stroke"});
    const double first = sheet->at("track_to_track").positive("milliseconds");
    const double full = sheet->at("full_stroke").positive("milliseconds");
    const double average = sheet->at("average").number(first, full, "milliseconds (track to track to full stroke)");
    const auto curve = seek_from_data_sheet(first * ms, average * ms, full * ms, geometry);
    if (curve.empty()) sheet->fail("an average that a rising curve from track to track to full stroke can have");
    return curve;
  }
  const auto pieces = node.at("seek_two_piece");
  pieces.allow_only({"a_ms", "b_ms", "c_ms", "e_ms", "boundary_cylinders"});
  const auto boundary =
      static_cast<std::uint32_t>(pieces.at("boundary_cylinders").unsigned_integer(1, cylinders, "cylinders"));
  const auto curve = seek_from_two_pieces(pieces.at("a_ms").not_negative() * ms, pieces.at("b_ms").not_negative() * ms,
                                          pieces.at("c_ms").not_negative() * ms, pieces.at("e_ms").not_negative() * ms,
                                          boundary, cylinders);
  for (std::size_t d = 1; d < curve.size(); ++d) {
    if (curve[d] <= 0 || curve[d] < curve[d - 1] / 2) pieces.fail("a rising curve of times above 0");
  }
  return curve;
}

double optional_ms(const JsonNode& node, const char* key, double otherwise_s) {
  const auto value = node.find(key);
  return value ? value->not_negative("milliseconds") * ms : otherwise_s;
}

void read_interface(const JsonNode& node, MechanicalModel& model) {
  model.overhead_s = optional_ms(node, "read_miss_overhead_ms", 0);
  model.hit_overhead_s = optional_ms(node, "read_hit_overhead_ms", model.overhead_s);
  model.completion_overhead_s = optional_ms(node, "completion_overhead_ms", 0);
  if (node.has("bus_ms_per_sector") && node.has("bus_bytes_per_s"))
    node.fail("one of \"bus_ms_per_sector\", \"bus_bytes_per_s\"", "both");
  model.bus_s_per_sector = optional_ms(node, "bus_ms_per_sector", 0);
  if (const auto rate = node.find("bus_bytes_per_s")) model.bus_s_per_sector = model.sector_bytes / rate->positive();
  if (const auto overlapped = node.find("bus_overlapped")) model.bus_overlapped = overlapped->boolean();
  if (const auto segments = node.find("buffer_segments"))
    model.buffer.segments = static_cast<std::uint32_t>(segments->unsigned_integer(0, 4096));
  if (model.buffer.segments > 0)
    model.buffer.segment_sectors =
        static_cast<std::uint32_t>(node.at("segment_sectors").unsigned_integer(1, 1 << 24, "sectors"));
}

}  // namespace

MechanicalModel MechanicalModel::read(const JsonNode& node) {
  node.allow_only(with_common_keys({"rpm",
                                    "surfaces",
                                    "cylinders",
                                    "sectors",
                                    "sector_bytes",
                                    "physical_sector_bytes",
                                    "zones",
                                    "zoning",
                                    "track_order",
                                    "spares_per",
                                    "range_cylinders",
                                    "head_switch_ms",
                                    "write_settle_ms",
                                    "seek_curve_ms",
                                    "seek_ms",
                                    "seek_two_piece",
                                    "read_miss_overhead_ms",
                                    "read_hit_overhead_ms",
                                    "completion_overhead_ms",
                                    "bus_ms_per_sector",
                                    "bus_bytes_per_s",
                                    "bus_overlapped",
                                    "buffer_segments",
                                    "segment_sectors",
                                    "actuators",
                                    "shingle",
                                    "zero_latency"}));
  const double rpm = node.at("rpm").number(100, 100'000, "revolutions per minute");
  Geometry geometry = read_geometry(node);
  SeekCurve seek = read_seek(node, geometry);
  MechanicalModel model{.geometry = std::move(geometry), .seek_s = std::move(seek)};
  model.revolution_s = 60 / rpm;
  model.sector_bytes = static_cast<std::uint32_t>(node.at("sector_bytes").unsigned_integer(256, 65536, "bytes"));
  if (const auto physical = node.find("physical_sector_bytes")) {
    const auto bytes = static_cast<std::uint32_t>(physical->unsigned_integer(model.sector_bytes, 65536, "bytes"));
    if (bytes % model.sector_bytes != 0) physical->fail(fmt::format("a multiple of {} bytes", model.sector_bytes));
    model.physical_sectors = bytes / model.sector_bytes;
  }
  model.head_switch_s = node.at("head_switch_ms").not_negative("milliseconds") * ms;
  if (const auto settle = node.find("write_settle_ms"))  // extracted drives can have less time for writes
    model.write_settle_s = settle->number(-1000, 1000, "milliseconds") * ms;
  if (const auto zero = node.find("zero_latency")) model.zero_latency = zero->boolean();
  if (const auto actuators = node.find("actuators"))
    model.actuators = static_cast<std::uint32_t>(actuators->unsigned_integer(1, 8));
  if (const auto shingle = node.find("shingle")) {
    shingle->allow_only({"band_bytes", "media_cache_bytes"});
    model.shingle.band_sectors = shingle->at("band_bytes").unsigned_integer(1 << 20) / model.sector_bytes;
    model.shingle.cache_sectors = shingle->at("media_cache_bytes").unsigned_integer(1 << 20) / model.sector_bytes;
    if (model.shingle.cache_sectors >= model.geometry.sectors())
      shingle->at("media_cache_bytes").fail("less than the drive holds");
  }
  read_interface(node, model);
  return model;
}

}  // namespace headway
