#include "models/drive/queue_spec.h"

#include <fmt/format.h>

#include "models/drive/host/schedulers.h"
#include "models/drive/mechanical/discipline/disciplines.h"

namespace headway {

namespace {

constexpr std::uint32_t max_depth = 65536;  // the deepest queue that NVMe allows

// The names of a table for their places in it.
template <class Place>
Value<Place> choice(std::span<const Kind> kinds) {
  std::vector<std::pair<std::string, Place>> known;
  for (const Kind& kind : kinds) known.emplace_back(kind.name, static_cast<Place>(known.size()));
  return json::choice(std::move(known));
}

}  // namespace

std::span<const Kind> disciplines() { return Disciplines::kinds; }
std::span<const Kind> schedulers() { return Schedulers::kinds; }

Discipline discipline_of(std::string_view name) {
  return static_cast<Discipline>(place_of(name, disciplines(), "discipline"));
}

Scheduler scheduler_of(std::string_view name) {
  return static_cast<Scheduler>(place_of(name, schedulers(), "scheduler"));
}

const Fields<QueueSpec>& queue_fields() {
  static const Fields<QueueSpec> fields =
      Fields<QueueSpec>()
          .optional("discipline", &QueueSpec::discipline, choice<Discipline>(disciplines()),
                    with_sentences("The order in which the drive serves the commands that it holds.", disciplines()))
          .optional("depth", &QueueSpec::depth, json::whole(1, max_depth, "commands"), "Commands at the drive at once.")
          .optional("max_age_s", &QueueSpec::max_age_s, json::some_seconds(),
                    "A command that has been at the drive for longer is served first.")
          .optional("scheduler", &QueueSpec::scheduler, choice<Scheduler>(schedulers()),
                    with_sentences("The order in which the host hands them to the drive.", schedulers()))
          .optional("fifo_batch", &QueueSpec::fifo_batch, json::whole(1, INT32_MAX, "requests"),
                    "Of mq-deadline: how long a batch is; 16 without it.")
          .optional("head_first", &QueueSpec::head_first, json::flag(),
                    "Of mq-deadline: a batch that finds nothing beyond the last request begins at the lowest address, "
                    "not at the oldest request.")
          .then([](const JsonNode& node, QueueSpec& queue) {
            if (schedulers()[static_cast<std::size_t>(queue.scheduler)].name == MqDeadline::kind.name) return;
            for (const char* key : {"fifo_batch", "head_first"}) {
              if (const auto given = node.find(key))
                given->fail(fmt::format("no {}: only the scheduler mq-deadline has batches", key));
            }
          });
  return fields;
}

Shape queue_shape() { return queue_fields().shape().named("queue"); }

QueueSpec read_queue(const JsonNode& node) { return queue_fields().read(node); }

}  // namespace headway
