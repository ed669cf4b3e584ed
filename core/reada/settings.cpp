#include "core/reada/settings.h"

#include <algorithm>
#include <string>

namespace headway::reada {

namespace {

std::vector<std::string> zone_pick_names() {
  std::vector<std::string> names;
  for (const ZonePick& pick : zone_picks()) names.emplace_back(pick.name);
  return names;
}

std::string zone_pick_sentence() {
  std::string all = "Which zone a device goes to next, unlocked ones first: ";
  for (const ZonePick& pick : zone_picks()) {
    if (&pick != &zone_picks().front()) all += &pick == &zone_picks().back() ? ", or " : ", ";
    all += pick.sentence;
  }
  return all + ".";
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
       .default_value = std::string(defaults.zone_pick->name),
       .sentence = zone_pick_sentence(),
       .choices = zone_pick_names()},
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
      {.name = "starts_per_work",
       .default_value = std::int64_t{defaults.starts_per_work},
       .unit = "starts",
       .sentence = "A work that has started so many reads ends.",
       .low = 1,
       .high = 1 << 30},
      {.name = "requeue",
       .default_value = std::string(defaults.requeue_two ? "two" : "none"),
       .sentence = "Works that a work queues when it ends after starts_per_work with more to do.",
       .choices = {"two", "none"}},
      {.name = "coalesce_bytes",
       .default_value = std::int64_t{defaults.coalesce_bytes},
       .unit = "bytes",
       .sentence = "Neighbouring blocks that are queued are read in one go up to this size; 0 reads each on its own.",
       .low = 0,
       .high = 1 << 26},
      {.name = "in_flight_accounting",
       .default_value = std::string(defaults.count_until_completion ? "completion" : "submission"),
       .sentence = "What max_in_flight bounds: reads until they end, or only until they are submitted, which bounds the "
                   "workers that submit at once.",
       .choices = {"completion", "submission"}},
      {.name = "on_generation_mismatch",
       .default_value = std::string(defaults.restart_on_mismatch ? "restart" : "skip"),
       .sentence = "A node of another generation than its pointer expects: leave its branch out, or walk to the branch "
                   "again from the root.",
       .choices = {"skip", "restart"}},
      {.name = "controls_per_extent",
       .default_value = std::string(defaults.one_control_per_extent ? "one" : "many"),
       .sentence = "A readahead that meets a block which another has queued: both get its children, or it waits for the "
                   "other one to finish.",
       .choices = {"many", "one"}},
  };
}

Settings settings_from(const Parameters& values, const Settings& defaults) {
  Settings settings = defaults;
  settings.max_in_flight = static_cast<std::uint32_t>(values.integer("max_in_flight"));
  settings.peer_lock = values.flag("peer_lock");
  settings.zone_pick = &*std::ranges::find(zone_picks(), values.choice("zone_pick"), &ZonePick::name);
  settings.most_copies = static_cast<std::uint32_t>(values.integer("max_copies"));
  settings.dup_first_copy = values.choice("dup") == "first-copy";
  settings.starts_per_work = static_cast<std::uint32_t>(values.integer("starts_per_work"));
  settings.requeue_two = values.choice("requeue") == "two";
  settings.coalesce_bytes = static_cast<std::uint32_t>(values.integer("coalesce_bytes"));
  settings.count_until_completion = values.choice("in_flight_accounting") == "completion";
  settings.restart_on_mismatch = values.choice("on_generation_mismatch") == "restart";
  settings.one_control_per_extent = values.choice("controls_per_extent") == "one";
  return settings;
}

}  // namespace headway::reada
