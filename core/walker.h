// The reader that searches the tree as callers of btrfs do: depth first, in key order, one block at a time; it goes on
// when the block that it stands before is in memory. What is read besides is the derived policy's choice: it overrides
// before_child() or entered() and calls prefetch().
//
// A walk that comes to a block in flight waits for that read. A failed read is tried again from the other copies, as
// long as a walk stands before the block (Linux fs/btrfs/disk-io.c, btree_read_extent_buffer_pages); a failed prefetch
// that nobody waits for is forgotten. When all copies have failed the branch is left out and the walk goes on, as
// `find` does after an I/O error. Generations are not compared: what does not change during a run has no stale
// pointers.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/copy/reader.h"
#include "core/strategy.h"
#include "core/wanted.h"

namespace headway {

class Walker : public Strategy {
 public:
  // `values`: declared with copy::declare().
  Walker(const Context& context, const Parameters& values);

  void add(HandleId handle, const Range& range) final;
  void complete(const Read& read, int error) final;

 protected:
  // A node on the way from the root. The pointer that was followed from it is `next` - 1.
  struct Frame {
    BlockId block = no_block;
    PointerId next = 0;
    PointerId end = 0;
    PointerId top = 0;  // bounds the node's keys from above; no_top: nothing does
  };
  using Path = std::span<const Frame>;
  enum class Presence : std::uint8_t { in_memory, in_flight, absent };

  // A walk is about to ask for the child of the last node on its path; `objectid` is what it searches for.
  virtual void before_child(Path /*path*/, Presence /*child*/, std::uint64_t /*objectid*/) {}
  // A walk has the last block on its path before it, and is about to go on from there.
  virtual void entered(Path /*path*/) {}
  // A walk has come to the end of the last node on its path, which is no leaf: beyond its last child, wherever the
  // range ends.
  virtual void exhausted(Path /*path*/) {}
  // Reads a block that no walk stands before, unless it is in memory or on its way.
  void prefetch(BlockId block) {
    if (!memory_.holds(block) && !reader_.in_flight(block)) reader_.issue(block);
  }
  const Forest& forest() const { return forest_; }

 private:
  static constexpr HandleId nobody = UINT32_MAX;

  struct Walk {
    Range range;
    std::array<Frame, 8> path;
    int depth = 0;
    BlockId awaited = no_block;
    PointerId awaited_top = 0;
    HandleId next_waiting = nobody;  // for the same block
  };

  void await(Walk& walk, BlockId block, PointerId top);
  void let_go(BlockId block) {
    if (bound_) bound_->release(block);
  }
  bool advance(HandleId handle);
  void wait_for(HandleId handle, BlockId block);
  void enter(Walk& walk);
  bool next_child(Walk& walk);
  Presence presence(BlockId block) const;

  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  MemoryBound* const bound_;  // in which a walk holds its path and what it waits for
  copy::Reader reader_;
  std::vector<Walk> walks_;              // by handle
  std::vector<HandleId> first_waiting_;  // by block; each list in the order of handles
};

}  // namespace headway
