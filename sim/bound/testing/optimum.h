// For tests: the least time in which a small case (small_case.h) can be read, found by trying: every copy, every order,
// every way to merge neighbours into one read, on the drives themselves. What it misses makes it slower, never faster,
// than the best.
#pragma once

#include <limits>
#include <map>

#include "models/drive/make_drive.h"
#include "sim/bound/testing/small_case.h"

namespace headway::testing {

class Optimum {
 public:
  explicit Optimum(const SmallCase& of) : case_(of) {
    const Forest& forest = of.layout.forest;
    for (BlockId block = 0; block < forest.blocks(); ++block) {
      if (block == forest.trees[0].root) continue;
      number_[block] = blocks_.size();
      blocks_.push_back(block);
    }
    for (const BlockId block : blocks_) maps_.push_back(of.layout.volume.map(forest.logical[block]));
    parent_.resize(blocks_.size(), none);
    for (BlockId block = 0; block < forest.blocks(); ++block) {
      for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
        if (number_.contains(block)) parent_[number_[forest.child[p]]] = number_[block];
      }
    }
  }

  double find_s() { return case_.tree ? with_tree_s() : without_tree_s(); }

 private:
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  struct Command {
    std::uint64_t offset = 0, end = 0;
    double at_s = 0;
  };

  // When each of the commands ends; `each_waits`: a command is sent when the one before has ended.
  std::vector<double> run(DeviceIndex device, const std::vector<Command>& commands, bool each_waits) const {
    const DeviceSpec& spec = case_.scenario.devices[device];
    const auto drive = assemble_drive(spec.model, spec.queue, phase_of(drive_seed(case_.seed, device)));
    std::vector<double> ends(commands.size());
    std::size_t sent = 0, ended = 0;
    double now_s = 0;
    while (ended < commands.size()) {
      const auto due = [&] {
        if (sent == commands.size()) return false;
        return each_waits ? ended == sent : commands[sent].at_s <= std::max(now_s, drive->next_event_s());
      };
      while (due()) {
        if (!each_waits) now_s = std::max(now_s, commands[sent].at_s);
        const Command& one = commands[sent];
        drive->submit({.tag = sent, .offset_bytes = one.offset, .bytes = static_cast<std::uint32_t>(one.end - one.offset)},
                      now_s);
        ++sent;
      }
      const double event_s = drive->next_event_s();
      DriveCompletion done;
      while (drive->advance(event_s, done)) {
        ends[done.tag] = done.end_s;
        ++ended;
      }
      now_s = event_s;
    }
    return ends;
  }

  Command command_of(std::size_t block, std::size_t copy) const {
    const std::uint64_t offset = maps_[block].copy[copy].physical;
    return {offset, offset + case_.layout.forest.node_bytes, 0};
  }

  bool waits(DeviceIndex device) const {
    return std::holds_alternative<MechanicalModel>(case_.scenario.devices[device].model->kind);
  }

  // ---- Without a tree: each device and actuator by itself.

  struct Item {
    std::size_t block = 0, copy = 0;
    std::uint32_t set = 0;  // stripe set
  };

  double last_end(DeviceIndex device, const std::vector<Command>& commands) const {
    const auto ends = run(device, commands, waits(device));
    return *std::max_element(ends.begin(), ends.end());
  }

  // By set of blocks: the least, over orders that extend the best of each set and last block.
  std::vector<double> sets_s(DeviceIndex device, const std::vector<Item>& items) const {
    struct State {
      double end_s = infinite;
      std::vector<Command> commands;
      std::uint32_t open_set = UINT32_MAX;  // stripe set of the last command
    };
    const std::size_t sets = std::size_t{1} << blocks_.size();
    std::vector<double> least(sets, infinite);
    least[0] = 0;
    std::vector<std::vector<State>> best(sets * items.size());
    const auto offer = [&](std::size_t set, std::size_t last, State state) {
      auto& kept = best[set * items.size() + last];
      state.end_s = last_end(device, state.commands);
      least[set] = std::min(least[set], state.end_s);
      kept.push_back(std::move(state));
      std::ranges::sort(kept, {}, &State::end_s);
      if (kept.size() > most_kept_) kept.resize(most_kept_);
    };
    for (std::size_t i = 0; i < items.size(); ++i)
      offer(std::size_t{1} << items[i].block, i, {0, {command_of(items[i].block, items[i].copy)}, items[i].set});
    for (std::size_t set = 1; set < sets; ++set) {
      for (std::size_t last = 0; last < items.size(); ++last) {
        for (const State& state : std::vector(best[set * items.size() + last])) {
          for (std::size_t next = 0; next < items.size(); ++next) {
            const std::size_t with = set | std::size_t{1} << items[next].block;
            if (with == set) continue;
            const Command own = command_of(items[next].block, items[next].copy);
            State apart = state;
            apart.commands.push_back(own);
            apart.open_set = items[next].set;
            offer(with, next, std::move(apart));
            if (state.open_set != items[next].set || own.offset < state.commands.back().end) continue;
            State merged = state;
            merged.commands.back().end = own.end;
            offer(with, next, std::move(merged));
          }
        }
      }
    }
    return least;
  }

