#include "sim/live/live_run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <limits>

#include "core/base/error.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"
#include "sim/live/live_world.h"
#include "sim/workloads/twin.h"

namespace headway {

namespace {

DriverParts parts_of(const LiveRequest& request, TraceWriter* trace) {
  return {.layout = request.layout,
          .policy = request.policy,
          .faults = request.scenario.faults,
          .traits = request.devices.traits(),
          .seed = request.seed,
          .warm_fraction = request.scenario.warm_fraction,
          .memory_bytes = request.scenario.memory_bytes,
          .watched = Workloads::read_blocks_beside(request.policy, request.scenario.workload),
          .trace = trace};
}

void clear_unknown(MetricValues& values) {
  for (const MetricId id : {MetricId::seek_time_s, MetricId::rotation_time_s, MetricId::transfer_time_s})
    values[id] = std::numeric_limits<double>::quiet_NaN();
}

void clear_unknown(RunResult& result) {
  clear_unknown(result.metrics);
  for (DeviceResult& device : result.devices) clear_unknown(device.metrics);
}

void clear_unknown(Intervals& intervals) {
  for (MetricValues& window : intervals.run) clear_unknown(window);
  for (auto& device : intervals.devices) {
    for (MetricValues& window : device) clear_unknown(window);
  }
}

// What devices did not answer as they should, a sentence each.
std::vector<std::string> complaints(const LiveDevices& devices, const LiveWorld& world, const BlockCheck& check) {
  std::vector<std::string> sentences;
  for (DeviceIndex i = 0; i < devices.all().size(); ++i) {
    const std::string name = fmt::format("device {} ({})", devices.all()[i].devid, devices.all()[i].path.string());
    if (const auto& failed = world.failed()[i]; failed.reads > 0)
      sentences.push_back(fmt::format("{} failed {} reads, the first {}", name, failed.reads, failed.first));
    if (const auto wrong = check.wrong_on(i); wrong.blocks > 0)
      sentences.push_back(fmt::format("{} holds {} blocks that are not what they should be, the first {}", name,
                                      wrong.blocks, wrong.first));
  }
  return sentences;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// What the process has taken so far: CPU time of all its threads, in the kernel too.
double cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

void show_progress(const LiveRequest& request, Driver& driver) {
  if (!request.progress) return;
  double bytes_needed = static_cast<double>(driver.needed().count()) * request.layout.forest.node_bytes;
  for (const auto& spec : request.scenario.workload)
    bytes_needed += static_cast<double>(spec.plan->data_bytes(request.layout));
  driver.recorder().watch([&request, bytes_needed](double t, std::uint64_t reads, std::uint64_t bytes) {
    request.progress(t, reads, bytes_needed > 0 ? static_cast<double>(bytes) / bytes_needed : 0);
  });
}

// The run itself, when all is open: its result, its CPU time, and whether devices failed.
void measure(const LiveRequest& request, TraceWriter* trace, const TraceHeader& header, LiveRun& run) {
  BlockCheck check(request.devices.super(), request.layout);
  LiveWorld world(request.devices, check, request.stop);
  Driver driver(parts_of(request, trace), world, world.actors());
  Stage stage(driver, world.actors());
  const Workloads workloads(request.scenario.workload, stage);
  const UnwoundFibers unwound(world.actors());
  show_progress(request, driver);
  std::string failure;
  const double cpu_before_s = cpu_s();
  try {
    if (!world.run(driver)) failure = "stopped before its end";
  } catch (const std::exception& error) {
    failure = fmt::format("policy \"{}\": {}", request.policy.name, error.what());
  }
  run.timing.cpu_s = cpu_s() - cpu_before_s;
  run.result = workloads.result(failure);
  for (auto& sentence : complaints(request.devices, world, check)) {
    run.devices_failed = true;
    run.result.notes.push_back(std::move(sentence));
  }
  clear_unknown(run.result);
  if (!run.result.failed()) {
    Intervals intervals = driver.recorder().intervals(run.result.metrics[MetricId::elapsed_s]);
    clear_unknown(intervals);
    write_intervals(request.intervals, header, intervals);
  }
}

}  // namespace

void check_live(const Scenario& scenario) {
  const std::string file = scenario.called();
  if (!scenario.faults.empty())
    throw InputError(file, "/faults", "none in a live run, whose devices fail by themselves",
                     fmt::format("{}", scenario.faults.size()));
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    if (scenario.workload[i].plan->writes())
      throw InputError(file, fmt::format("/workload/{}", i), "a workload that only reads, as a live run must",
                       fmt::format("\"{}\", which writes", scenario.workload[i].name));
  }
}

LiveRun run_live(const LiveRequest& request) {
  const auto devices = request.layout.volume.devices();
  const TraceHeader header{.scenario = request.scenario.name,
                           .policy = request.policy.name,
                           .seed = request.seed,
                           .devices = {devices.begin(), devices.end()}};
  std::optional<TraceWriter> trace;
  if (request.trace) trace.emplace(*request.trace, header);
  LiveRun run;
  const auto begin = std::chrono::steady_clock::now();
  measure(request, trace ? &*trace : nullptr, header, run);
  if (trace) trace->close();
  run.timing.policy = request.policy.name;
  run.timing.seed = request.seed;
  run.timing.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  run.timing.peak_rss_bytes = peak_rss_bytes();
  const double reads = run.result.metrics[MetricId::reads];
  if (!run.result.failed() && run.timing.wall_s > 0) run.timing.reads_per_wall_s = reads / run.timing.wall_s;
  return run;
}

std::string decisions_differ(const LiveRequest& request, std::uint64_t& events) {
  const TwinRun twin = twin_of(parts_of(request, nullptr), request.scenario.workload, request.trace.value());
  events = twin.events;
  return twin.difference;
}

}  // namespace headway
