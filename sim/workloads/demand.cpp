#include "sim/workloads/demand.h"

#include <algorithm>
#include <array>
#include <ranges>

namespace headway {

namespace {

// The copy rule's parameters as the policy has them, where it has them.
Parameters copy_parameters(const PolicySpec& policy) {
  Parameters values(copy::declare());
  for (const auto& parameter : values.declared()) {
    if (policy.parameters.find(parameter.name)) values.set(parameter.name, policy.parameters.value(parameter.name));
  }
  return values;
}

Key key_after(Key key) {
  if (++key.offset != 0) return key;
  if (++key.type != 0) return key;
  ++key.objectid;
  return key;
}

}  // namespace

Range point_in(std::uint32_t tree, const Key& key) { return {tree, key, key_after(key)}; }

Demand::Demand(Stage& stage, std::uint16_t stream, bool background)
    : stage_(stage),
      stream_(stream),
      background_(background),
      reader_({stage.volume(), stage.forest(), stage.memory(), *this, stage.now_s(), stage.traits(), stage.pending(),
               stage.seed()},
              copy_parameters(stage.policy())) {}

bool Demand::fetch(std::uint32_t tree, BlockId block, const Key& key) {
  stage_.hold(block);
  if (stage_.memory().holds(block) || bring(tree, block, key)) return true;
  stage_.release(block);
  return false;
}

bool Demand::bring(std::uint32_t tree, BlockId block, const Key& key) {
  const double from_s = stage_.now_s();
  bool there;
  if (stage_.watch() == nullptr) {
    stage_.wait(stage_.add(point_in(tree, key), background_));
    there = stage_.memory().holds(block);
  } else {
    there = read_beside_policy(block);
  }
  waited_s_ += stage_.now_s() - from_s;
  return there;
}

bool Demand::search(std::uint32_t tree, const Key& key) {
  const Forest& forest = stage_.forest();
  BlockId block = forest.trees[tree].root;
  std::array<BlockId, 8> path;  // levels fall, at most eight
  std::size_t depth = 0;
  bool found = false;
  while (fetch(tree, block, key)) {
    path[depth++] = block;
    if ((found = forest.level[block] == 0)) break;
    const PointerId first = forest.first_pointer[block], end = forest.first_pointer[block + 1];
    const auto behind = std::ranges::upper_bound(std::views::iota(first + 1, end), key, {},
                                                 [&](PointerId pointer) { return forest.key(pointer); });
    block = forest.child[first + static_cast<PointerId>(behind - std::views::iota(first + 1, end).begin())];
  }
  for (std::size_t i = 0; i < depth; ++i) leave(path[i]);
  return found;
}

bool Demand::read_beside_policy(BlockId block) {
  std::shared_ptr<Sleeper> woken;
  if (idle_.empty()) {
    woken = stage_.make_sleeper();
  } else {
    woken = std::move(idle_.back());
    idle_.pop_back();
  }
  bool read_here = false, there = true;
  while (!stage_.memory().holds(block)) {
    if (!stage_.watch()->in_flight(block)) {
      there = !read_here;
      if (!there) break;
      reader_.issue(block);
      read_here = true;
    }
    stage_.watch()->wake_at_end(block, woken);
    stage_.wait(*woken);
  }
  idle_.push_back(std::move(woken));
  return there;
}

void Demand::issue(const Read& read) {
  stage_.watch()->demanded(read);
  stage_.submit({.read = read, .background = background_, .stream = stream_}, *this);
}

void Demand::ended(const OwnRequest& request, const OwnCompletion& completion) {
  counters_.ended(request, completion);
  reader_.complete(request.read, completion.error);
  if (completion.error != 0 && reader_.retry(request.read)) return;
  stage_.block_ended(request.read, completion.error);
}

}  // namespace headway
