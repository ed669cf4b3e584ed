// Which blocks the workloads wanted: what separates a read that served somebody from a wasted one.
#pragma once

#include <cstdint>

#include "core/memory.h"
#include "core/strategy.h"

namespace headway {

class NeededBlocks {
 public:
  explicit NeededBlocks(const Forest& forest) : forest_(forest), needed_(forest.blocks()) {}

  // All blocks of the tree that may hold keys of the range.
  void add(const Range& range) { visit(forest_.trees[range.tree].root, range, max_key); }
  // How many there are, and how many of them are in `set`.
  std::uint64_t count() const { return count_in(needed_); }
  std::uint64_t count_in(const Memory& set) const;
  bool holds(BlockId block) const { return needed_.holds(block); }
  // Whether it is needed and in neither set.
  bool lacks(BlockId block, const Memory& set, const Memory& other) const {
    return needed_.holds(block) && !set.holds(block) && !other.holds(block);
  }
  // Those in neither set: how many, and a digest of which (the sum over them of mixed() of their logical addresses).
  struct Missing {
    std::uint64_t count = 0, digest = 0;
  };
  Missing outside(const Memory& set, const Memory& other) const;

 private:
  void visit(BlockId block, const Range& range, const Key& top);

  const Forest& forest_;
  Memory needed_;
};

}  // namespace headway
