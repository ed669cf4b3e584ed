#include "models/drive/queue_spec.h"

#include <algorithm>

#include "core/base/error.h"

namespace headway {

namespace {

constexpr std::uint32_t max_depth = 65536;  // the deepest queue that NVMe allows

std::size_t index_of(const std::string& name, const std::vector<std::string>& known, std::string_view what) {
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) throw InputError("", what, "a known name", unknown_name(name, known));
  return static_cast<std::size_t>(found - known.begin());
}

}  // namespace

const std::vector<std::string>& discipline_names() {
  static const std::vector<std::string> names{"fcfs", "sstf", "scan", "look", "c-look", "sptf"};
  return names;
}

const std::vector<std::string>& scheduler_names() {
  static const std::vector<std::string> names{"none", "mq-deadline", "bfq", "kyber"};
  return names;
}

Discipline discipline_of(const std::string& name) {
  return static_cast<Discipline>(index_of(name, discipline_names(), "discipline"));
}

Scheduler scheduler_of(const std::string& name) {
  return static_cast<Scheduler>(index_of(name, scheduler_names(), "scheduler"));
}

QueueSpec read_queue(const JsonNode& node) {
  node.allow_only({"discipline", "depth", "max_age_s", "scheduler"});
  QueueSpec spec;
  if (const auto name = node.find("discipline")) spec.discipline = discipline_of(name->choice(discipline_names()));
  if (const auto depth = node.find("depth"))
    spec.depth = static_cast<std::uint32_t>(depth->unsigned_integer(1, max_depth, "commands"));
  if (const auto age = node.find("max_age_s")) spec.max_age_s = age->positive("seconds");
  if (const auto name = node.find("scheduler")) spec.scheduler = scheduler_of(name->choice(scheduler_names()));
  return spec;
}

}  // namespace headway
