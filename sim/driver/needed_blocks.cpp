#include "sim/driver/needed_blocks.h"

#include "core/mixed.h"

namespace headway {

// Recurses once a level: levels fall, at most eight.
void NeededBlocks::visit(BlockId block, const Range& range, const Key& top) {
  needed_.insert(block);
  const PointerId end = forest_.first_pointer[block + 1];
  for (PointerId pointer = forest_.first_pointer[block]; pointer < end; ++pointer) {
    const Key next = pointer + 1 < end ? forest_.key(pointer + 1) : top;
    if (forest_.key(pointer) < range.end && next > range.start) visit(forest_.child[pointer], range, next);
  }
}

std::uint64_t NeededBlocks::count_in(const Memory& set) const {
  std::uint64_t count = 0;
  for (BlockId block = 0; block < forest_.blocks(); ++block) count += needed_.holds(block) && set.holds(block);
  return count;
}

NeededBlocks::Missing NeededBlocks::outside(const Memory& set, const Memory& other) const {
  Missing missing;
  for (BlockId block = 0; block < forest_.blocks(); ++block) {
    if (!lacks(block, set, other)) continue;
    ++missing.count;
    missing.digest += mixed(forest_.logical[block]);
  }
  return missing;
}

}  // namespace headway
