// For tests: a file system of a few blocks on one to three drives of any kind, small enough that every way to read it
// can be tried (optimum.h).
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/base/testing/dice.h"
#include "core/testing/world.h"
#include "models/drive/library.h"
#include "models/drive/read_drive.h"
#include "models/layout/layout.h"
#include "sim/scenario/scenario.h"

namespace headway::testing {

// The whole of the one tree.
class WholeTree final : public WorkloadPlan {
 public:
  std::unique_ptr<Workload> make(std::size_t /*place*/, Stage& /*stage*/) const override { return nullptr; }
  void check(const LayoutCheck& /*check*/) const override {}
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override { return {{.tree = 256}}; }
};

struct SmallCase {
  Scenario scenario;  // its drives, its one workload
  Layout layout;
  std::uint64_t seed = 1;
  bool tree = false;  // blocks below blocks
  std::string words;
};

// A mechanical drive of 8 to 60 MB with a bit of everything.
inline Json small_mechanical(Dice& dice) {
  const int cylinders = dice.between(40, 300), surfaces = dice.between(1, 4);
  const int sectors = dice.between(60, 400), inner = dice.between(50, sectors);
  const int border = dice.between(10, cylinders - 10);
  const double turn_ms = 60e3 / 7200;
  Json drive = {{"drive", "small"}, {"rpm", 7200}, {"surfaces", surfaces}, {"cylinders", cylinders},
                {"sector_bytes", 512}, {"head_switch_ms", 0.1 * dice.between(2, 12)}};
  const auto zone = [&](int first, int last, int per_track) {
    return Json{{"first_cylinder", first}, {"last_cylinder", last}, {"sectors_per_track", per_track},
                {"track_skew_sectors", std::ceil(per_track * 1.3 / turn_ms)},
                {"cylinder_skew_sectors", std::ceil(per_track * 1.6 / turn_ms)},
                {"step_skew_sectors", std::ceil(per_track * 1.6 / turn_ms)}};
  };
  drive["zones"] = {zone(0, border - 1, sectors), zone(border, cylinders - 1, inner)};
  drive["sectors"] = (border * sectors + (cylinders - border) * inner) * surfaces;
  // Rising, with a dip and a quick first step as often as not.
  Json curve = Json::array();
  double time_ms = 0.2 + 0.1 * dice.between(0, 10);
  for (int d = 1; d < cylinders; d = d < 8 ? d + 1 : d * 3 / 2) {
    curve.push_back({d, time_ms * (dice.percent(15) ? 0.95 : 1.0)});
    time_ms += d == 1 ? 0.1 * dice.between(0, 8) : 0.05 * dice.between(1, 12);
  }
  if (curve.back()[0] != cylinders - 1) curve.push_back({cylinders - 1, time_ms});
  drive["seek_curve_ms"] = curve;
  if (dice.percent(60)) drive["read_miss_overhead_ms"] = 0.1 * dice.between(0, 6);
  if (dice.percent(40)) drive["completion_overhead_ms"] = 0.05 * dice.between(0, 4);
  if (dice.percent(60)) drive["bus_ms_per_sector"] = 0.001 * dice.between(1, 20);
  if (dice.percent(30)) drive["bus_overlapped"] = false;
  if (dice.percent(50)) {
    drive["buffer_segments"] = dice.between(1, 4);
    drive["segment_sectors"] = dice.between(32, 400);
    drive["read_hit_overhead_ms"] = 0.05 * dice.between(0, 6);
    if (dice.percent(30)) drive["read_ahead_until"] = dice.one_of<std::string>({"track_end", "next_track"});
    if (dice.percent(30)) drive["read_ahead_after"] = 2;
  }
  if (dice.percent(15)) drive["zero_latency"] = true;
  if (dice.percent(15)) drive["actuators"] = 2;
  if (dice.percent(20)) drive["band_tracks"] = dice.between(2, 8);
  if (drive.contains("band_tracks")) drive["track_order"] = "serpentine";
  if (dice.percent(15) && !drive.contains("band_tracks")) {
    drive["spares_per"] = "track";
    for (Json& one : drive["zones"]) {
      one["spare_sectors"] = 2;
      one["slips"] = {3, one["sectors_per_track"].get<int>() * 2 + 7};
    }
    drive["sectors"] = (border * (sectors - 2) + (cylinders - border) * (inner - 2)) * surfaces;
  }
  return drive;
}

inline Json small_flash(Dice& dice) {
  return {{"drive", "flash"}, {"kind", "solid-state"}, {"capacity_bytes", 64 << 20},
          {"channels", dice.between(1, 8)}, {"dies_per_channel", dice.between(1, 4)},
          {"page_bytes", 4096 << dice(3)}, {"page_read_us", dice.between(20, 100)}, {"page_program_us", 500},
          {"channel_bytes_per_s", 1e8 * dice.between(2, 8)}, {"command_us", dice.between(2, 20)},
          {"pipeline_us", 0.5 * dice.between(1, 20)}, {"host_bytes_per_s", 1e8 * dice.between(5, 35)}};
}

inline Json small_drive(Dice& dice) {
  const auto of = dice(10);
  if (of < 7) return small_mechanical(dice);
  if (of < 9) return small_flash(dice);
  return {{"drive", "even"}, {"kind", "constant"}, {"capacity_bytes", 64 << 20},
          {"latency_ms", 0.1 * dice.between(0, 30)}, {"bytes_per_s", 1e7 * dice.between(1, 30)}};
}

// Blocks at random places; the chunk of each holds up to four, so that some lie side by side.
class SmallLayout {
 public:
  SmallLayout(Dice& dice, std::size_t devices, std::uint64_t device_bytes, int blocks, bool tree)
      : dice_(dice), device_bytes_(device_bytes), tree_(tree), taken_(devices) {
    std::vector<Device> all;
    for (std::uint64_t id = 1; id <= devices; ++id) all.push_back({id, device_bytes});
    close_ = dice.percent(30);
    while (slots_.size() < static_cast<std::size_t>(blocks) + 1) add_chunk();
    layout_.volume = Volume("small", std::move(all), chunks_);
  }

