// A small world for tests of policies: volumes and trees built from a few words, and a driver that writes down what a
// policy decides, holds it to the contract and completes its reads in the order that the test wants.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/port_check.h"
#include "core/strategy.h"

namespace headway::testing {

inline constexpr std::uint64_t mib = std::uint64_t{1} << 20;
inline constexpr std::uint32_t node_bytes = 16384;

struct NodePointer {
  Key key;
  std::uint64_t child = 0;  // logical address
  std::uint64_t generation = 1;
};

struct Node {
  std::uint64_t logical = 0;
  std::uint8_t level = 0;
  std::uint64_t generation = 1;
  std::vector<NodePointer> pointers;
};

// Brings nodes into zone order and resolves addresses to block ids. `trees`: object id -> root's logical address.
inline Forest make_forest(const Volume& volume, std::vector<Node> nodes,
                          const std::map<std::uint64_t, std::uint64_t>& trees) {
  std::sort(nodes.begin(), nodes.end(), [&](const Node& a, const Node& b) {
    return std::pair(volume.map(a.logical).stripe_set, a.logical) <
           std::pair(volume.map(b.logical).stripe_set, b.logical);
  });
  std::map<std::uint64_t, BlockId> ids;
  for (const auto& node : nodes) ids.emplace(node.logical, static_cast<BlockId>(ids.size()));
  Forest forest;
  forest.node_bytes = node_bytes;
  for (const auto& node : nodes) {
    forest.logical.push_back(node.logical);
    forest.generation.push_back(node.generation);
    forest.level.push_back(node.level);
    forest.first_pointer.push_back(static_cast<PointerId>(forest.child.size()));
    for (const auto& pointer : node.pointers) {
      forest.key_objectid.push_back(pointer.key.objectid);
      forest.key_type.push_back(pointer.key.type);
      forest.key_offset.push_back(pointer.key.offset);
      forest.child.push_back(ids.at(pointer.child));
      forest.child_generation.push_back(pointer.generation);
    }
  }
  forest.first_pointer.push_back(static_cast<PointerId>(forest.child.size()));
  for (const auto& [objectid, root] : trees) forest.trees.push_back({objectid, ids.at(root)});
  check_and_index("test", volume, forest);
  return forest;
}

// `count` chunks of 1 MiB from logical 1 MiB on, each on the devices that `stripes(c)` names.
template <class Stripes>
Volume make_volume(std::size_t devices, std::size_t count, Profile profile, Stripes stripes) {
  std::vector<Device> all;
  for (std::uint64_t id = 1; id <= devices; ++id) all.push_back({id, mib << 20});
  std::vector<Chunk> chunks;
  std::vector<std::uint64_t> free(devices, mib);
  for (std::size_t c = 0; c < count; ++c) {
    Chunk chunk{.logical = (c + 1) * mib, .bytes = mib, .profile = profile};
    if (profile == Profile::raid10) chunk.sub_stripes = 2;
    for (const DeviceIndex device : stripes(c)) {
      chunk.stripes.push_back({device, free[device]});
      free[device] += mib;
    }
    chunks.push_back(chunk);
  }
  return Volume("test", all, chunks);
}

// Drives one strategy. Decisions come out as words: "issue 2:1048576" (devid:logical), "hit ...", "zone 2:1048576",
// "finish 0".
class World final : public Port {
 public:
  World(Volume volume, Forest forest)
      : volume_(std::move(volume)),
        forest_(std::move(forest)),
        memory_(forest_.blocks()),
        check_(volume_, forest_, memory_),
        traits_(volume_.devices().size()),
        pending_(volume_.devices().size()) {
    for (const auto& tree : forest_.trees) memory_.insert(tree.root);
  }
  World(const World&) = delete;

  template <class Make>
  void make(Make&& make) {
    strategy_ = make(Context{.volume = volume_,
                             .forest = forest_,
                             .memory = memory_,
                             .port = *this,
                             .now_s = now_s_,
                             .traits = traits_,
                             .pending = pending_,
                             .bound = bound_ ? &*bound_ : nullptr});
  }

