#include "core/walker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace headway {

Walker::Walker(const Context& context, const Parameters& values)
    : forest_(context.forest),
      memory_(context.memory),
      port_(context.port),
      bound_(context.bound),
      reader_(context, values),
      first_waiting_(context.forest.blocks(), nobody) {}

void Walker::add(HandleId handle, const Range& range) {
  if (handle >= walks_.size()) walks_.resize(handle + 1);
  Walk& walk = walks_[handle];
  walk.range = range;
  await(walk, forest_.trees[range.tree].root, no_top);
  if (advance(handle)) port_.finish(handle);
}

void Walker::complete(const Read& read, int error) {
  reader_.complete(read, error);
  if (first_waiting_[read.block] == nobody) return;
  const bool there = error == 0 || memory_.holds(read.block);
  if (!there && reader_.retry(read)) return;
  HandleId handle = std::exchange(first_waiting_[read.block], nobody);
  while (handle != nobody) {
    Walk& walk = walks_[handle];
    const HandleId next = std::exchange(walk.next_waiting, nobody);
    if (there) {
      enter(walk);
    } else {
      let_go(std::exchange(walk.awaited, no_block));  // the branch is left out
    }
    if (advance(handle)) port_.finish(handle);
    handle = next;
  }
}

void Walker::await(Walk& walk, BlockId block, PointerId top) {
  walk.awaited = block;
  walk.awaited_top = top;
  if (bound_) bound_->hold(block);
}

// Brings the walk as far as it comes without a read. Returns whether it is at its end.
bool Walker::advance(HandleId handle) {
  Walk& walk = walks_[handle];
  while (walk.awaited != no_block || next_child(walk)) {
    if (!memory_.holds(walk.awaited)) {
      if (!reader_.in_flight(walk.awaited)) reader_.issue(walk.awaited);
      wait_for(handle, walk.awaited);
      return false;
    }
    port_.hit(reader_.read_of(walk.awaited));
    enter(walk);
  }
  return true;
}

void Walker::wait_for(HandleId handle, BlockId block) {
  HandleId* link = &first_waiting_[block];
  while (*link < handle) link = &walks_[*link].next_waiting;
  walks_[handle].next_waiting = std::exchange(*link, handle);
}

void Walker::enter(Walk& walk) {
  const BlockId block = std::exchange(walk.awaited, no_block);
  walk.path[static_cast<std::size_t>(walk.depth++)] = {block, forest_.first_pointer[block],
                                                       forest_.first_pointer[block + 1], walk.awaited_top};
  entered(Path(walk.path.data(), static_cast<std::size_t>(walk.depth)));
}

// Moves on to the next block of the range in key order; false when there is none.
bool Walker::next_child(Walk& walk) {
  while (walk.depth > 0) {
    Frame& frame = walk.path[static_cast<std::size_t>(walk.depth - 1)];
    if (frame.next == frame.end || forest_.key(frame.next) >= walk.range.end) {
      if (frame.next == frame.end && forest_.level[frame.block] > 0)
        exhausted(Path(walk.path.data(), static_cast<std::size_t>(walk.depth)));
      let_go(frame.block);
      --walk.depth;
      continue;
    }
    const PointerId pointer = frame.next++;
    const PointerId top = frame.next < frame.end ? frame.next : frame.top;
    if (top != no_top && forest_.key(top) <= walk.range.start) continue;
    await(walk, forest_.child[pointer], top);
    const Key searched = std::max(forest_.key(pointer), walk.range.start);
    before_child(Path(walk.path.data(), static_cast<std::size_t>(walk.depth)), presence(walk.awaited),
                 searched.objectid);
    return true;
  }
  return false;
}

Walker::Presence Walker::presence(BlockId block) const {
  if (memory_.holds(block)) return Presence::in_memory;
  return reader_.in_flight(block) ? Presence::in_flight : Presence::absent;
}

}  // namespace headway
