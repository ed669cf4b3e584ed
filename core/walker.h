// The reader that searches the tree as callers of btrfs do: depth first, in key order, one block at a time; it goes on
// when the block that it stands before is in memory. What else is read meanwhile is the derived policy's choice.
//
// A failed read is tried again from the other copies in turn (Linux fs/btrfs/disk-io.c,
// btree_read_extent_buffer_pages). When all have failed the branch is left out and the walk goes on, as `find` does
// after an I/O error.
#pragma once

#include <array>
#include <vector>

#include "core/strategy.h"

namespace headway {

class Walker : public Strategy {
 public:
  // `pid` picks the copy to read: the process's number modulo the number of copies (Linux fs/btrfs/volumes.c,
  // find_live_mirror). One process reads one copy as long as that is sound.
  Walker(const Context& context, std::uint64_t pid);

  void add(HandleId handle, const Range& range) override;
  void complete(const Read& read, int error) override;

 private:
  struct Frame {
    PointerId next = 0;
    PointerId end = 0;
    PointerId top = 0;  // bounds the node's keys from above; no_top: nothing does
  };
  struct Walk {
    Range range;
    std::array<Frame, 8> path;
    int depth = 0;
    BlockId awaited = no_block;
    PointerId awaited_top = 0;
    std::uint8_t copies_failed = 0;
  };
  static constexpr PointerId no_top = UINT32_MAX;

  bool go_on(Walk& walk, int error);
  bool advance(Walk& walk);
  void issue(const Walk& walk);
  void enter(Walk& walk);
  bool next_child(Walk& walk);
  Read read_of(BlockId block, std::uint8_t copies_failed) const;

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  const std::uint64_t pid_;
  Memory in_flight_;
  std::vector<Walk> walks_;       // by handle
  std::vector<HandleId> active_;  // those not at their end, in the order in which they came
};

}  // namespace headway
