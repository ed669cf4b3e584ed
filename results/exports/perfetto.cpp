// Trace-event JSON, as ui.perfetto.dev and chrome://tracing open it: the run is a process, each drive a thread whose
// slices are the reads that it served (with their phases inside), a counter of its reads in flight, and an instant at
// each zone; a readahead is an asynchronous span from its add to its finish.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <tuple>
#include <vector>

#include "core/base/whole_file.h"
#include "results/exports/exports.h"
#include "results/trace/phases.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

class Events {
 public:
  Events() { text_ = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":["; }

  // `rest` is what follows the common fields, ready as JSON.
  void add(std::string_view kind, std::size_t thread, double time_s, std::string_view name, std::string_view rest) {
    text_ += first_ ? "\n" : ",\n";
    first_ = false;
    fmt::format_to(std::back_inserter(text_), R"({{"ph":"{}","pid":1,"tid":{},"ts":{},"name":{}{}}})", kind, thread,
                   time_s * 1e6, quoted_json(name), rest);
  }
  std::string finish() { return std::move(text_) + "\n]}\n"; }

  static std::string quoted_json(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

 private:
  std::string text_;
  bool first_ = true;
};

void add_names(Events& events, const TracedRun& run) {
  const auto name = [&](std::string_view what, std::size_t thread, const std::string& text) {
    events.add("M", thread, 0, what, fmt::format(R"(,"args":{{"name":{}}})", Events::quoted_json(text)));
  };
  name("process_name", 0, fmt::format("{}: {}, seed {}", run.header.scenario, run.header.policy, run.header.seed));
  for (std::size_t i = 0; i < run.header.devices.size(); ++i) {
    name("thread_name", i + 1, fmt::format("device {}", run.header.devices[i].devid));
  }
}

void add_reads(Events& events, const TracedRun& run) {
  for (const TracedRead& read : run.reads) {
    const std::size_t thread = run.device_place(read.device) + 1;
    const auto spans = phases_of(read);
    const bool data = read.level == TraceRow::no_level;
    events.add("X", thread, spans[0].from_s,
               data              ? "read data"
               : read.level == 0 ? "read leaf"
                                 : "read node",
               fmt::format(R"(,"cat":"read","dur":{},"args":{{"logical":{},"physical":{},"bytes":{},"mirror":{},)"
                           R"("level":{},"error":{},"queue_us":{}}})",
                           (read.end_s - spans[0].from_s) * 1e6, read.logical, read.physical, read.bytes, read.mirror,
                           data ? "null" : fmt::format("{}", read.level), read.error,
                           read.is_told() ? fmt::format("{}", read.queue_s * 1e6) : "null"));
    for (const PhaseSpan& span : spans) {
      if (span.to_s <= span.from_s) continue;
      events.add("X", thread, span.from_s, phase_names[static_cast<std::size_t>(span.phase)],
                 fmt::format(R"(,"cat":"phase","dur":{})", (span.to_s - span.from_s) * 1e6));
    }
  }
}

void add_in_flight(Events& events, const TracedRun& run) {
  struct Change {
    double time_s;
    std::size_t device;
    int by;
  };
  std::vector<Change> changes;
  for (const TracedRead& read : run.reads) {
    changes.push_back({read.issued_s, run.device_place(read.device), 1});
    changes.push_back({read.end_s, run.device_place(read.device), -1});
  }
  for (const TracedRead& read : run.unfinished) changes.push_back({read.issued_s, run.device_place(read.device), 1});
  std::ranges::stable_sort(changes, {}, &Change::time_s);
  std::vector<int> in_flight(run.header.devices.size());
  for (const Change& change : changes) {
    in_flight[change.device] += change.by;
    events.add("C", change.device + 1, change.time_s,
               fmt::format("in flight, device {}", run.header.devices[change.device].devid),
               fmt::format(R"(,"args":{{"reads":{}}})", in_flight[change.device]));
  }
}

void add_marks(Events& events, const TracedRun& run) {
  for (const TracedMark& mark : run.marks) {
    if (mark.event == TraceEvent::zone) {
      events.add("i", run.device_place(mark.device) + 1, mark.time_s, "zone",
                 fmt::format(R"(,"s":"t","cat":"zone","args":{{"logical":{}}})", mark.logical));
    } else if (mark.event == TraceEvent::add) {
      events.add("b", 0, mark.time_s, fmt::format("readahead {}", mark.handle),
                 fmt::format(R"(,"cat":"readahead","id":{},"args":{{"tree":{}}})", mark.handle, mark.tree));
    } else if (mark.event == TraceEvent::finish) {
      events.add("e", 0, mark.time_s, fmt::format("readahead {}", mark.handle),
                 fmt::format(R"(,"cat":"readahead","id":{})", mark.handle));
    }
  }
}

}  // namespace

void write_perfetto(TraceReader& trace, const std::filesystem::path& out) {
  const TracedRun run = read_run(trace);
  Events events;
  add_names(events, run);
  add_reads(events, run);
  add_in_flight(events, run);
  add_marks(events, run);
  write_whole_text(out, events.finish());
}

}  // namespace headway
