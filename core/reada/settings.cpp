#include "core/reada/settings.h"

#include <algorithm>
#include <array>
#include <string>

namespace headway::reada {

namespace {

// A function, not an object: policies declare their parameters while objects elsewhere are still being made.
const std::vector<std::string>& zone_picks() {
  static const std::vector<std::string> names{"most-elements", "nearest", "sequential", "round-robin"};
  return names;
}

}  // namespace

std::vector<Parameter> declare(const Settings& defaults) {
  return {
      {.name = "max_in_flight",
       .default_value = std::int64_t{defaults.max_in_flight},
       .unit = "reads",
       .sentence = "Reads that one device has under way at most.",
       .low = 1,
       .high = 65536},
      {.name = "peer_lock",
       .default_value = defaults.peer_lock,
       .sentence = "A device that reads a zone locks the zone's twins on the mirror devices."},
      {.name = "zone_pick",
       .default_value = zone_picks()[static_cast<std::size_t>(defaults.zone_pick)],
       .sentence = "Which zone a device goes to next, unlocked ones first: the fullest, the one nearest to its last "
                   "read, the next by address, or the one it left longest ago.",
       .choices = zone_picks()},
      {.name = "max_copies",
       .default_value = std::int64_t{defaults.most_copies},
       .unit = "copies",
       .sentence = "Blocks that have more copies than this are not read ahead.",
       .low = 1,
       .high = headway::max_copies},
      {.name = "dup",
       .default_value = std::string(defaults.dup_first_copy ? "first-copy" : "refuse"),
       .sentence = "Blocks with both copies on one device: not read ahead, or read from the first.",
       .choices = {"refuse", "first-copy"}},
      {.name = "requeue",
       .default_value = std::string(defaults.requeue_two ? "two" : "none"),
       .sentence = "Works that a work queues when it stops after 10000 starts with more to do.",
       .choices = {"two", "none"}},
  };
}

Settings settings_from(const Parameters& values) {
  Settings settings;
  settings.max_in_flight = static_cast<std::uint32_t>(values.integer("max_in_flight"));
  settings.peer_lock = values.flag("peer_lock");
  const auto pick = std::find(zone_picks().begin(), zone_picks().end(), values.choice("zone_pick"));
  settings.zone_pick = static_cast<ZonePick>(pick - zone_picks().begin());
  settings.most_copies = static_cast<std::uint32_t>(values.integer("max_copies"));
  settings.dup_first_copy = values.choice("dup") == "first-copy";
  settings.requeue_two = values.choice("requeue") == "two";
  return settings;
}

}  // namespace headway::reada
