// The leaves of a tree that may hold keys of a range, in key order, with what the layout knows of each.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layout/layout.h"
#include "sim/workloads/workload.h"

namespace headway {

struct LeafInRange {
  BlockId block = no_block;
  Key lowest;  // the first key that a search finds it by, within the range
  // BlockNotes::unknown_count where the layout does not say.
  std::uint32_t items = BlockNotes::unknown_count;
  std::uint32_t used_bytes = BlockNotes::unknown_count;  // behind its header
};

// Precondition: the tree is there.
std::vector<LeafInRange> leaves_in(const Layout& layout, const TreeRange& range);
// One of them.
LeafInRange leaf_of(const Layout& layout, BlockId block, const Key& lowest = {});
// Of how many the layout does not know that.
std::uint64_t unknown(const std::vector<LeafInRange>& leaves, std::uint32_t LeafInRange::*what);

}  // namespace headway
