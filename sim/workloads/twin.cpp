#include "sim/workloads/twin.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "core/base/scratch.h"
#include "results/trace/trace.h"
#include "sim/driver/plain_world.h"

namespace headway {

namespace {

// The ends of a traced run's reads, to be handed out again, a read of the same place at a time.
class TracedEnds {
 public:
  explicit TracedEnds(const std::vector<TraceRow>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].event != TraceEvent::complete) continue;
      PlainEnd end{.completion = {.end_s = rows[i].time_s}, .order = i, .error = rows[i].error};
      end.completion.times = {rows[i].queue_s, rows[i].seek_s, rows[i].rotation_s, rows[i].transfer_s};
      ends_[{rows[i].device, rows[i].physical}].push_back(end);
    }
  }
  // Nothing for a read that had not ended when the run did. One that the twin asks for later than the run had it ends
  // at once: no read ends before it is asked for, and that they differ is seen at its issue.
  std::optional<PlainEnd> take(std::uint64_t devid, std::uint64_t physical, double now_s) {
    const auto ends = ends_.find({devid, physical});
    if (ends == ends_.end() || ends->second.empty()) return std::nullopt;
    PlainEnd end = ends->second.front();
    ends->second.pop_front();
    end.completion.end_s = std::max(end.completion.end_s, now_s);
    return end;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::deque<PlainEnd>> ends_;
};

// What a row decides; how long its read took is not decided.
std::string words(const TraceRow& row) {
  return fmt::format("{} s: {} handle {} tree {} device {} mirror {} logical {} physical {} bytes {} level {} error {}",
                     row.time_s, to_string(row.event), row.handle, row.tree, row.device, row.mirror, row.logical,
                     row.physical, row.bytes, row.level, row.error);
}

// An engine's clock is a sum of steps: its dates may be a few units in the last place off.
bool same_date(double a, double b) { return std::abs(a - b) <= 1e-12 * (1 + std::max(a, b)); }

bool same_decision(const TraceRow& a, const TraceRow& b) {
  return same_date(a.time_s, b.time_s) && a.event == b.event && a.handle == b.handle && a.tree == b.tree &&
         a.device == b.device && a.mirror == b.mirror && a.logical == b.logical && a.physical == b.physical &&
         a.bytes == b.bytes && a.level == b.level && a.error == b.error;
}

void hold_together(const std::vector<TraceRow>& run, const std::vector<TraceRow>& twin, TwinRun& into) {
  const std::size_t both = std::min(run.size(), twin.size());
  while (into.events < both && same_decision(run[into.events], twin[into.events])) ++into.events;
  const std::uint64_t at = into.events;
  const auto there = [&](const std::vector<TraceRow>& rows) { return at < rows.size() ? words(rows[at]) : "no more"; };
  if (at < std::max(run.size(), twin.size()))
    into.difference = fmt::format("event {}: the run has \"{}\", its twin \"{}\"", at, there(run), there(twin));
}

}  // namespace

TwinRun twin_of(DriverParts parts, const std::vector<WorkloadSpec>& workload, const std::filesystem::path& trace) {
  const std::vector<TraceRow> rows = read_trace(trace);
  const ScratchDirectory scratch;
  const std::filesystem::path twin_trace = scratch.path() / "twin.trace.h5";
  TraceWriter writer(twin_trace, {.scenario = "twin", .policy = parts.policy.name, .seed = parts.seed, .devices = {}});
  parts.trace = &writer;
  TracedEnds ends(rows);
  const Driver* running = nullptr;
  const auto devices = parts.layout.volume.devices();
  PlainWorld world([&](DeviceIndex device, const DriveRequest& request, double now_s) -> std::optional<PlainEnd> {
    if (!running->request_of(request.tag).recorded) return std::nullopt;
    return ends.take(devices[device].devid, request.offset_bytes, now_s);
  });
  Driver driver(std::move(parts), world, world.actors());
  running = &driver;
  Stage stage(driver, world.actors());
  const Workloads workloads(workload, stage);
  const UnwoundFibers unwound(world.actors());
  world.run(driver);
  TwinRun twin{.result = workloads.result("")};
  writer.close();
  hold_together(rows, read_trace(twin_trace), twin);
  return twin;
}

}  // namespace headway