  Layout make(int blocks) {
    for (std::size_t i = slots_.size(); i > 1; --i)
      std::swap(slots_[i - 1], slots_[dice_(static_cast<std::uint32_t>(i))]);
    const int levels = tree_ ? dice_.between(3, 4) : 2;
    std::vector<std::vector<Node>> by_level(static_cast<std::size_t>(levels));
    const auto root = static_cast<std::size_t>(levels) - 1;
    by_level[root].push_back({.logical = slots_[0], .level = static_cast<std::uint8_t>(root)});
    for (int i = 0; i < blocks; ++i) {  // a node each level first, leaves mostly
      std::size_t level = 0;
      if (tree_) level = i < levels - 1 ? root - 1 - static_cast<std::size_t>(i) : dice_(static_cast<std::uint32_t>(root));
      by_level[level].push_back({.logical = slots_[static_cast<std::size_t>(i) + 1], .level = static_cast<std::uint8_t>(level)});
    }
    give_children(by_level);
    std::vector<Node> nodes;
    for (auto& level : by_level) std::ranges::move(level, std::back_inserter(nodes));
    layout_.forest = make_forest(layout_.volume, std::move(nodes), {{256, slots_[0]}});
    layout_.source = "small";
    return std::move(layout_);
  }

 private:
  // Each level's nodes are divided over the level above in key order.
  void give_children(std::vector<std::vector<Node>>& by_level) {
    for (std::size_t level = 0; level + 1 < by_level.size(); ++level) {
      auto& parents = by_level[level + 1];
      for (std::size_t i = 0; i < by_level[level].size(); ++i) {
        const std::size_t parent = i * parents.size() / by_level[level].size();
        parents[parent].pointers.push_back({key_of(level, i, by_level[level].size()), by_level[level][i].logical});
      }
    }
  }
  static Key key_of(std::size_t /*level*/, std::size_t i, std::size_t of) { return {(i << 32) / of, 1, 0}; }

