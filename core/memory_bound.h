// A memory that has not room for all blocks: which of them goes when another one comes. The least recently used, of
// those that nobody holds.
//
// A block is used when it comes in, when a policy asks for it and finds it there (a hit), when somebody's search comes
// to it, and when its last holder lets go. Searches hold the blocks on their path, as a path of btrfs's does by
// references to its extent buffers, and the block that they wait for; what is held stays, beyond the bound if it has
// to. All blocks are clean, so that leaving costs nothing.
//
// Simplification: one list of all blocks, whatever their level and whether or not they have been used again. Linux keeps
// an inactive list beside the active one, from which what was read once and never looked at goes first; xfs_repair's
// cache ranks by priority. A readahead that runs ahead evicts here what was used before what it has itself just brought.
//
// Each call takes O(1), and none allocates.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "core/memory.h"

namespace headway {

class MemoryBound {
 public:
  // Room for `most` of the memory's blocks, of which there are `blocks` in all. The memory is empty, and from now on
  // changed by this alone.
  MemoryBound(Memory& memory, std::size_t blocks, std::size_t most)
      : memory_(memory), most_(most), links_(blocks + 1), holders_(blocks), ends_(static_cast<BlockId>(blocks)) {
    links_[ends_] = {ends_, ends_};
  }

  std::size_t most() const { return most_; }
  std::uint32_t holders(BlockId block) const { return holders_[block]; }

  // The block comes in; `left(block)` is called for each that has to leave for it. With all others held that may be the
  // block itself.
  template <class Left>
  void insert(BlockId block, Left&& left) {
    if (memory_.holds(block)) return used(block);
    memory_.insert(block);
    ++there_;
    if (holders_[block] == 0) link(block);
    while (there_ > most_ && links_[ends_].before != ends_) {
      const BlockId gone = links_[ends_].before;
      unlink(gone);
      memory_.evict(gone);
      --there_;
      left(gone);
    }
  }
  void used(BlockId block) {
    if (!memory_.holds(block) || holders_[block] > 0) return;
    unlink(block);
    link(block);
  }
  // Whether it is in memory or yet to come.
  void hold(BlockId block) {
    if (holders_[block]++ == 0 && memory_.holds(block)) unlink(block);
  }
  void release(BlockId block) {
    assert(holders_[block] > 0);
    if (--holders_[block] == 0 && memory_.holds(block)) link(block);
  }

 private:
  // Neighbours in the list of what is in memory and not held, which begins and ends at `ends_`.
  struct Links {
    BlockId before = 0;
    BlockId after = 0;
  };

  // As the one used last.
  void link(BlockId block) {
    links_[block] = {ends_, links_[ends_].after};
    links_[links_[block].after].before = block;
    links_[ends_].after = block;
  }
  void unlink(BlockId block) {
    links_[links_[block].before].after = links_[block].after;
    links_[links_[block].after].before = links_[block].before;
  }

  Memory& memory_;
  const std::size_t most_;
  std::vector<Links> links_;              // by block, and the ends
  std::vector<std::uint32_t> holders_;    // by block
  const BlockId ends_;
  std::size_t there_ = 0;
};

}  // namespace headway
