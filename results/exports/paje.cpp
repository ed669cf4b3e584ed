// Paje: the run as a container, a device as a container in it, with its phase as a state and its reads in flight as a
// variable.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <vector>

#include "core/base/whole_file.h"
#include "results/exports/exports.h"
#include "results/trace/phases.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

constexpr std::string_view definitions = R"(%EventDef PajeDefineContainerType 0
%       Alias string
%       Type string
%       Name string
%EndEventDef
%EventDef PajeDefineStateType 1
%       Alias string
%       Type string
%       Name string
%EndEventDef
%EventDef PajeDefineVariableType 2
%       Alias string
%       Type string
%       Name string
%       Color color
%EndEventDef
%EventDef PajeDefineEntityValue 3
%       Alias string
%       Type string
%       Name string
%       Color color
%EndEventDef
%EventDef PajeCreateContainer 4
%       Time date
%       Alias string
%       Type string
%       Container string
%       Name string
%EndEventDef
%EventDef PajeDestroyContainer 5
%       Time date
%       Type string
%       Name string
%EndEventDef
%EventDef PajeSetState 6
%       Time date
%       Type string
%       Container string
%       Value string
%EndEventDef
%EventDef PajeSetVariable 7
%       Time date
%       Type string
%       Container string
%       Value double
%EndEventDef
0 run 0 "Run"
0 device run "Device"
1 phase device "Phase"
2 in_flight device "Reads in flight" "0.0 0.4 0.7"
3 idle phase "idle" "0.9 0.9 0.9"
3 overhead phase "overhead" "0.5 0.5 0.5"
3 seek phase "seek" "0.84 0.37 0.0"
3 rotation phase "rotation" "0.9 0.62 0.0"
3 transfer phase "transfer" "0.0 0.62 0.45"
)";

struct Change {
  double time_s;
  std::uint64_t device;
  int in_flight;           // +1, -1, or 0 for a change of phase
  std::string_view phase;  // for a change of phase
};

// A device's phases, in the order in which it served: each lasts until the next one, the last until idleness.
void append_phases(std::vector<Change>& changes, const TracedRun& run, std::uint64_t devid) {
  double busy_until_s = 0;
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    for (const PhaseSpan& span : phases_of(read)) {
      const double from_s = std::max(span.from_s, busy_until_s);
      if (span.to_s <= from_s) continue;
      if (from_s > busy_until_s) changes.push_back({busy_until_s, devid, 0, "idle"});
      changes.push_back({from_s, devid, 0, phase_names[static_cast<std::size_t>(span.phase)]});
      busy_until_s = span.to_s;
    }
  }
  changes.push_back({busy_until_s, devid, 0, "idle"});
}

std::vector<Change> changes_of(const TracedRun& run) {
  std::vector<Change> changes;
  for (const Device& device : run.header.devices) append_phases(changes, run, device.devid);
  for (const TracedRead& read : run.reads) {
    changes.push_back({read.issued_s, read.device, 1, {}});
    changes.push_back({read.end_s, read.device, -1, {}});
  }
  for (const TracedRead& read : run.unfinished) changes.push_back({read.issued_s, read.device, 1, {}});
  std::ranges::stable_sort(changes, {}, &Change::time_s);
  return changes;
}

// A name between quotes, of which Paje knows no escape.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '"' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  return out;
}

}  // namespace

void write_paje(TraceReader& trace, const std::filesystem::path& out) {
  const TracedRun run = read_run(trace);
  std::string text(definitions);
  text += fmt::format("4 0 r run 0 \"{} {}\"\n", plain(run.header.scenario), plain(run.header.policy));
  for (const Device& device : run.header.devices) {
    text += fmt::format("4 0 d{0} device r \"device {0}\"\n", device.devid);
  }
  std::vector<int> in_flight(run.header.devices.size());
  for (const Change& change : changes_of(run)) {
    if (change.in_flight == 0) {
      fmt::format_to(std::back_inserter(text), "6 {} phase d{} {}\n", change.time_s, change.device, change.phase);
    } else {
      const int count = in_flight[run.device_place(change.device)] += change.in_flight;
      fmt::format_to(std::back_inserter(text), "7 {} in_flight d{} {}\n", change.time_s, change.device, count);
    }
  }
  for (const Device& device : run.header.devices) text += fmt::format("5 {} device d{}\n", run.end_s, device.devid);
  text += fmt::format("5 {} run r\n", run.end_s);
  write_whole_text(out, text);
}

}  // namespace headway
