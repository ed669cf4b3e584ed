#include "sim/bound/bound.h"

#include <algorithm>
#include <cmath>

#include "core/bound/balance.h"
#include "core/bound/chain.h"
#include "models/drive/bound/stream_needs.h"
#include "sim/bound/device_copies.h"
#include "sim/driver/memory_at_start.h"
#include "sim/driver/needed_blocks.h"

namespace headway {

namespace {

// Sums of many terms are short of it by less.
constexpr double rounding = 1e-9;

std::string reason_for_none(const Scenario& scenario, const Layout& layout) {
  if (!scenario.faults.empty()) return "faults slow drives or fail reads";
  for (const WorkloadSpec& spec : scenario.workload) {
    if (std::string reason = spec.plan->no_bound(layout); !reason.empty()) return spec.name + ": " + reason;
  }
  return {};
}

// What a reader that thinks at each node takes without any read.
double think_s(const Scenario& scenario, const Layout& layout) {
  const Forest& forest = layout.forest;
  double longest_s = 0;
  for (const WorkloadSpec& spec : scenario.workload) {
    if (spec.plan->think_s() == 0) continue;
    NeededBlocks visited(forest);
    for (const TreeRange& range : spec.plan->ranges(layout)) visited.add(range_in(forest, range));
    longest_s = std::max(longest_s, spec.plan->think_s() * static_cast<double>(visited.count()));
  }
  return longest_s;
}

std::vector<BlockId> wanted_blocks(const Scenario& scenario, const Layout& layout, const Memory& memory) {
  const Forest& forest = layout.forest;
  NeededBlocks needed(forest);
  for (const WorkloadSpec& spec : scenario.workload) {
    for (const TreeRange& range : spec.plan->ranges(layout)) needed.add(range_in(forest, range));
  }
  std::vector<BlockId> wanted;
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    if (needed.holds(block) && !memory.holds(block)) wanted.push_back(block);
  }
  return wanted;
}

// The longest that a device takes for what workloads read there for certain. What several read may be read once.
double stretches_s(const Scenario& scenario, const Layout& layout) {
  double longest_s = 0;
  for (const WorkloadSpec& spec : scenario.workload) {
    const auto stretches = spec.plan->stretches(layout);
    for (std::size_t d = 0; d < stretches.size(); ++d)
      longest_s = std::max(longest_s, stream_needs_s(*scenario.devices[d].model, stretches[d]));
  }
  return longest_s;
}

// Blocks over all devices.
class Division {
 public:
  Division(const Scenario& scenario, const Layout& layout, std::uint64_t seed, std::span<const BlockId> wanted)
      : copies_(layout.volume, layout.forest, wanted),
        each_(copies_.copies_each()),
        blocks_(wanted.size()),
        ways_(blocks_ * each_),
        alone_s_(blocks_, std::numeric_limits<float>::infinity()) {
    for (DeviceIndex d = 0; d < scenario.devices.size(); ++d) add_device(scenario.devices[d], d, drive_seed(seed, d));
  }

  // The least that each block takes alone, of its copies.
  const std::vector<float>& alone_s() const { return alone_s_; }

  double least_s(FewBlocks few) {
    std::size_t most = 0;
    for (const DriveNeeds& needs : needs_) most = std::max(most, needs.reckonings.size());
    double best_s = 0;
    for (std::size_t reckoning = 0; reckoning < most; ++reckoning) best_s = std::max(best_s, least_by(reckoning));
    if (few == FewBlocks::try_all && few_enough(ways_, each_)) best_s = std::max(best_s, least_of_few());
    return best_s;
  }

 private:
  void add_device(const DeviceSpec& spec, DeviceIndex device, std::uint64_t seed) {
    devices_.push_back({&spec, phase_of(seed), first_machine_});
    DeviceCopies::Copies own = copies_.on(device);
    DriveNeeds needs = drive_needs(*spec.model, spec.queue, devices_.back().phase, own.copies);
    for (std::size_t i = 0; i < own.slots.size(); ++i) {
      float& alone_s = alone_s_[own.slots[i] / each_];
      alone_s = std::min(alone_s, needs.alone_s[i]);
      ways_[own.slots[i]].machine = first_machine_ + needs.machine[i];
    }
    first_machine_ += static_cast<std::uint32_t>(needs.machines);
    slots_.push_back(std::move(own.slots));
    needs.alone_s = {};
    needs.machine = {};
    needs_.push_back(std::move(needs));
  }

