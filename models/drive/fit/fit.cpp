#include "models/drive/fit/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace headway::fit {

namespace {

constexpr double beyond_doubt = 0.8;  // coherence; chance has made 0.54 of 130 pairs

enum class Ends { all, reads, writes };

std::vector<MediaEnd> media_ends(const Observations& seen, Ends which) {
  std::vector<MediaEnd> ends;
  for (const Observed& one : seen.all) {
    if (one.served != Served::media || (which != Ends::all && one.request->write != (which == Ends::writes))) continue;
    ends.push_back({one.request->arrival_s + one.latency_s(), one.sector + one.sectors});
  }
  return ends;
}

// Reads can end later behind the media than writes, and by their size: what shows the angle best.
std::optional<Layout> find_angle(const Observations& seen, std::optional<double> turn_s) {
  const double sure = turn_s ? 0.45 : 0.6;  // coherence; below it, what looks like an angle has been chance
  constexpr double close = 5e-4;  // an error beyond it: only requests next to each other agree, and they bear any clock
  const double about_s = turn_s ? *turn_s : near_spread_s(seen);
  if (about_s < 1e-3) return std::nullopt;
  std::optional<Revolution> best;
  std::vector<MediaEnd> best_ends;
  for (const Ends which : {Ends::all, Ends::reads, Ends::writes}) {
    auto ends = media_ends(seen, which);
    auto found = find_revolution(ends, about_s, turn_s ? 0.02 : 0.25);
    if (!found || found->coherence < sure) continue;
    if (found->error_s > close * found->s) {
      if (!turn_s || found->coherence < beyond_doubt || std::abs(found->s - *turn_s) > 3 * found->error_s) continue;
      found->s = *turn_s;  // which the dates bear, if they do not tell it
    }
    if (best && found->coherence <= 1.1 * best->coherence) continue;
    best = found;
    best_ends = std::move(ends);
  }
  if (!best) return std::nullopt;
  return find_layout(best_ends, *best);
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