  double without_tree_s() const {
    const auto devices = static_cast<DeviceIndex>(case_.scenario.devices.size());
    std::vector<std::vector<double>> part_s;
    std::vector<std::vector<std::size_t>> part_of(blocks_.size());  // by block and copy
    for (std::size_t b = 0; b < blocks_.size(); ++b) part_of[b].resize(maps_[b].copies);
    for (DeviceIndex d = 0; d < devices; ++d) {
      const auto* mechanical = std::get_if<MechanicalModel>(&case_.scenario.devices[d].model->kind);
      const std::uint32_t actuators = mechanical ? mechanical->actuators : 1;
      const std::uint64_t each = capacity_bytes(*case_.scenario.devices[d].model) / actuators;
      for (std::uint32_t a = 0; a < actuators; ++a) {
        std::vector<Item> items;
        for (std::size_t b = 0; b < blocks_.size(); ++b) {
          for (std::size_t c = 0; c < maps_[b].copies; ++c) {
            if (maps_[b].copy[c].device != d || maps_[b].copy[c].physical / each != a) continue;
            part_of[b][c] = part_s.size();
            items.push_back({b, c, maps_[b].stripe_set});
          }
        }
        part_s.push_back(sets_s(d, items));
      }
    }
    std::vector<std::size_t> sets(part_s.size());
    return divided_s(part_s, part_of, sets, 0);
  }

  double divided_s(const std::vector<std::vector<double>>& part_s, const std::vector<std::vector<std::size_t>>& part_of,
                   std::vector<std::size_t>& sets, std::size_t block) const {
    if (block == blocks_.size()) {
      double slowest_s = 0;
      for (std::size_t p = 0; p < sets.size(); ++p) slowest_s = std::max(slowest_s, part_s[p][sets[p]]);
      return slowest_s;
    }
    double least_s = infinite;
    for (const std::size_t part : part_of[block]) {
      sets[part] ^= std::size_t{1} << block;
      least_s = std::min(least_s, divided_s(part_s, part_of, sets, block + 1));
      sets[part] ^= std::size_t{1} << block;
    }
    return least_s;
  }

  // ---- With a tree: every schedule in which a device with nothing to do takes a block that is known, or waits for the
  // next end anywhere.

  struct Schedule {
    std::vector<std::vector<Command>> commands;      // by device
    std::vector<std::vector<std::size_t>> of;        // the block of each
    std::vector<double> there_s;                     // by block; infinite: not asked for
  };

  double with_tree_s() {
    best_s_ = infinite;
    Schedule schedule{.commands = {}, .of = {}, .there_s = std::vector<double>(blocks_.size(), infinite)};
    schedule.commands.resize(case_.scenario.devices.size());
    schedule.of.resize(case_.scenario.devices.size());
    extend(schedule, 0);
    return best_s_;
  }

  void extend(const Schedule& schedule, double now_s) {
    if (std::ranges::none_of(schedule.there_s, [](double s) { return s == infinite; })) {
      best_s_ = std::min(best_s_, *std::ranges::max_element(schedule.there_s));
      return;
    }
    if (now_s >= best_s_) return;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      const bool known = parent_[b] == none || schedule.there_s[parent_[b]] <= now_s;
      if (schedule.there_s[b] != infinite || !known) continue;
      for (std::size_t c = 0; c < maps_[b].copies; ++c) {
        const DeviceIndex device = maps_[b].copy[c].device;
        if (under_way(schedule, device, now_s) >= room(device)) continue;
        Schedule more = schedule;
        Command own = command_of(b, c);
        own.at_s = now_s;
        more.commands[device].push_back(own);
        more.of[device].push_back(b);
        const auto ends = run(device, more.commands[device], false);
        for (std::size_t i = 0; i < ends.size(); ++i) more.there_s[more.of[device][i]] = ends[i];
        extend(more, now_s);
      }
    }
    double next_s = infinite;
    for (const double s : schedule.there_s) next_s = s > now_s ? std::min(next_s, s) : next_s;
    if (next_s < infinite) extend(schedule, next_s);
  }

  std::size_t under_way(const Schedule& schedule, DeviceIndex device, double now_s) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        schedule.of[device], [&](std::size_t block) { return schedule.there_s[block] > now_s; }));
  }
  std::size_t room(DeviceIndex device) const { return waits(device) ? 1 : case_.scenario.devices[device].queue.depth; }

  const SmallCase& case_;
  std::vector<BlockId> blocks_;
  std::map<BlockId, std::size_t> number_;
  std::vector<Mapping> maps_;
  std::vector<std::size_t> parent_;
  std::size_t most_kept_ = 2;
  double best_s_ = infinite;
};

}  // namespace headway::testing
