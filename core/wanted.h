// Which blocks are wanted and for whom, for strategies that collect before they read.
#pragma once

#include <cstdint>
#include <vector>

#include "core/forest.h"
#include "core/strategy.h"

namespace headway {

inline constexpr PointerId no_top = UINT32_MAX;

// One readahead's interest in a block.
struct Want {
  HandleId handle = 0;
  PointerId top = no_top;  // the pointer whose key bounds the block's keys from above; no_top: nothing does
};

// Wants by block, in the order in which they came. 4 bytes a block, and one link a want that is open.
class Wanted {
 public:
  explicit Wanted(std::size_t blocks) : last_(blocks, none) {}

  bool any(BlockId block) const { return last_[block] != none; }

  void add(BlockId block, const Want& want) {
    const std::uint32_t link = new_link(want);
    std::uint32_t& last = last_[block];
    links_[link].next = last == none ? link : links_[last].next;
    if (last != none) links_[last].next = link;
    last = link;
  }

  // Moves the block's wants to `out`, which is cleared first.
  void take(BlockId block, std::vector<Want>& out) {
    out.clear();
    const std::uint32_t last = last_[block];
    if (last == none) return;
    last_[block] = none;
    std::uint32_t link = last;
    do {
      link = links_[link].next;
      out.push_back(links_[link].want);
    } while (link != last);
    // The ring as a whole goes to the free list.
    const std::uint32_t first = links_[last].next;
    links_[last].next = free_;
    free_ = first;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Link {
    Want want;
    std::uint32_t next = none;  // of the last: the first
  };

  std::uint32_t new_link(const Want& want) {
    if (free_ == none) {
      links_.push_back({want, none});
      return static_cast<std::uint32_t>(links_.size() - 1);
    }
    const std::uint32_t link = free_;
    free_ = links_[link].next;
    links_[link] = {want, none};
    return link;
  }

  std::vector<std::uint32_t> last_;  // by block; its wants form a ring
  std::vector<Link> links_;
  std::uint32_t free_ = none;
};

// The children of `block` that hold keys of the range, with the pointer that bounds each from above: what a search for
// each key of the range would visit. `top` bounds the block itself.
template <class Visit>
void for_each_child_in(const Forest& forest, BlockId block, PointerId top, const Range& range, Visit&& visit) {
  const PointerId end = forest.first_pointer[block + 1];
  for (PointerId pointer = forest.first_pointer[block]; pointer < end; ++pointer) {
    if (forest.key(pointer) >= range.end) return;
    const PointerId child_top = pointer + 1 < end ? pointer + 1 : top;
    if (child_top != no_top && forest.key(child_top) <= range.start) continue;
    visit(pointer, child_top);
  }
}

}  // namespace headway
