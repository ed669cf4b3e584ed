#include "core/leaf_scan.h"

#include <cassert>
#include <utility>

namespace headway {

LeafScan::LeafScan(const Context& context, const Parameters& values)
    : volume_(context.volume),
      forest_(context.forest),
      memory_(context.memory),
      port_(context.port),
      reader_(context, values),
      wanted_(context.forest.blocks()) {}

void LeafScan::add(HandleId handle, const Range& range) {
  if (handle >= scans_.size()) scans_.resize(handle + 1);
  scans_[handle] = {.range = range, .awaited = forest_.trees[range.tree].root, .open = true};
  begin(handle, range.is_visited);
}

void LeafScan::complete(const Read& read, int error) {
  reader_.complete(read, error);
  if (error == 0 || read.blocks > 1 || memory_.holds(read.block)) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      if (error == 0 || memory_.holds(block)) {
        serve(block, true);
      } else if (wanted_.any(block)) {
        reader_.issue(block);
      }
    }
  } else if (!reader_.retry(read)) {
    serve(read.block, false);
  }
  if (read.level == 0) ended(read);
  go_on_all();
}

// What goes on may find nodes in memory that others wait for, so that more may go on.
void LeafScan::go_on_all() {
  while (!may_go_on_.empty()) {
    going_on_.swap(may_go_on_);
    for (const HandleId handle : going_on_) {
      scans_[handle].may_go_on = false;
      go_on(handle);
    }
    going_on_.clear();
  }
}

void LeafScan::visited(HandleId handle, BlockId block) {
  if (forest_.level[block] > 0) return;
  ++scans_[handle].leaves_visited;
  leaf_visited(handle);
  go_on_all();
}

LeafScan::Next LeafScan::next_leaf(HandleId handle, BlockId& leaf) {
  for (;;) {
    Scan& scan = scans_[handle];
    if (scan.waits) return Next::waits;
    if (scan.awaited != no_block) {
      if (!memory_.holds(scan.awaited)) {
        const bool known = wanted_.any(scan.awaited);
        wanted_.add(scan.awaited, {handle, no_top});
        ++scan.outstanding;
        scan.waits = true;
        if (!known && !reader_.in_flight(scan.awaited)) reader_.issue(scan.awaited);
        return Next::waits;
      }
      port_.hit(reader_.read_of(scan.awaited));
      enter(scan);
    }
    if (scan.depth == 0) return Next::over;
    if (advance(scan, leaf)) return Next::leaf;
  }
}

// One step from the last node on the path: to a leaf, to a node that is then awaited, or out of the node.
bool LeafScan::advance(Scan& scan, BlockId& leaf) {
  Frame& node = scan.path[static_cast<std::size_t>(scan.depth - 1)];
  if (node.next == node.end || forest_.key(node.next) >= scan.range.end) {
    --scan.depth;
    return false;
  }
  const PointerId pointer = node.next++;
  const PointerId top = node.next < node.end ? node.next : node.top;
  if (top != no_top && forest_.key(top) <= scan.range.start) return false;
  const BlockId child = forest_.child[pointer];
  if (forest_.level[child] == 0) {
    leaf = child;
    return true;
  }
  scan.awaited = child;
  scan.awaited_top = top;
  return false;
}

void LeafScan::enter(Scan& scan) {
  const BlockId block = std::exchange(scan.awaited, no_block);
  scan.path[static_cast<std::size_t>(scan.depth++)] = {block, forest_.first_pointer[block],
                                                       forest_.first_pointer[block + 1], scan.awaited_top};
}

bool LeafScan::ends_node(HandleId handle) const {
  const Scan& scan = scans_[handle];
  const Frame& node = scan.path[static_cast<std::size_t>(scan.depth - 1)];
  return node.next == node.end || forest_.key(node.next) >= scan.range.end;
}

bool LeafScan::wants(HandleId handle, BlockId leaf) {
  if (memory_.holds(leaf) && !wanted_.any(leaf)) {
    port_.hit(reader_.read_of(leaf));
    return false;
  }
  ++scans_[handle].outstanding;
  const bool known = wanted_.any(leaf);
  wanted_.add(leaf, {handle, no_top});
  return !known && !reader_.in_flight(leaf);
}

bool LeafScan::still_missing(BlockId leaf) {
  if (!wanted_.any(leaf) || reader_.in_flight(leaf)) return false;
  if (!memory_.holds(leaf)) return true;
  port_.hit(reader_.read_of(leaf));
  serve(leaf, true);
  return false;
}

void LeafScan::close(HandleId handle) {
  Scan& scan = scans_[handle];
  assert(scan.open);
  scan.open = false;
  if (scan.outstanding == 0) port_.finish(handle);
}

void LeafScan::serve(BlockId block, bool there) {
  if (!wanted_.any(block)) return;
  wanted_.take(block, arrived_);
  for (const Want& want : arrived_) {
    Scan& scan = scans_[want.handle];
    const bool is_node = forest_.level[block] > 0;
    if (is_node) {
      scan.waits = false;
      there ? enter(scan) : void(scan.awaited = no_block);
    }
    --scan.outstanding;
    if (!scan.open) {
      if (scan.outstanding == 0) port_.finish(want.handle);
    } else if ((is_node || scan.outstanding == 0) && !std::exchange(scan.may_go_on, true)) {
      may_go_on_.push_back(want.handle);
    }
  }
}

std::uint64_t LeafScan::physical_beside(const Read& read, BlockId leaf) const {
  const std::uint32_t set = forest_.stripe_set[leaf];
  return volume_.physical_in(volume_.chunk_of_set(set), set, static_cast<std::uint8_t>(read.mirror - 1),
                             forest_.logical[leaf]);
}

std::optional<std::uint64_t> LeafScan::gap(const Read& read, BlockId leaf) const {
  if (forest_.stripe_set[leaf] != forest_.stripe_set[read.block]) return std::nullopt;
  const std::uint64_t end = read.physical + read.bytes, next = physical_beside(read, leaf);
  if (next < end) return std::nullopt;
  for (BlockId block = read.block + read.blocks; block <= leaf; ++block) {
    if (reader_.in_flight(block)) return std::nullopt;
  }
  return next - end;
}

void LeafScan::extend(Read& read, BlockId leaf) const {
  read.blocks = leaf - read.block + 1;
  read.bytes = static_cast<std::uint32_t>(physical_beside(read, leaf) + forest_.node_bytes - read.physical);
}

void LeafScan::issue(const Read& read) {
  reader_.claim(read);
  reader_.release(read.device);
  reader_.issue_claimed(read);
}

}  // namespace headway
