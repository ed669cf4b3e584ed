// (l) A live run on twelve image files in memory (tmpfs; no O_DIRECT): what the program itself can read a second, each
// block checked, and no device to wait for.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "sim/bench/measure.h"
#include "sim/live/live_run.h"
#include "sim/live/testing/images.h"

namespace headway::bench {

namespace {

namespace fs = std::filesystem;

// Gone with the object.
struct MemoryDirectory {
  fs::path path = fmt::format("/dev/shm/headway-bench-{}", ::getpid());
  MemoryDirectory() { fs::create_directories(path); }
  ~MemoryDirectory() { fs::remove_all(path); }
};

Measured run_from_memory(unsigned leaves) {
  const MemoryDirectory directory;
  Json json = million(12, leaves);
  json["layout"]["synthetic"]["node_bytes"] = 4096;
  const Scenario scenario = read_scenario(write_scenario(json, fmt::format("live-{}", leaves)));
  const Layout layout = load_scenario_layout(scenario);
  std::vector<NamedDevice> named;
  for (const fs::path& image : headway::testing::write_images(layout, directory.path))
    named.push_back({named.size() + 1, image});
  const LiveDevices devices(named, {.mounted_ok = true, .buffered = true});
  const LiveRun run = run_live({.scenario = scenario,
                                .layout = layout,
                                .policy = scenario.policies.front(),
                                .seed = 1,
                                .devices = devices,
                                .trace = {},
                                .intervals = directory.path / "intervals.h5",
                                .stop = [] { return false; },
                                .progress = {}});
  const double reads = run.result.metrics[MetricId::reads];
  std::fprintf(stderr, "live: %.2f us of CPU time a read%s\n", run.timing.cpu_s / reads * 1e6,
               run.devices_failed ? ", and blocks that were not what they should be" : "");
  return {.wall_s = run.result.metrics[MetricId::elapsed_s], .count = reads};
}

void live(benchmark::State& state) {
  const auto leaves = static_cast<unsigned>(state.range(0));
  for (auto _ : state) report(state, in_child([leaves] { return run_from_memory(leaves); }));
}
BENCHMARK(live)->Name("l/live-memory")->Arg(100'000)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace headway::bench
