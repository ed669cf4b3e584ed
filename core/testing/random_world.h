// Random layouts and random work on them, from a handful of numbers: small enough to be shrunk, field by field, to the
// least case that still fails.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/testing/dice.h"
#include "core/testing/world.h"

namespace headway::testing {

// What a case is made of. Every field may be lowered alone and leaves a case that makes sense.
struct Case {
  std::uint32_t seed = 0;
  int profile = 0;      // place in case_profiles
  int devices = 1;      // at least what the profile needs
  int nodes = 1;        // blocks a tree, about
  int fanout = 2;       // pointers a node at most
  int levels = 1;       // 1: the root is a leaf
  int trees = 1;        // further ones are snapshots of the first that have gone their own way
  int spread = 1;       // times as many block groups as the blocks need
  int handles = 1;
  int together = 1;     // handles at work at once
  int ranges = 0;       // percent of handles that want a part of their tree
  int mismatches = 0;   // percent of pointers that expect another generation
  int errors = 0;       // percent of reads that fail
  int warm = 0;         // percent of blocks in memory
  int intrusions = 0;   // percent of steps at which a block enters memory without the policy's doing
  int crossing = 0;     // percent of chunks in which every fourth node crosses the end of a stripe
  int room = 0;         // in memory, in blocks beside the roots; 0: for all
  int visits = 0;       // percent of handles whose range is visited
  int shuffled = 0;     // 1: completions in random order, 0: in the order of issue
};

inline constexpr std::array<Profile, 7> case_profiles{Profile::single, Profile::raid1,  Profile::raid0,  Profile::raid10,
                                                      Profile::dup,    Profile::raid1c3, Profile::raid5};

inline std::string describe(const Case& c) {
  return fmt::format(
      "seed {} profile {} devices {} nodes {} fanout {} levels {} trees {} spread {} handles {} together {} ranges {} "
      "mismatches {} errors {} warm {} intrusions {} crossing {} room {} visits {} shuffled "
      "{}",
      c.seed, to_string(case_profiles[static_cast<std::size_t>(c.profile)]), c.devices, c.nodes, c.fanout, c.levels,
      c.trees, c.spread, c.handles, c.together, c.ranges, c.mismatches, c.errors, c.warm, c.intrusions, c.crossing,
      c.room, c.visits, c.shuffled);
}

inline Case random_case(std::uint32_t seed) {
  Dice dice(seed);
  Case c;
  c.seed = seed;
  c.profile = static_cast<int>(dice(5) < 4 ? dice(4) : dice(case_profiles.size()));
  c.devices = dice.between(1, 16);
  c.levels = dice.between(1, 5);
  c.nodes = dice.percent(20) ? dice.between(300, 1500) : dice.between(1, 120);
  c.fanout = dice.between(1, dice.percent(50) ? 4 : 60);
  c.trees = dice.percent(40) ? dice.between(2, 3) : 1;
  c.spread = dice.percent(50) ? 1 : dice.between(2, 12);
  c.handles = dice.percent(50) ? 1 : dice.between(2, 6);
  c.together = dice.between(1, c.handles);
  c.ranges = dice.percent(40) ? dice.between(1, 100) : 0;
  c.mismatches = dice.percent(25) ? dice.between(1, 30) : 0;
  c.errors = dice.percent(25) ? dice.between(1, 30) : 0;
  c.warm = dice.percent(40) ? (dice.percent(30) ? 100 : dice.between(1, 99)) : 0;
  c.shuffled = dice.percent(70) ? 1 : 0;
  c.intrusions = dice.percent(40) ? dice.between(1, 100) : 0;
  c.crossing = dice.percent(30) ? dice.between(1, 100) : 0;
  c.room = dice.percent(30) ? dice.between(1, 40) : 0;
  c.visits = dice.percent(40) ? dice.between(1, 100) : 0;
  return c;
}

namespace detail {

inline int devices_needed(Profile profile) {
  switch (profile) {
    case Profile::raid1:
    case Profile::raid10:
      return 2;
    case Profile::raid1c3:
    case Profile::raid5:
      return 3;
    default:
      return 1;
  }
}

inline Volume random_volume(const Case& c, std::size_t slots, Dice& dice) {
  const Profile profile = case_profiles[static_cast<std::size_t>(c.profile)];
  const int devices = std::max(c.devices, devices_needed(profile));
  const std::size_t chunks = (slots / 64 + 1) * static_cast<std::size_t>(c.spread);
  return make_volume(static_cast<std::size_t>(devices), chunks, profile, [&](std::size_t) {
    std::vector<DeviceIndex> order(static_cast<std::size_t>(devices));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<DeviceIndex>(i);
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[dice(static_cast<std::uint32_t>(i))]);
    if (profile == Profile::dup) return std::vector<DeviceIndex>{order[0], order[0]};
    std::size_t count = order.size();
    if (profile == Profile::single) count = 1;
    if (profile == Profile::raid1) count = 2;
    if (profile == Profile::raid1c3) count = 3;
    if (profile == Profile::raid10) count -= count % 2;
    order.resize(count);
    return order;
  });
}

// Grows trees whose blocks lie anywhere.
class Grower {
 public:
  Grower(const Case& c, Dice& dice, std::vector<std::uint64_t> slots)
      : case_(c), dice_(dice), slots_(std::move(slots)) {}

  std::uint64_t tree() {
    left_ = case_.nodes;
    return grow(case_.levels - 1, 0, std::uint64_t{1} << 40);
  }

