#include "models/drive/fit/drive_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "models/drive/mechanical/read_parts.h"

namespace headway::fit {

namespace {

// The keys, with where each comes from.
class File {
 public:
  void set(const std::string& key, Json value, std::string origin) {
    keys_[key] = std::move(value);
    origins_[key] = std::move(origin);
  }
  // A time in milliseconds, to a tenth of a microsecond.
  void set_ms(const std::string& key, double s, const std::string& origin) {
    set(key, std::round(s * 1e7) / 1e4, origin);
  }
  Json finish(Json head) {
    head.update(keys_);
    head["origins"] = origins_;
    return head;
  }

 private:
  Json keys_ = Json::object();
  Json origins_ = Json::object();
};

std::string measured(const Known& known, std::string_view unit, double scale) {
  return fmt::format("measured: +- {:.3g} {} by {} requests", known.error * scale, unit, known.requests);
}

std::string measured_ms(const Known& known) { return measured(known, "ms", 1e3); }

// The knots that move a whole cylinder; the last one where none does.
std::vector<CurveKnot> cylinder_knots(const Findings& found, std::uint32_t surfaces) {
  std::vector<CurveKnot> knots;
  for (const CurveKnot& knot : found.heads.curve) {
    if (knot.tracks >= 0.75 * surfaces) knots.push_back(knot);
  }
  if (knots.empty()) knots.push_back(found.heads.curve.back());
  return knots;
}

// Of a read from the media. Where no request tells it: as of one that the buffer holds.
double overhead_s(const Findings& found) {
  if (found.heads.overhead_told) return std::max(0.0, found.heads.overhead_s.value);
  return found.seen.hit.found ? found.seen.hit.s : 0;
}

// Straight over the root of the distance between knots.
double seek_s(const Findings& found, const std::vector<CurveKnot>& knots, double tracks) {
  constexpr double least_s = 1e-5;
  const auto right =
      std::find_if(knots.begin(), knots.end(), [&](const CurveKnot& knot) { return knot.tracks >= tracks; });
  double level_s = knots.back().s.value;
  if (right == knots.begin()) {
    level_s = right->s.value;
  } else if (right != knots.end()) {
    const CurveKnot& left = *(right - 1);
    const double part =
        (std::sqrt(tracks) - std::sqrt(left.tracks)) / (std::sqrt(right->tracks) - std::sqrt(left.tracks));
    level_s = left.s.value + part * (right->s.value - left.s.value);
  }
  return std::max(level_s - overhead_s(found), least_s);
}

// As given; else one, or the least that the parameter file has cylinders for.
std::uint32_t surfaces_of(const Findings& found, const FitOptions& options) {
  if (options.surfaces) return *options.surfaces;
  const double tracks = tracks_before(found.zones, found.sectors);
  const double room = static_cast<double>(max_cylinders) - static_cast<double>(found.zones.size()) - 1;
  return static_cast<std::uint32_t>(std::max(1.0, std::ceil(1.001 * tracks / room)));
}

// How far the first sector of a track lies behind the end of the one before, in turns: so that a step to it, which
// takes `step_s`, costs no turn.
double skew_turn(const Findings& found, double step_s) {
  return std::clamp(step_s / found.heads.revolution_s.value, 0.02, 0.9);
}

struct Steps {
  double cylinder_s = 0;     // to the next cylinder
  double head_s = 0;         // to the next track of the same one
  std::size_t requests = 0;  // that tell head_s; 0: none, it is as the other
};

// Of the ways shorter than a cylinder those are switches of head alone that do not happen to cross a cylinder's end.
Steps steps_of(const Findings& found, std::uint32_t surfaces) {
  constexpr double most_share = 0.75;
  Steps steps{.cylinder_s = seek_s(found, cylinder_knots(found, surfaces), surfaces)};
  steps.head_s = steps.cylinder_s;
  if (surfaces == 1) return steps;
  double sum = 0, weights = 0;
  for (const CurveKnot& knot : found.heads.curve) {
    const double cross = knot.tracks / surfaces;
    if (cross >= most_share || knot.s.requests == 0) continue;
    const double s = (knot.s.value - overhead_s(found) - cross * steps.cylinder_s) / (1 - cross);
    const double weight = std::pow((1 - cross) / std::max(knot.s.error, 1e-6), 2);
    sum += weight * s;
    weights += weight;
    steps.requests += knot.s.requests;
  }
  if (weights > 0) steps.head_s = std::clamp(sum / weights, 1e-5, steps.cylinder_s);
  return steps;
}

// Gives the number of cylinders.
std::uint64_t add_geometry(File& file, const Findings& found, const FitOptions& options) {
  const std::uint32_t surfaces = surfaces_of(found, options);
  const Steps steps = steps_of(found, surfaces);
  Json zones = Json::array();
  std::uint64_t cylinder = 0;
  double worst = 0;
  for (std::size_t i = 0; i < found.zones.size(); ++i) {
    const TrackZone& zone = found.zones[i];
    const std::uint64_t end = i + 1 < found.zones.size() ? found.zones[i + 1].first_sector : found.sectors;
    if (zone.first_sector >= found.sectors) break;
    const auto track = static_cast<std::uint64_t>(std::max(1.0, std::round(zone.sectors_per_track)));
    const std::uint64_t per_cylinder = track * surfaces;
    const std::uint64_t sectors = std::min(end, found.sectors) - zone.first_sector;
    const std::uint64_t count = std::max<std::uint64_t>(1, (sectors + per_cylinder - 1) / per_cylinder);
    const auto skew_sectors = [&](double step_s) {
      return std::ceil(skew_turn(found, step_s) * static_cast<double>(track));
    };
    zones.push_back({{"first_cylinder", cylinder},
                     {"last_cylinder", cylinder + count - 1},
                     {"sectors_per_track", track},
                     {"track_skew_sectors", skew_sectors(steps.head_s)},
                     {"cylinder_skew_sectors", skew_sectors(steps.cylinder_s)}});
    cylinder += count;
    worst = std::max(worst, zone.error / zone.sectors_per_track);
  }
  if (cylinder > max_cylinders)
    throw InputError("", "--surfaces", fmt::format("more than one, for a drive of more than {} tracks", max_cylinders),
                     fmt::format("{} tracks", cylinder));
  if (cylinder < 2) {
    zones.back()["last_cylinder"] = 1;
    cylinder = 2;
  }
  file.set("surfaces", surfaces,
           options.surfaces ? "quoted: --surfaces"
           : surfaces == 1  ? "estimated: a log does not tell it; with one, cylinders are tracks"
                            : "estimated: a log does not tell it; the fewest for which so many tracks make cylinders");
  file.set("cylinders", cylinder, "derived: tracks of the zones");
  file.set("sectors", found.sectors,
           options.capacity_bytes ? "quoted: --capacity-bytes" : "estimated: the highest address of the log, at least");
  file.set("sector_bytes", options.sector_bytes, "estimated: of the log's addresses");
  file.set("spares_per", "zone", "estimated: no spares");
  file.set(
      "zones", zones,
      found.zones_told
          ? fmt::format("measured: by the platters' angle, track lengths to {:.2g} %", worst * 100)
          : fmt::format("measured: one mean track length, to {:.2g} %, by how long sectors take to pass", worst * 100));
  return cylinder;
}

// The distances that a table of the curve has: each a sixth beyond the one before.
void add_seek(File& file, const Findings& found, std::uint32_t surfaces, std::uint64_t cylinders) {
  const auto knots = cylinder_knots(found, surfaces);
  const auto [least, most] = std::minmax_element(
      knots.begin(), knots.end(), [](const CurveKnot& a, const CurveKnot& b) { return a.s.error < b.s.error; });
  const std::uint64_t longest = std::max<std::uint64_t>(2, cylinders - 1);
  Json points = Json::array();
  for (std::uint64_t distance = 1;; distance = std::min(longest, std::max(distance + 1, distance * 7 / 6))) {
    const double s = seek_s(found, knots, static_cast<double>(distance) * surfaces);
    points.push_back({distance, std::round(s * 1e7) / 1e4});
    if (distance == longest) break;
  }
  file.set("seek_curve_ms", points,
           fmt::format("measured: +- {:.3f} to {:.3f} ms by {} requests", least->s.error * 1e3, most->s.error * 1e3,
                       found.heads.requests));
}

bool is_told(const Known& more) { return more.requests > 0 && std::abs(more.value) > 2 * more.error; }

void add_reads(File& file, const Findings& found) {
  const Positioning& heads = found.heads;
  const double miss_s = overhead_s(found);
  file.set_ms("read_miss_overhead_ms", miss_s,
              heads.overhead_told
                  ? measured_ms(heads.overhead_s)
                  : "estimated: as of a read that the buffer holds; too few requests stay on their track");
  if (is_told(heads.after_write_s))
    file.set_ms("read_miss_overhead_after_write_ms", std::max(0.0, miss_s + heads.after_write_s.value),
                measured_ms(heads.after_write_s));
  const BufferTime& hit = found.seen.hit;
  if (!hit.found) return;
  const std::string by = fmt::format("measured: +- {:.3g} ms by {} requests", hit.error_s * 1e3, hit.requests);
  file.set_ms("read_hit_overhead_ms", std::max(0.0, hit.s), by);
  if (hit.other_case_s != 0)
    file.set_ms("read_hit_overhead_after_write_ms", std::max(0.0, hit.s + hit.other_case_s), by);
  file.set_ms("bus_ms_per_sector", hit.s_per_sector,
              fmt::format("measured: +- {:.2g} ms by {} requests", hit.error_s_per_sector * 1e3, hit.requests));
  if (heads.bus.s_per_sector > 0)
    file.set("bus_overlapped", heads.bus.reads == ReadBus::overlapped,
             found.zones_told ? "measured: by what large requests take longer"
                              : "estimated: too little is known of track lengths");
}

// Of a drive whose writes go to the media.
void add_media_writes(File& file, const Findings& found) {
  const Positioning& heads = found.heads;
  const double overhead_of_write_s = std::max(0.0, overhead_s(found) + heads.write_overhead_s.value);
  file.set_ms("write_overhead_ms", overhead_of_write_s, measured_ms(heads.write_overhead_s));
  if (is_told(heads.write_after_write_s))
    file.set_ms("write_overhead_after_write_ms", std::max(0.0, overhead_of_write_s + heads.write_after_write_s.value),
                measured_ms(heads.write_after_write_s));
  file.set_ms("write_settle_ms", heads.write_settle_s.value, measured_ms(heads.write_settle_s));
  if (heads.bus.writes == WriteBus::as_read) return;
  const std::string by = "measured: by what large writes take longer";
  file.set_ms("write_bus_ms_per_sector", heads.bus.s_per_sector, "estimated: as of a read");
  file.set("write_bus_overlapped", heads.bus.writes == WriteBus::hidden, by);
}

void add_writes(File& file, const Findings& found) {
  const BufferTime& cached = found.seen.cached_write;
  if (!cached.found) return add_media_writes(file, found);
  const std::string by = fmt::format("measured: +- {:.3g} ms by {} requests", cached.error_s * 1e3, cached.requests);
  file.set_ms("write_overhead_ms", std::max(0.0, cached.s), by);
  file.set_ms("write_overhead_after_write_ms", std::max(0.0, cached.s + cached.other_case_s), by);
  file.set_ms("write_bus_ms_per_sector", cached.s_per_sector,
              fmt::format("measured: +- {:.2g} ms by {} requests", cached.error_s_per_sector * 1e3, cached.requests));
}

void add_buffer(File& file, const Findings& found) {
  const BufferRules& rules = found.buffer;
  const bool write_back = found.seen.cached_write.found;
  if (!rules.reads && !write_back) return;
  std::uint32_t longest = 0;
  for (const Observed& one : found.seen.all) {
    if (one.served == Served::buffer) longest = std::max(longest, one.sectors);
  }
  const bool own = write_back && !rules.read_hits_on_writes;
  const std::string replayed = fmt::format("measured: with it, all but {} of {} reads are served as the log has it",
                                           rules.otherwise, rules.near_reads);
  file.set("buffer_segments", std::max(std::max(rules.segments, 1u) + (own ? 1 : 0), rules.write_segments),
           rules.segments_requests > 0 ? replayed : "estimated: too few reads of what was read before");
  file.set("segment_sectors", std::max({rules.segment_sectors, longest, 1u}), replayed);
  if (rules.reads) {
    file.set("read_ahead_after", rules.read_ahead_after,
             rules.after_told
                 ? fmt::format("measured: of first sequential reads the buffer had {:.0f} %, of later ones {:.0f} %",
                               rules.first_sequential.value() * 100, rules.later_sequential.value() * 100)
                 : "estimated: too few sequential reads");
    file.set("keeps_requested", rules.keeps_requested, replayed);
    if (rules.read_ahead_until != ReadAheadUntil::segment_full)
      file.set("read_ahead_until", rules.read_ahead_until == ReadAheadUntil::track_end ? "track_end" : "next_track",
               "measured: sequential reads are slower where tracks end");
  }
  if (!write_back) return;
  if (own) file.set("own_write_segment", true, replayed);
  file.set("write_back", true, "measured: writes are answered before the heads could be there");
  file.set("write_segments", rules.write_segments,
           "measured: the least that does not slow writes down more than the drive's");
}

}  // namespace

Json drive_file(const Findings& found, const FitOptions& options, const std::string& log) {
  File file;
  const Positioning& heads = found.heads;
  const double rpm = 60 / heads.revolution_s.value;
  const double off = heads.revolution_s.error / heads.revolution_s.value * rpm;
  file.set("rpm", std::round(rpm * 1e4) / 1e4,
           found.angle ? fmt::format("measured: +- {:.2g} by the platters' angle, {} pairs of requests", off,
                                     found.angle->pairs)
                       : "quoted: --rpm");
  const std::uint64_t cylinders = add_geometry(file, found, options);
  const std::uint32_t surfaces = surfaces_of(found, options);
  const Steps steps = steps_of(found, surfaces);
  const double switch_s = skew_turn(found, steps.head_s) * heads.revolution_s.value;
  file.set_ms("head_switch_ms", std::floor(switch_s * 1e6) / 1e6,
              steps.requests > 0 ? fmt::format("measured: by {} requests within a cylinder's way", steps.requests)
                                 : "estimated: as the shortest seek");
  if (heads.zero_latency) file.set("zero_latency", true, "measured: by what large requests take longer");
  if (heads.zero_latency_writes) file.set("zero_latency_writes", true, "measured: by what large requests take longer");
  add_seek(file, found, surfaces, cylinders);
  add_reads(file, found);
  add_writes(file, found);
  add_buffer(file, found);
  return file.finish({{"drive", options.name},
                      {"kind", "mechanical"},
                      {"description", fmt::format("Fitted to {} requests of {}", found.seen.all.size(), log)}});
}

}  // namespace headway::fit