  // Each drive by its own reckoning of that number; one that has fewer, by its first.
  double least_by(std::size_t number) {
    std::vector<double> opening_s;
    for (std::size_t d = 0; d < needs_.size(); ++d) {
      const auto& all = needs_[d].reckonings;
      const Reckoning& reckoning = all[number < all.size() ? number : 0];
      opening_s.insert(opening_s.end(), reckoning.opening_s.begin(), reckoning.opening_s.end());
      for (std::size_t i = 0; i < slots_[d].size(); ++i)
        ways_[slots_[d][i]].cost_s = std::max(0.0f, reckoning.cost_s[i]);
    }
    return least_makespan(ways_, each_, opening_s);
  }

  double least_of_few() const {
    std::vector<std::vector<double>> set_s;
    for (DeviceIndex d = 0; d < devices_.size(); ++d) {
      const DeviceCopies::Copies own = copies_.on(d);
      std::vector<std::uint32_t> block;
      for (const std::uint32_t slot : own.slots) block.push_back(static_cast<std::uint32_t>(slot / each_));
      auto sets = drive_needs_of_sets(*devices_[d].spec->model, devices_[d].spec->queue, devices_[d].phase, own.copies,
                                      block, blocks_);
      std::ranges::move(sets, std::back_inserter(set_s));
    }
    return least_makespan_of_few(ways_, each_, set_s);
  }

  struct OneDevice {
    const DeviceSpec* spec;
    double phase;
    std::uint32_t first_machine;
  };

  DeviceCopies copies_;
  std::size_t each_;
  std::size_t blocks_;
  std::vector<Way> ways_;  // by slot
  std::vector<float> alone_s_;
  std::vector<OneDevice> devices_;
  std::uint32_t first_machine_ = 0;
  std::vector<std::vector<std::uint32_t>> slots_;  // by device, of its copies
  std::vector<DriveNeeds> needs_;                  // by device
};

}  // namespace

Bound bound_of(const Scenario& scenario, const Layout& layout, std::uint64_t seed, FewBlocks few) {
  Bound bound;
  bound.none = reason_for_none(scenario, layout);
  if (!bound.none.empty()) return bound;
  const Forest& forest = layout.forest;
  const Memory memory = memory_at_start(forest, scenario.memory_bytes, scenario.warm_fraction, seed);
  const std::vector<BlockId> wanted = wanted_blocks(scenario, layout, memory);
  const double data_s = stretches_s(scenario, layout);
  double known_s = std::max(data_s, think_s(scenario, layout));
  double by_parents_s = known_s;
  if (data_s == 0 && !wanted.empty()) {
    Division division(scenario, layout, seed, wanted);
    known_s = std::max(known_s, division.least_s(few));
    by_parents_s = std::max(known_s, longest_chain(forest, memory, wanted, division.alone_s()));
  }
  bound.all_known_s = known_s * (1 - rounding);
  bound.by_parents_s = by_parents_s * (1 - rounding);
  if (wanted.empty() && known_s == 0) bound.none = "all is in memory at the start";
  return bound;
}

void add_bound(RunResult& run, const Bound& bound, const PolicySpec& policy) {
  if (run.failed()) return;
  run.no_bound = bound.none;
  if (!run.no_bound.empty()) return;
  if (run.metrics[MetricId::missing_blocks] > 0) {
    run.no_bound = "it did not bring all that was wanted";
    return;
  }
  const auto foresees = policy.policy->foresees;
  const bool knows = foresees != nullptr && foresees(policy.parameters);
  run.metrics[MetricId::bound_s] = knows ? bound.all_known_s : bound.by_parents_s;
  const double elapsed_s = run.metrics[MetricId::elapsed_s];
  if (elapsed_s > 0) run.metrics[MetricId::efficiency] = run.metrics[MetricId::bound_s] / elapsed_s;
}

}  // namespace headway
