#include "core/walker.h"

#include <algorithm>
#include <cassert>

namespace headway {

Walker::Walker(const Context& context, std::uint64_t pid)
    : volume_(context.volume), forest_(context.forest), memory_(context.memory), port_(context.port), pid_(pid), in_flight_(context.forest.blocks()) {}

void Walker::add(HandleId handle, const Range& range) {
  if (handle >= walks_.size()) walks_.resize(handle + 1);
  Walk& walk = walks_[handle];
  walk.range = range;
  walk.awaited = forest_.trees[range.tree].root;
  walk.awaited_top = no_top;
  if (advance(walk)) {
    port_.finish(handle);
  } else {
    active_.push_back(handle);
  }
}

void Walker::complete(const Read& read, int error) {
  in_flight_.evict(read.block);
  for (std::size_t i = 0; i < active_.size();) {
    Walk& walk = walks_[active_[i]];
    if (walk.awaited != read.block || !go_on(walk, error)) {
      ++i;
      continue;
    }
    port_.finish(active_[i]);
    active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// The awaited block has arrived, or could not be read. Returns whether the walk is at its end.
bool Walker::go_on(Walk& walk, int error) {
  if (error == 0) {
    enter(walk);
    return advance(walk);
  }
  if (++walk.copies_failed < volume_.map(forest_.logical[walk.awaited]).copies) {
    issue(walk);
    return false;
  }
  walk.awaited = no_block;
  walk.copies_failed = 0;
  return advance(walk);
}

// Brings the walk as far as it comes without a read. Returns whether it is at its end.
bool Walker::advance(Walk& walk) {
  while (walk.awaited != no_block || next_child(walk)) {
    if (!memory_.holds(walk.awaited)) {
      issue(walk);
      return false;
    }
    port_.hit(read_of(walk.awaited, 0));
    enter(walk);
  }
  return true;
}

void Walker::issue(const Walk& walk) {
  if (in_flight_.holds(walk.awaited)) return;  // another walk's read serves this one too
  in_flight_.insert(walk.awaited);
  port_.issue(read_of(walk.awaited, walk.copies_failed));
}

void Walker::enter(Walk& walk) {
  const BlockId block = walk.awaited;
  walk.path[static_cast<std::size_t>(walk.depth++)] = {forest_.first_pointer[block], forest_.first_pointer[block + 1],
                                                       walk.awaited_top};
  walk.awaited = no_block;
  walk.copies_failed = 0;
}

// Moves on to the next block of the range in key order; false when there is none.
bool Walker::next_child(Walk& walk) {
  while (walk.depth > 0) {
    Frame& frame = walk.path[static_cast<std::size_t>(walk.depth - 1)];
    if (frame.next == frame.end || forest_.key(frame.next) >= walk.range.end) {
      --walk.depth;
      continue;
    }
    const PointerId pointer = frame.next++;
    const PointerId top = frame.next < frame.end ? frame.next : frame.top;
    if (top != no_top && forest_.key(top) <= walk.range.start) continue;
    walk.awaited = forest_.child[pointer];
    walk.awaited_top = top;
    return true;
  }
  return false;
}

Read Walker::read_of(BlockId block, std::uint8_t copies_failed) const {
  const Mapping mapping = volume_.map(forest_.logical[block]);
  const std::size_t copy = (pid_ + copies_failed) % mapping.copies;
  return {.block = block,
          .device = mapping.copy[copy].device,
          .mirror = static_cast<std::uint8_t>(copy + 1),
          .level = forest_.level[block],
          .bytes = forest_.node_bytes,
          .logical = forest_.logical[block],
          .physical = mapping.copy[copy].physical};
}

}  // namespace headway
