#include "models/drive/queue_spec.h"

#include "models/drive/host/schedulers.h"
#include "models/drive/mechanical/discipline/disciplines.h"

namespace headway {

namespace {

constexpr std::uint32_t max_depth = 65536;  // the deepest queue that NVMe allows

}  // namespace

std::span<const Kind> disciplines() { return Disciplines::kinds; }
std::span<const Kind> schedulers() { return Schedulers::kinds; }

Discipline discipline_of(std::string_view name) {
  return static_cast<Discipline>(place_of(name, disciplines(), "discipline"));
}

Scheduler scheduler_of(std::string_view name) {
  return static_cast<Scheduler>(place_of(name, schedulers(), "scheduler"));
}

QueueSpec read_queue(const JsonNode& node) {
  node.allow_only({"discipline", "depth", "max_age_s", "scheduler"});
  QueueSpec spec;
  if (const auto name = node.find("discipline")) spec.discipline = discipline_of(name->choice(names_of(disciplines())));
  if (const auto depth = node.find("depth"))
    spec.depth = static_cast<std::uint32_t>(depth->unsigned_integer(1, max_depth, "commands"));
  if (const auto age = node.find("max_age_s")) spec.max_age_s = age->positive("seconds");
  if (const auto name = node.find("scheduler")) spec.scheduler = scheduler_of(name->choice(names_of(schedulers())));
  return spec;
}

}  // namespace headway
