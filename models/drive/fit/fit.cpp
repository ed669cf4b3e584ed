#include "models/drive/fit/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace headway::fit {

namespace {

constexpr double beyond_doubt = 0.8;  // coherence; chance has made 0.54 of 130 pairs

// What a request's end is the date of. A bus that is hidden behind the media leaves it the last sector's; one that
// begins afterwards, or that is slower than the media, ends later by all that it carries.
enum class EndOf { last_sector, last_before_bus, first_before_bus };

std::vector<MediaEnd> media_ends(const Observations& seen, std::optional<EndOf> reads, std::optional<EndOf> writes) {
  const double bus_s = seen.hit.found ? seen.hit.s_per_sector : 0;
  std::vector<MediaEnd> ends;
  for (const Observed& one : seen.all) {
    const auto end_of = one.request->write ? writes : reads;
    if (one.served != Served::media || !end_of) continue;
    const double behind_s = *end_of == EndOf::last_sector ? 0 : one.sectors * bus_s;
    ends.push_back({one.request->arrival_s + one.latency_s() - behind_s,
                    one.sector + (*end_of == EndOf::first_before_bus ? 1 : one.sectors)});
  }
  return ends;
}

// The revolution that a log's ends show, as one or another takes them.
class AngleSearch {
 public:
  AngleSearch(const Observations& seen, std::optional<double> turn_s)
      : seen_(seen), turn_s_(turn_s), about_s_(turn_s ? *turn_s : near_spread_s(seen)) {}

  std::optional<Layout> find() {
    if (about_s_ < 1e-3) return std::nullopt;
    std::vector<EndOf> ends{EndOf::last_sector};
    if (seen_.hit.found && seen_.hit.s_per_sector > 0)
      ends.insert(ends.end(), {EndOf::last_before_bus, EndOf::first_before_bus});
    const bool writes = std::any_of(seen_.all.begin(), seen_.all.end(), [](const Observed& one) {
      return one.request->write && one.served == Served::media;
    });
    if (writes) attempt(std::nullopt, EndOf::last_sector);
    for (const EndOf end_of : ends) {
      attempt(end_of, std::nullopt);
      if (writes) attempt(end_of, EndOf::last_sector);
      if (writes && end_of != EndOf::last_sector) attempt(end_of, end_of);
    }
    if (!best_) return std::nullopt;
    return find_layout(best_ends_, *best_);
  }

 private:
  void attempt(std::optional<EndOf> reads, std::optional<EndOf> writes) {
    const double sure = turn_s_ ? 0.45 : 0.6;  // coherence; below it, what looks like an angle has been chance
    constexpr double close =
        5e-4;  // an error beyond it: only requests next to each other agree, and they bear any clock
    auto ends = media_ends(seen_, reads, writes);
    auto found = find_revolution(ends, about_s_, turn_s_ ? 0.02 : 0.25);
    if (!found || found->coherence < sure) return;
    if (found->error_s > close * found->s) {
      if (!turn_s_ || found->coherence < beyond_doubt || std::abs(found->s - *turn_s_) > 3 * found->error_s) return;
      found->s = *turn_s_;  // which the dates bear, if they do not tell it
    }
    if (best_ && found->coherence <= 1.02 * best_->coherence) return;
    best_ = found;
    best_ends_ = std::move(ends);
  }

  const Observations& seen_;
  std::optional<double> turn_s_;
  double about_s_;
  std::optional<Revolution> best_;
  std::vector<MediaEnd> best_ends_;
};

// Reads can end later behind the media than writes, and by their size: what shows the angle best.
std::optional<Layout> find_angle(const Observations& seen, std::optional<double> turn_s) {
  return AngleSearch(seen, turn_s).find();
}

// Throws where the dates show that the platters turn otherwise than `rpm` says.
void hold_against_angle(const Observations& seen, double rpm, const std::string& file) {
  const auto shown = find_angle(seen, std::nullopt);
  if (!shown || shown->revolution.coherence < beyond_doubt) return;
  const Revolution& turn = shown->revolution;
  if (std::abs(60 / rpm - turn.s) < 10 * turn.error_s) return;  // dates that bear both
  throw InputError(file, "--rpm",
                   fmt::format("{:.1f}, at which {} pairs of requests agree (coherence {:.2f})", 60 / turn.s,
                               turn.pairs, turn.coherence),
                   fmt::format("{:.8g}, at which they do not", rpm));
}

}  // namespace

Findings find_all(const RequestLog& log, const FitOptions& options) {
  Findings found{.seen = observe(log.requests, options.sector_bytes)};
  for (const Observed& one : found.seen.all) found.sectors = std::max(found.sectors, one.sector + one.sectors);
  found.sectors = std::max(found.sectors, options.reach_bytes / options.sector_bytes);
  if (options.capacity_bytes) found.sectors = *options.capacity_bytes / options.sector_bytes;
  std::optional<double> turn_s;
  if (options.rpm) turn_s = 60 / *options.rpm;
  const auto angle = find_angle(found.seen, turn_s);
  if (options.rpm && !angle) hold_against_angle(found.seen, *options.rpm, log.file);
  const Layout layout = angle.value_or(Layout{});
  if (angle) {
    found.angle = layout.revolution;
    turn_s = layout.revolution.s;
  }
  found.zones_told = !layout.zones.empty();
  found.buffer = find_buffer_rules(found.seen);
  found.heads = find_positioning(found.seen, found.zones_told ? &layout : nullptr, turn_s,
                                 found.buffer.read_ahead_after, log.file);
  if (found.angle) found.heads.revolution_s.error = found.angle->error_s;
  found.zones = layout.zones;
  if (!found.zones_told) {
    const double turn = found.heads.revolution_s.value;
    const Known& each = found.heads.sector_s;
    const double track = std::clamp(turn / std::max(each.value, turn / 5000), 8.0, 5000.0);
    found.zones = {
        {.sectors_per_track = track, .error = track * each.error / std::max(each.value, 1e-9), .pairs = each.requests}};
    for (CurveKnot& knot : found.heads.curve) knot.tracks /= track;
  }
  return found;
}

}  // namespace headway::fit
