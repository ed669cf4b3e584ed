// (c) Core alone: `reada-2011` fed with completions, the oldest read of each device in turn. No drive, no time.
// (n) The same with the shipped example of a policy of one's own, linked into this program, loaded as a plug-in, and in
// Python.
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/strategy.h"
#include "models/drive/host/fifo.h"
#include "models/layout/grow/grow.h"
#include "sim/bench/measure.h"
#include "sim/plugins/plugin.h"

extern const headway::Policy policy_elevator;  // scenarios/own-policy/

namespace headway::bench {

namespace {

// Takes the policy's decisions and completes its reads in the order of issue on each device.
class Fifos final : public Port {
 public:
  explicit Fifos(std::size_t devices) : in_flight_(devices) {}

  void issue(const Read& read) override {
    ++decisions_;
    in_flight_[read.device].push(read);
  }
  void hit(const Read&) override { ++decisions_; }
  void zone(DeviceIndex, std::uint64_t) override { ++decisions_; }
  void finish(HandleId) override {}

  // The number of decisions: reads, hits and zones.
  std::uint64_t run(Strategy& strategy, Memory& memory) {
    for (bool any = true; any;) {
      any = false;
      for (auto& reads : in_flight_) {
        if (reads.empty()) continue;
        any = true;
        const Read read = reads.pop();
        memory.insert(read.block);
        strategy.complete(read, 0);
      }
    }
    return decisions_;
  }

 private:
  std::vector<Fifo<Read>> in_flight_;
  std::uint64_t decisions_ = 0;
};

const Layout& layout_of(unsigned leaves) {
  static std::map<unsigned, Layout> grown;
  if (const auto known = grown.find(leaves); known != grown.end()) return known->second;
  const Json spec = million(12, leaves)["layout"]["synthetic"];
  return grown.emplace(leaves, grow_layout(JsonNode::parse(spec.dump(), "million"), 1)).first->second;
}

}  // namespace

// Has a name that callgrind finds: .ci/instructions counts what it takes.
[[gnu::noinline]] Measured decide(const Layout& layout, const Policy& policy) {
  Memory memory(layout.forest.blocks());
  for (const auto& tree : layout.forest.trees) memory.insert(tree.root);
  Fifos fifos(layout.volume.devices().size());
  const std::vector<DeviceTraits> traits(layout.volume.devices().size());
  const std::vector<std::uint32_t> pending(layout.volume.devices().size());  // nobody's
  const double now_s = 0;
  auto strategy =
      policy.make({layout.volume, layout.forest, memory, fifos, now_s, traits, pending}, Parameters(policy.parameters));
  const auto begin = std::chrono::steady_clock::now();
  strategy->add(0, {0, min_key, max_key});
  const std::uint64_t decisions = fifos.run(*strategy, memory);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  return {.wall_s = wall.count(), .count = static_cast<double>(decisions)};
}

namespace {

void core_alone(benchmark::State& state) {
  const Layout& layout = layout_of(static_cast<unsigned>(state.range(0)));
  for (auto _ : state) report(state, decide(layout, *find_policy("reada-2011")));
}
BENCHMARK(core_alone)
    ->Name("c/core-alone")
    ->Arg(20'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// The quickest of several: what is compared is code.
void own_policy(benchmark::State& state, const Policy& policy, int rounds = 40) {
  const Layout& layout = layout_of(20'000);
  for (auto _ : state) {
    Measured best = decide(layout, policy);
    for (int i = 1; i < rounds; ++i)
      best = std::min(best, decide(layout, policy), [](const auto& a, const auto& b) { return a.wall_s < b.wall_s; });
    report(state, best);
  }
}

void own_policy_linked_in(benchmark::State& state) { own_policy(state, policy_elevator); }
void own_policy_as_plugin(benchmark::State& state) {
  load_plugin(HEADWAY_ELEVATOR);
  own_policy(state, *find_policy("elevator"));
}
void own_policy_in_python(benchmark::State& state) {
  try {
    load_plugin(HEADWAY_ELEVATOR_IN_PYTHON);
  } catch (const InputError& error) {
    state.SkipWithError(error.what());
    return;
  }
  own_policy(state, *find_policy("elevator-py"), 5);
}
BENCHMARK(own_policy_linked_in)->Name("n/linked-in")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(own_policy_as_plugin)->Name("n/plug-in")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(own_policy_in_python)->Name("n/python")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace headway::bench
