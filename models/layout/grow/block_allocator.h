// Places for tree blocks in a growing file system, in the order in which btrfs takes them.
//
// btrfs allocates metadata from a cluster: free extents that were gathered at once and are then used from front to
// back, whatever becomes free meanwhile. Free extents of more than 32 KiB are kept as extents, and a cluster takes all
// that a block group has; smaller holes are kept in bitmaps of 128 MiB each, and when no extent is left, a cluster is
// what one bitmap holds. Hence the slow sweep over a block group, and the holes that stay behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/volume.h"

namespace headway {

class BlockAllocator {
 public:
  // A block group more, its first address and length; false when there is none to be had.
  using Grow = std::function<bool(std::uint64_t& logical, std::uint64_t& bytes)>;
  BlockAllocator(std::uint32_t node_bytes, Grow grow);

  // The address, in nodes, of a free block; `hint` is the block that it replaces, or 0: where a new cluster is looked
  // for. False when all is full.
  bool allocate(std::uint64_t hint, std::uint64_t& block);
  // The block is free for others after the next commit().
  void release(std::uint64_t block) { pinned_.push_back(block); }
  void commit();

 private:
  struct Group {
    std::uint64_t first = 0;  // address in nodes
    std::uint64_t blocks = 0;
    std::uint64_t free = 0;  // not in the cluster
    std::vector<std::uint64_t> is_free;  // a bit a block
  };
  struct Run {
    std::uint64_t begin, end;  // addresses in nodes
  };

  bool add_group();
  bool gather(std::uint64_t hint);
  bool gather_extents(Group& group);
  bool gather_window(Group& group);
  void take(Group& group, std::uint64_t begin, std::uint64_t end);
  std::size_t group_of(std::uint64_t block) const;
  template <typename Found>
  void for_each_run(const Group& group, std::uint64_t begin, std::uint64_t end, const Found& found) const;

  std::uint32_t node_bytes_;
  Grow grow_;
  std::vector<Group> groups_;  // ascending address
  std::vector<Run> cluster_;   // ascending; used from the front
  std::size_t cluster_at_ = 0;
  std::vector<std::uint64_t> pinned_;
  std::uint64_t total_ = 0, used_ = 0;
  bool exhausted_ = false;  // no more groups to be had
};

}  // namespace headway
