// A reader that visits a key range in key order, block by block, with the policy's readahead beside it, which nobody
// waits for: what consume and send have in common.
//
// What is not in memory when the reader comes to it, it reads or waits for (demand.h). Where the policy is a tree
// search there is no readahead beside it: the reader is that search. A branch whose copies all fail is left out.
// Where memory has a bound the reader holds the nodes on its way down; what was brought for it and has left again before
// it came there, it reads again.
#pragma once

#include <algorithm>
#include <optional>

#include "core/wanted.h"
#include "sim/driver/stage.h"
#include "sim/workloads/demand.h"
#include "sim/workloads/workload.h"

namespace headway {

class KeyOrderReader {
 public:
  KeyOrderReader(Stage& stage, std::uint16_t stream) : stage_(stage), demand_(stage, stream, false) {}

  // Blocks, and so may `at_block(block)`, which is called for each block when it is in memory.
  template <class AtBlock>
  void visit(const TreeRange& tree_range, AtBlock&& at_block) {
    Range range = range_in(stage_.forest(), tree_range);
    range.is_visited = true;
    if (!stage_.policy().policy->is_search) stage_.detach(*(ahead_ = stage_.add(range)));
    visit(stage_.forest().trees[range.tree].root, range, no_top, range.start, at_block);
  }

  Demand& demand() { return demand_; }
  const Demand& demand() const { return demand_; }

 private:
  // Recurses once a level: levels fall, at most eight.
  template <class AtBlock>
  void visit(BlockId block, const Range& range, PointerId top, const Key& key, AtBlock& at_block) {
    if (ahead_) stage_.visit(*ahead_, block);
    if (!demand_.fetch(range.tree, block, key)) return;
    at_block(block);
    const Forest& forest = stage_.forest();
    for_each_child_in(forest, block, top, range, [&](PointerId pointer, PointerId child_top) {
      visit(forest.child[pointer], range, child_top, std::max(forest.key(pointer), range.start), at_block);
    });
    demand_.leave(block);
  }

  Stage& stage_;
  Demand demand_;
  std::optional<HandleId> ahead_;  // the readahead beside it
};

}  // namespace headway
