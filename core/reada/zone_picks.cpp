#include "core/reada/zone_picks.h"

#include <array>

#include "core/reada/zones.h"

namespace headway::reada {

namespace {

bool candidate(const Zones& zones, ZoneId zone, bool locked) {
  return zones.elements(zone) > 0 && zones.locked(zone) == locked;
}

// Ties go to the lowest address, as the kernel's scan keeps the first it met.
ZoneId fullest(const Zones& zones, DeviceIndex device, bool locked, const IdSet& /*queued*/) {
  ZoneId best = no_zone;
  std::uint32_t most = 0;
  for (ZoneId zone = zones.first_zone(device); zone < zones.end_zone(device); ++zone) {
    if (zones.elements(zone) > most && zones.locked(zone) == locked) {
      most = zones.elements(zone);
      best = zone;
    }
  }
  return best;
}

// By block ids: physical order follows logical order inside a zone and, as chunks are allocated, mostly between zones.
ZoneId nearest(const Zones& zones, DeviceIndex device, bool locked, const IdSet& queued) {
  ZoneId best = no_zone;
  BlockId least = no_block;
  const BlockId head = zones.next(device);
  for (ZoneId zone = zones.first_zone(device); zone < zones.end_zone(device); ++zone) {
    if (!candidate(zones, zone, locked)) continue;
    const ZoneSet& set = zones.set(zones.stripe_set_of(zone));
    const BlockId entry = queued.first_in(set.first, set.end);
    const BlockId distance = entry > head ? entry - head : head - entry;
    if (distance < least) {
      least = distance;
      best = zone;
    }
  }
  return best;
}

ZoneId next_by_address(const Zones& zones, DeviceIndex device, bool locked, const IdSet& /*queued*/) {
  const BlockId head = zones.next(device);
  ZoneId wrapped = no_zone;
  for (ZoneId zone = zones.first_zone(device); zone < zones.end_zone(device); ++zone) {
    if (!candidate(zones, zone, locked)) continue;
    if (zones.set(zones.stripe_set_of(zone)).first >= head) return zone;
    if (wrapped == no_zone) wrapped = zone;
  }
  return wrapped;
}

ZoneId longest_left(const Zones& zones, DeviceIndex device, bool locked, const IdSet& /*queued*/) {
  ZoneId best = no_zone;
  for (ZoneId zone = zones.first_zone(device); zone < zones.end_zone(device); ++zone) {
    if (!candidate(zones, zone, locked)) continue;
    if (best == no_zone || zones.left_at_pick(zone) < zones.left_at_pick(best)) best = zone;
  }
  return best;
}

constexpr std::array<ZonePick, 4> picks{{
    {"most-elements", "the fullest", fullest},
    {"nearest", "the one nearest to its last read", nearest},
    {"sequential", "the next by address", next_by_address},
    {"round-robin", "the one it left longest ago", longest_left},
}};

}  // namespace

std::span<const ZonePick> zone_picks() { return picks; }

}  // namespace headway::reada
