// One live run: one policy with one seed of a scenario, on the real devices of a layout.
//
// What a scenario says of the machine (drives, queues, buses, CPUs) is what the simulation stands on; here the machine
// is real, and none of it has a say. Metrics that a real device cannot tell are empty; `seeks` counts reads by the
// order in which they ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "results/files/results_file.h"
#include "sim/live/live_devices.h"
#include "sim/scenario/scenario.h"

namespace headway {

struct LiveRequest {
  const Scenario& scenario;
  const Layout& layout;
  const PolicySpec& policy;
  std::uint64_t seed = 0;
  const LiveDevices& devices;
  std::optional<std::filesystem::path> trace;
  std::filesystem::path intervals;
  std::function<bool()> stop;  // asked now and then: whether to end before the end
  std::function<void(double now_s, std::uint64_t reads, double share)> progress;
};

struct LiveRun {
  RunResult result;  // failed where it was stopped
  RunTiming timing;
  bool devices_failed = false;  // a device did not answer a read as it should; the result's notes say which and how
};

// Throws InputError where the scenario holds what no live run can do: faults (real devices have their own), writes.
void check_live(const Scenario& scenario);
// Throws what writing its files throws.
LiveRun run_live(const LiveRequest& request);

// Whether the policy's decisions of a traced run follow from the ends of its reads: empty where they do, else where and
// how they differ (sim/workloads/twin.h). `events` is set to how many are the same.
std::string decisions_differ(const LiveRequest& request, std::uint64_t& events);

}  // namespace headway
