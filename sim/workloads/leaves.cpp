#include "sim/workloads/leaves.h"

#include <algorithm>

#include "core/wanted.h"
#include "models/layout/btrfs/constants.h"

namespace headway {

namespace {

// Recurses once a level: levels fall, at most eight.
void collect(const Layout& layout, BlockId block, PointerId top, const Range& range, const Key& lowest,
             std::vector<LeafInRange>& leaves) {
  const Forest& forest = layout.forest;
  if (forest.level[block] == 0) return leaves.push_back(leaf_of(layout, block, lowest));
  for_each_child_in(forest, block, top, range, [&](PointerId pointer, PointerId child_top) {
    collect(layout, forest.child[pointer], child_top, range, std::max(forest.key(pointer), range.start), leaves);
  });
}

}  // namespace

std::vector<LeafInRange> leaves_in(const Layout& layout, const TreeRange& tree_range) {
  const Range range = range_in(layout.forest, tree_range);
  std::vector<LeafInRange> leaves;
  collect(layout, layout.forest.trees[range.tree].root, no_top, range, range.start, leaves);
  return leaves;
}

LeafInRange leaf_of(const Layout& layout, BlockId block, const Key& lowest) {
  LeafInRange leaf{.block = block, .lowest = lowest};
  if (layout.notes.empty()) return leaf;
  leaf.items = layout.notes.items[block];
  const std::uint32_t free = layout.notes.free_bytes[block], room = layout.forest.node_bytes - btrfs::header_bytes;
  if (free != BlockNotes::unknown_count) leaf.used_bytes = room - std::min(free, room);
  return leaf;
}

std::uint64_t unknown(const std::vector<LeafInRange>& leaves, std::uint32_t LeafInRange::*what) {
  return static_cast<std::uint64_t>(std::ranges::count(leaves, BlockNotes::unknown_count, what));
}

}  // namespace headway