  void add_chunk() {
    constexpr std::uint64_t bytes = 65536;
    const auto devices = static_cast<std::uint32_t>(taken_.size());
    Chunk chunk{.logical = (chunks_.size() + 1) * (1 << 20), .bytes = bytes, .stripes = {}};
    const auto kind = dice_(10);
    std::size_t copies = 1;
    if (kind < 4 && devices >= 2) chunk.profile = Profile::raid1, copies = 2;
    if (kind == 4) chunk.profile = Profile::dup, copies = 2;
    if (kind == 5 && devices == 3) chunk.profile = Profile::raid1c3, copies = 3;
    const std::uint32_t first = dice_(devices);
    for (std::uint32_t c = 0; c < copies; ++c) {
      const auto device = static_cast<DeviceIndex>(chunk.profile == Profile::dup ? first : (first + c) % devices);
      chunk.stripes.push_back({device, place(device)});
    }
    const auto fit = static_cast<int>(bytes / node_bytes_);
    for (int i = 0, next = dice_.between(0, 1); i < dice_.between(1, 4) && next < fit; ++i) {
      slots_.push_back(chunk.logical + static_cast<std::uint64_t>(next) * node_bytes_);
      next += dice_.percent(50) ? 1 : dice_.between(2, 5);
    }
    chunks_.push_back(std::move(chunk));
  }

  std::uint64_t place(DeviceIndex device) {
    while (true) {
      const std::uint64_t range = close_ ? std::min<std::uint64_t>(device_bytes_, 4 << 20) : device_bytes_;
      const std::uint64_t slot = dice_(static_cast<std::uint32_t>(range / 65536 - 1));
      if (taken_[device].insert(slot).second) return slot * 65536;
    }
  }

  Dice& dice_;
  std::uint64_t device_bytes_;
  bool tree_, close_ = false;
  std::uint32_t node_bytes_ = node_bytes;
  std::vector<std::set<std::uint64_t>> taken_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint64_t> slots_;  // logical addresses of blocks
  Layout layout_;
};

inline SmallCase small_case(std::uint32_t number, bool tree, int most_blocks) {
  Dice dice(tree ? 7 : 5, number);
  SmallCase made;
  made.tree = tree;
  made.seed = 1 + dice(1000);
  const auto devices = static_cast<std::size_t>(dice.between(1, 3));
  const int blocks = dice.between(tree ? 3 : 1, most_blocks);
  const bool alike = dice.percent(60);
  std::uint64_t least_bytes = UINT64_MAX;
  for (std::size_t d = 0; d < devices; ++d) {
    DeviceSpec spec;
    if (d > 0 && alike) {
      spec = made.scenario.devices[0];
    } else {
      const Json json = small_drive(dice);
      spec.drive = json["drive"];
      spec.model = std::make_shared<DriveModel>(read_drive(JsonNode::parse(json.dump(), "small.json")));
      if (!std::holds_alternative<MechanicalModel>(spec.model->kind)) spec.queue.depth = dice.percent(50) ? 1 : 32;
      made.words += json.dump() + "\n";
    }
    least_bytes = std::min(least_bytes, capacity_bytes(*spec.model));
    made.scenario.devices.push_back(std::move(spec));
  }
  made.layout = SmallLayout(dice, devices, least_bytes / 65536 * 65536, blocks, tree).make(blocks);
  made.scenario.name = "small";
  made.scenario.workload.push_back({.name = "files", .plan = std::make_shared<WholeTree>(), .after = {}});
  made.words = fmt::format("case {}{}: {} blocks on {} devices\n", number, tree ? " with a tree" : "", blocks, devices) +
               made.words;
  return made;
}

}  // namespace headway::testing
