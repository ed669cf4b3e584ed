// Extents: the blocks that some readahead wants, and which readaheads those are.
//
// The kernel's reference count of an extent is its number of records plus the functions that hold it for a moment. Here
// functions run to their end undisturbed, so an extent exists exactly as long as it has records.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "core/forest.h"
#include "core/read.h"
#include "core/reada/controls.h"

namespace headway::reada {

inline constexpr DeviceIndex no_device = UINT16_MAX;
inline constexpr PointerId no_pointer = UINT32_MAX;

// One readahead's interest in an extent (the kernel's reada_extctl).
struct Record {
  ControlId control = no_control;
  PointerId pointer = no_pointer;  // the one that led here, whose generation is expected; none for a tree's root
};

class Extents {
 public:
  explicit Extents(std::size_t blocks) : extents_(blocks) {}

  bool exists(BlockId block) const { return extents_[block].more != absent; }

  // Adds a record at the end of the block's list. For a new extent `top` becomes the pointer whose key bounds the
  // block's keys from above (none: no bound); an extent that exists keeps the bound of whoever made it.
  // Returns whether the extent is new.
  bool add(BlockId block, const Record& record, PointerId top);

  const Record& first(BlockId block) const { return extents_[block].first; }
  PointerId top(BlockId block) const { return extents_[block].top; }
  DeviceIndex scheduled_for(BlockId block) const { return extents_[block].scheduled_for; }
  void schedule(BlockId block, DeviceIndex device) { extents_[block].scheduled_for = device; }

  void prefetch(BlockId block) const { __builtin_prefetch(&extents_[block], 1); }

  // Moves the records to the end of `out`, in the order in which they were added, and ends the extent.
  void take(BlockId block, std::vector<Record>& out);

  std::size_t records() const { return links_.size() - free_links_ + single_; }

 private:
  static constexpr std::uint32_t absent = UINT32_MAX;
  static constexpr std::uint32_t last = UINT32_MAX - 1;

  // Nearly every extent has one record; it is kept in place, further ones in a pool.
  struct Extent {
    PointerId top = no_pointer;
    Record first;
    std::uint32_t more = absent;  // link of the second record, or `last`
    DeviceIndex scheduled_for = no_device;
  };
  struct Link {
    Record record;
    std::uint32_t next = last;
  };

  std::uint32_t new_link(const Record& record);

  std::vector<Extent> extents_;
  std::vector<Link> links_;
  std::uint32_t free_link_ = last;
  std::size_t free_links_ = 0;
  std::size_t single_ = 0;
};

inline std::uint32_t Extents::new_link(const Record& record) {
  if (free_link_ == last) {
    links_.push_back({record, last});
    return static_cast<std::uint32_t>(links_.size() - 1);
  }
  const std::uint32_t link = free_link_;
  free_link_ = links_[link].next;
  --free_links_;
  links_[link] = {record, last};
  return link;
}

inline bool Extents::add(BlockId block, const Record& record, PointerId top) {
  Extent& extent = extents_[block];
  if (extent.more == absent) {
    extent = {top, record, last, no_device};
    ++single_;
    return true;
  }
  const std::uint32_t link = new_link(record);
  if (extent.more == last) {
    extent.more = link;
    return false;
  }
  std::uint32_t tail = extent.more;
  while (links_[tail].next != last) tail = links_[tail].next;
  links_[tail].next = link;
  return false;
}

inline void Extents::take(BlockId block, std::vector<Record>& out) {
  Extent& extent = extents_[block];
  assert(extent.more != absent);
  out.push_back(extent.first);
  for (std::uint32_t link = extent.more; link != last;) {
    out.push_back(links_[link].record);
    const std::uint32_t next = links_[link].next;
    links_[link].next = free_link_;
    free_link_ = link;
    ++free_links_;
    link = next;
  }
  --single_;
  extent = {};
}

}  // namespace headway::reada