  const Volume& volume() const { return volume_; }
  const Forest& forest() const { return forest_; }
  Memory& memory() { return memory_; }
  // Room for so many blocks, the roots, which stay, among them. Before make(); from then on blocks enter by bring().
  void set_room(std::size_t most) {
    for (BlockId block = 0; block < forest_.blocks(); ++block) memory_.evict(block);
    bound_.emplace(memory_, forest_.blocks(), most);
    for (const auto& tree : forest_.trees) {
      bound_->hold(tree.root);
      bring(tree.root);
    }
  }
  void bring(BlockId block) {
    if (!bound_) return memory_.insert(block);
    bound_->insert(block, [](BlockId) {});
  }
  const MemoryBound* bound() const { return bound_ ? &*bound_ : nullptr; }
  Strategy& strategy() { return *strategy_; }
  DeviceTraits& traits(DeviceIndex device) { return traits_[device]; }  // to be set before make()
  std::uint32_t& pending(DeviceIndex device) { return pending_[device]; }  // a test may add what others ask for
  void set_now(double now_s) { now_s_ = now_s; }

  BlockId block_at(std::uint64_t logical) const {
    const auto at = std::find(forest_.logical.begin(), forest_.logical.end(), logical);
    return static_cast<BlockId>(at - forest_.logical.begin());
  }

  HandleId add(std::uint64_t tree, Key start = min_key, Key end = max_key, bool is_visited = false) {
    check_.added(handles_);
    strategy_->add(handles_, {*forest_.find_tree(tree), start, end, is_visited});
    return handles_++;
  }
  void complete(const Read& read, int error = 0) {
    for (BlockId b = 0; error == 0 && b < read.blocks; ++b) bring(read.block + b);
    std::erase_if(in_flight_, [&](const Read& r) { return r.block == read.block && r.device == read.device; });
    check_.completed(read);
    --pending_[read.device];
    strategy_->complete(read, error);
  }
  void complete_at(std::uint64_t logical, int error = 0) {
    const auto at =
        std::find_if(in_flight_.begin(), in_flight_.end(), [&](const Read& r) { return r.logical == logical; });
    complete(Read(*at), error);
  }
  // Completes in the order of issue until nothing is in flight.
  void run() {
    while (!in_flight_.empty()) complete(Read(in_flight_.front()));
  }

  // What was decided since the last call.
  std::vector<std::string> decisions() { return std::exchange(decisions_, {}); }
  const std::deque<Read>& in_flight() const { return in_flight_; }
  const std::vector<Read>& issued() const { return issued_; }
  const std::vector<BlockId>& hits() const { return hits_; }
  const std::vector<HandleId>& finished() const { return finished_; }
  HandleId handles() const { return handles_; }

  void issue(const Read& read) override {
    check_.issue(read);
    ++pending_[read.device];
    decisions_.push_back(word("issue", read.device, read.logical));
    in_flight_.push_back(read);
    issued_.push_back(read);
  }
  void hit(const Read& read) override {
    check_.hit(read);
    decisions_.push_back(word("hit", read.device, read.logical));
    hits_.push_back(read.block);
  }
  void zone(DeviceIndex device, std::uint64_t logical) override {
    check_.zone(device, logical);
    decisions_.push_back(word("zone", device, logical));
  }
  void finish(HandleId handle) override {
    check_.finish(handle);
    decisions_.push_back(fmt::format("finish {}", handle));
    finished_.push_back(handle);
  }

 private:
  std::string word(std::string_view what, DeviceIndex device, std::uint64_t logical) const {
    return fmt::format("{} {}:{}", what, volume_.devices()[device].devid, logical);
  }

  Volume volume_;
  Forest forest_;
  Memory memory_;
  std::optional<MemoryBound> bound_;
  PortCheck check_;
  std::vector<DeviceTraits> traits_;
  std::vector<std::uint32_t> pending_;
  double now_s_ = 0;
  std::unique_ptr<Strategy> strategy_;
  HandleId handles_ = 0;
  std::deque<Read> in_flight_;
  std::vector<Read> issued_;
  std::vector<BlockId> hits_;
  std::vector<HandleId> finished_;
  std::vector<std::string> decisions_;
};

}  // namespace headway::testing