  // A snapshot: shares what has not been rewritten since.
  std::uint64_t snapshot(std::uint64_t logical) {
    if (dice_.percent(50) || slots_.empty()) return logical;
    Node copy = *find(logical);
    copy.logical = slot();
    copy.generation = 2 + dice_(3);
    const std::size_t drop = dice_.percent(30) && copy.pointers.size() > 1 ? dice_(static_cast<std::uint32_t>(
                                                                                 copy.pointers.size()))
                                                                           : copy.pointers.size();
    if (drop < copy.pointers.size()) copy.pointers.erase(copy.pointers.begin() + static_cast<std::ptrdiff_t>(drop));
    for (auto& pointer : copy.pointers) {
      pointer.child = snapshot(pointer.child);
      pointer.generation = expected(find(pointer.child)->generation);
    }
    const std::uint64_t at = copy.logical;
    nodes_.push_back(std::move(copy));
    return at;
  }

  std::vector<Node> take() { return std::move(nodes_); }

 private:
  std::uint64_t slot() {
    const std::uint64_t at = slots_.back();
    slots_.pop_back();
    return at;
  }

  const Node* find(std::uint64_t logical) const {
    for (const auto& node : nodes_) {
      if (node.logical == logical) return &node;
    }
    return nullptr;
  }

  std::uint64_t expected(std::uint64_t generation) {
    return dice_.percent(case_.mismatches) ? generation + 1 : generation;
  }

  std::uint64_t grow(int level, std::uint64_t low, std::uint64_t high) {
    Node node{.logical = slot(), .level = static_cast<std::uint8_t>(level), .generation = 1 + dice_(3)};
    --left_;
    if (level > 0) {
      const auto count = static_cast<std::uint64_t>(dice_.between(1, case_.fanout));
      for (std::uint64_t i = 0; i < count && (i == 0 || left_ > 0) && !slots_.empty(); ++i) {
        const std::uint64_t step = (high - low) / count;
        const std::uint64_t child = grow(level - 1, low + i * step, low + (i + 1) * step);
        node.pointers.push_back({{low + i * step, static_cast<std::uint8_t>(i), i}, child, 0});
        node.pointers.back().generation = expected(find(child)->generation);
      }
    }
    nodes_.push_back(node);
    return node.logical;
  }

  const Case& case_;
  Dice& dice_;
  std::vector<std::uint64_t> slots_;
  std::vector<Node> nodes_;
  int left_ = 0;
};

}  // namespace detail

// The block that enters memory without the policy's doing, if one does at this step: every other time one that the
// policy has in flight, as far as there are such.
inline std::optional<BlockId> random_intruder(const Case& c, Dice& dice, const World& world) {
  if (c.intrusions == 0 || !dice.percent(c.intrusions)) return std::nullopt;
  const auto below = [&](std::size_t count) { return dice(static_cast<std::uint32_t>(count)); };
  if (world.in_flight().empty() || dice.percent(50)) return below(world.forest().blocks());
  const Read& read = world.in_flight()[below(world.in_flight().size())];
  return read.block + below(read.blocks);
}

struct RandomLayout {
  Volume volume;
  Forest forest;
};

inline RandomLayout random_layout(const Case& c) {
  Dice dice(c.seed ^ 0x5bd1e995u);
  const std::size_t blocks = static_cast<std::size_t>(c.nodes + 8) * static_cast<std::size_t>(c.trees);
  Volume volume = detail::random_volume(c, blocks, dice);
  Dice crossing(c.seed ^ 0x7f4a7c15u);
  std::vector<std::uint64_t> slots;
  for (const auto& chunk : volume.chunks()) {
    const std::uint64_t shift = crossing.percent(c.crossing) ? 4096u * (1 + crossing(3)) : 0;
    for (std::uint64_t at = shift; at + node_bytes <= chunk.bytes; at += node_bytes)
      slots.push_back(chunk.logical + at);
  }
  for (std::size_t i = slots.size(); i > 1; --i) std::swap(slots[i - 1], slots[dice(static_cast<std::uint32_t>(i))]);
  detail::Grower grower(c, dice, slots);
  std::map<std::uint64_t, std::uint64_t> trees{{256, grower.tree()}};
  for (int t = 1; t < c.trees; ++t) trees[256u + static_cast<unsigned>(t)] = grower.snapshot(trees[256]);
  Forest forest = make_forest(volume, grower.take(), trees);
  return {std::move(volume), std::move(forest)};
}

// Lowers one field after the other for as long as the case still fails.
inline Case shrink(Case failing, const std::function<bool(const Case&)>& fails) {
  const std::array<std::pair<int Case::*, int>, 17> fields{{{&Case::handles, 1},
                                                            {&Case::trees, 1},
                                                            {&Case::nodes, 1},
                                                            {&Case::devices, 1},
                                                            {&Case::levels, 1},
                                                            {&Case::fanout, 1},
                                                            {&Case::spread, 1},
                                                            {&Case::together, 1},
                                                            {&Case::ranges, 0},
                                                            {&Case::mismatches, 0},
                                                            {&Case::errors, 0},
                                                            {&Case::warm, 0},
                                                            {&Case::intrusions, 0},
                                                            {&Case::crossing, 0},
                                                            {&Case::room, 0},
                                                            {&Case::visits, 0},
                                                            {&Case::shuffled, 0}}};
  for (bool lowered = true; lowered;) {
    lowered = false;
    for (const auto& [field, least] : fields) {
      for (const int wanted : {least, (failing.*field + least) / 2, failing.*field - 1}) {
        Case candidate = failing;
        candidate.*field = wanted;
        if (wanted < least || wanted >= failing.*field || !fails(candidate)) continue;
        failing = candidate;
        lowered = true;
        break;
      }
    }
  }
  return failing;
}

}  // namespace headway::testing
