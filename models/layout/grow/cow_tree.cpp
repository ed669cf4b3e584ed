#include "models/layout/grow/cow_tree.h"

#include <algorithm>
#include <cassert>

#include "models/layout/btrfs/constants.h"

namespace headway {

namespace {

constexpr std::uint64_t appended_key_step = std::uint64_t{1} << 32;  // room for splits between two appended leaves
constexpr std::size_t stays_behind = 8;  // pointers that push_node_left() leaves where they are

// The key that parts [low, high) after `share` of it, strictly between the two; `low` when there is no such key.
std::uint64_t between(std::uint64_t low, std::uint64_t high, double share) {
  if (high - low < 2) return low;
  const auto step = static_cast<std::uint64_t>(static_cast<double>(high - low) * share);
  return low + std::clamp<std::uint64_t>(step, 1, high - low - 1);
}

}  // namespace

CowTree::CowTree(std::uint32_t node_bytes, BlockAllocator& allocator)
    : allocator_(&allocator),
      leaf_room_(node_bytes - btrfs::header_bytes),
      node_room_((node_bytes - btrfs::header_bytes) / btrfs::pointer_bytes) {
  last_ = new_leaf(0, 0);
}

std::uint32_t CowTree::place(std::uint64_t hint) {
  std::uint64_t block = 0;
  if (!allocator_->allocate(hint, block)) throw NoSpace{};
  return static_cast<std::uint32_t>(block);
}

void CowTree::give_back(std::uint32_t block, std::uint32_t generation) {
  if (generation > kept_) allocator_->release(block);
}

CowTree CowTree::snapshot() {
  CowTree copy = *this;
  if (root_ == no_node) {
    copy.leaf_block_[last_] = place(leaf_block_[last_]);
    copy.leaf_generation_[last_] = transaction_;
  } else {
    copy.nodes_[root_].block = place(nodes_[root_].block);
    copy.nodes_[root_].generation = transaction_;
  }
  kept_ = transaction_;
  return copy;
}

CowTree::LeafId CowTree::leaf_at(std::uint64_t random) const {
  std::size_t leaf = random % leaf_used_.size();
  while (leaf_used_[leaf] == dead) leaf = leaf + 1 == leaf_used_.size() ? 0 : leaf + 1;
  return static_cast<LeafId>(leaf);
}

// ---- Places.

void CowTree::move_path(NodeId node) {
  if (node == no_node || nodes_[node].generation == transaction_) return;
  move_path(nodes_[node].parent);
  Node& moved = nodes_[node];
  const std::uint32_t old = moved.block, generation = moved.generation;
  moved.block = place(old);
  moved.generation = transaction_;
  give_back(old, generation);
}

void CowTree::touch(LeafId leaf) {
  if (leaf_generation_[leaf] == transaction_) return;
  move_path(leaf_parent_[leaf]);
  const std::uint32_t old = leaf_block_[leaf], generation = leaf_generation_[leaf];
  leaf_block_[leaf] = place(old);
  leaf_generation_[leaf] = transaction_;
  give_back(old, generation);
}

CowTree::LeafId CowTree::new_leaf(std::uint64_t key, std::uint32_t used) {
  LeafId leaf = static_cast<LeafId>(leaf_key_.size());
  if (free_leaves_.empty()) {
    leaf_key_.push_back(0);
    leaf_block_.push_back(0);
    leaf_generation_.push_back(0);
    leaf_used_.push_back(0);
    leaf_parent_.push_back(no_node);
  } else {
    leaf = free_leaves_.back();
    free_leaves_.pop_back();
  }
  leaf_key_[leaf] = key;
  leaf_block_[leaf] = place(live_leaves_ == 0 ? 0 : leaf_block_[last_]);
  leaf_generation_[leaf] = transaction_;
  leaf_used_[leaf] = used;
  leaf_parent_[leaf] = no_node;
  ++live_leaves_;
  return leaf;
}

CowTree::NodeId CowTree::new_node(std::uint8_t level) {
  NodeId node = static_cast<NodeId>(nodes_.size());
  if (free_nodes_.empty()) {
    nodes_.emplace_back();
  } else {
    node = free_nodes_.back();
    free_nodes_.pop_back();
    nodes_[node] = {};
  }
  nodes_[node].block = place(leaf_block_[last_]);
  nodes_[node].generation = transaction_;
  nodes_[node].level = level;
  ++live_nodes_;
  return node;
}

void CowTree::free_leaf(LeafId leaf) {
  give_back(leaf_block_[leaf], leaf_generation_[leaf]);
  leaf_used_[leaf] = dead;
  free_leaves_.push_back(leaf);
  --live_leaves_;
}

void CowTree::free_node(NodeId node) {
  give_back(nodes_[node].block, nodes_[node].generation);
  nodes_[node].children = {};
  free_nodes_.push_back(node);
  --live_nodes_;
}

// ---- Shape.

CowTree::NodeId CowTree::parent_of(std::uint8_t level, std::uint32_t id) const {
  return level == 0 ? leaf_parent_[id] : nodes_[id].parent;
}

void CowTree::set_parent(std::uint8_t child_level, std::uint32_t child, NodeId parent) {
  (child_level == 0 ? leaf_parent_[child] : nodes_[child].parent) = parent;
}

std::size_t CowTree::slot_of(NodeId parent, std::uint32_t child) const {
  const auto& children = nodes_[parent].children;
  return static_cast<std::size_t>(std::find(children.begin(), children.end(), child) - children.begin());
}

CowTree::LeafId CowTree::first_leaf(std::uint8_t level, std::uint32_t id) const {
  for (; level > 0; --level) id = nodes_[id].children.front();
  return id;
}

std::optional<CowTree::LeafId> CowTree::next_leaf(LeafId leaf) const {
  std::uint32_t child = leaf;
  NodeId parent = leaf_parent_[leaf];
  for (std::uint8_t level = 0; parent != no_node; ++level) {
    const std::size_t next = slot_of(parent, child) + 1;
    if (next < nodes_[parent].children.size()) return first_leaf(level, nodes_[parent].children[next]);
    child = parent;
    parent = nodes_[parent].parent;
  }
  return std::nullopt;
}

std::uint64_t CowTree::end_key(LeafId leaf) const {
  const auto next = next_leaf(leaf);
  return next ? leaf_key_[*next] : leaf_key_[leaf] + appended_key_step;
}

CowTree::LeafId CowTree::rightmost() const {
  if (root_ == no_node) return last_;
  std::uint32_t id = root_;
  for (std::uint8_t level = nodes_[root_].level; level > 0; --level) id = nodes_[id].children.back();
  return id;
}

// Items behind `at` go to the right neighbour, which thereby begins earlier.
void CowTree::push_right(LeafId leaf, std::uint32_t movable, std::uint32_t needed) {
  const NodeId parent = leaf_parent_[leaf];
  if (parent == no_node) return;
  const std::size_t slot = slot_of(parent, leaf);
  if (slot + 1 >= nodes_[parent].children.size()) return;
  const LeafId right = nodes_[parent].children[slot + 1];
  const std::uint32_t bytes = std::min(movable, leaf_room_ - leaf_used_[right]);
  const bool all = bytes == leaf_used_[leaf];
  const double stays = 1.0 - static_cast<double>(bytes) / std::max(1u, leaf_used_[leaf]);
  const std::uint64_t key = all ? leaf_key_[leaf] : between(leaf_key_[leaf], leaf_key_[right], stays);
  if (bytes < needed || (!all && key == leaf_key_[leaf])) return;
  touch(right);
  leaf_used_[right] += bytes;
  leaf_used_[leaf] -= bytes;
  if (!all) leaf_key_[right] = key;
}

void CowTree::push_left(LeafId leaf, std::uint32_t movable, std::uint32_t needed) {
  const NodeId parent = leaf_parent_[leaf];
  if (parent == no_node) return;
  const std::size_t slot = slot_of(parent, leaf);
  if (slot == 0) return;
  const LeafId left = nodes_[parent].children[slot - 1];
  const std::uint32_t bytes = std::min(movable, leaf_room_ - leaf_used_[left]);
  const bool all = bytes == leaf_used_[leaf];
  const double moves = static_cast<double>(bytes) / std::max(1u, leaf_used_[leaf]);
  const std::uint64_t key = all ? leaf_key_[leaf] : between(leaf_key_[leaf], end_key(leaf), moves);
  if (bytes < needed || (!all && key == leaf_key_[leaf])) return;
  touch(left);
  leaf_used_[left] += bytes;
  leaf_used_[leaf] -= bytes;
  leaf_key_[leaf] = key;
}

void CowTree::add_root_above(std::uint8_t level, std::uint32_t child) {
  const NodeId root = new_node(static_cast<std::uint8_t>(level + 1));
  nodes_[root].children.push_back(child);
  set_parent(level, child, root);
  root_ = root;
}

void CowTree::move_children(NodeId from, std::size_t begin, std::size_t end, NodeId to, bool to_front) {
  auto& source = nodes_[from].children;
  auto& target = nodes_[to].children;
  const auto first = source.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = source.begin() + static_cast<std::ptrdiff_t>(end);
  const auto child_level = static_cast<std::uint8_t>(nodes_[from].level - 1);
  for (auto child = first; child != last; ++child) set_parent(child_level, *child, to);
  target.insert(to_front ? target.begin() : target.end(), first, last);
  source.erase(first, last);
}

// Room for a pointer more in all nodes above, as the search for an insertion makes it on its way down, whether the leaf
// is going to need it or not (setup_nodes_for_search). The path has been moved.
void CowTree::make_room_above(std::uint8_t level, std::uint32_t child) {
  const auto full = [&] { return nodes_[parent_of(level, child)].children.size() + 3 >= node_room_; };
  const NodeId node = parent_of(level, child);
  if (node == no_node) return;
  make_room_above(static_cast<std::uint8_t>(level + 1), node);
  if (!full()) return;
  if (nodes_[node].parent == no_node) {
    add_root_above(nodes_[node].level, node);
  } else if (push_to_neighbour(node) && !full()) {
    return;
  }
  // A push may have taken the child along, into a neighbour that is full by it: then that one splits.
  split(parent_of(level, child));
}

// As push_nodes_for_insert: as much as fits to the left; else, up to a half, to the right.
bool CowTree::push_to_neighbour(NodeId node) {
  const auto& siblings = nodes_[nodes_[node].parent].children;
  const std::size_t slot = slot_of(nodes_[node].parent, node), size = nodes_[node].children.size();
  const auto has_room = [&](NodeId sibling) { return nodes_[sibling].children.size() + 1 < node_room_; };
  if (slot > 0 && has_room(siblings[slot - 1]) && size > stays_behind) {
    const NodeId left = siblings[slot - 1];
    move_path(left);
    move_children(node, 0, std::min(node_room_ - nodes_[left].children.size(), size - stays_behind), left, false);
    return true;
  }
  if (slot + 1 < siblings.size() && has_room(siblings[slot + 1])) {
    const NodeId right = siblings[slot + 1];
    move_path(right);
    const std::size_t count = std::min(node_room_ - nodes_[right].children.size(), size / 2 + 1);
    move_children(node, size - count, size, right, true);
    return true;
  }
  return false;
}

void CowTree::split(NodeId node) {
  const NodeId right = new_node(nodes_[node].level);
  const std::size_t size = nodes_[node].children.size();
  move_children(node, (size + 1) / 2, size, right, false);
  add_child(nodes_[node].parent, slot_of(nodes_[node].parent, node) + 1, right);
}

void CowTree::add_child(NodeId parent, std::size_t slot, std::uint32_t child) {
  auto& children = nodes_[parent].children;
  children.insert(children.begin() + static_cast<std::ptrdiff_t>(slot), child);
  set_parent(static_cast<std::uint8_t>(nodes_[parent].level - 1), child, parent);
}

void CowTree::add_right_of(LeafId leaf, LeafId added) {
  if (leaf_parent_[leaf] == no_node) add_root_above(0, leaf);
  const NodeId parent = leaf_parent_[leaf];
  add_child(parent, slot_of(parent, leaf) + 1, added);
  if (last_ == leaf) last_ = added;
}

void CowTree::insert(LeafId leaf, std::uint32_t bytes, double at) {
  assert(bytes <= leaf_room_);
  touch(leaf);
  make_room_above(0, leaf);
  const auto room = [&] { return leaf_room_ - leaf_used_[leaf]; };
  const auto part = [&](double share) { return static_cast<std::uint32_t>(share * leaf_used_[leaf]); };
  if (room() < bytes) push_right(leaf, part(1 - at), bytes - room());
  if (room() < bytes) push_left(leaf, part(at), bytes - room());
  if (room() >= bytes) {
    leaf_used_[leaf] += bytes;
    return;
  }
  const std::uint64_t key = between(leaf_key_[leaf], end_key(leaf), 0.5);
  if (key == leaf_key_[leaf]) return;  // no key is left between the two: the item falls away
  const std::uint32_t moved = leaf_used_[leaf] / 2;
  const LeafId right = new_leaf(key, moved);
  leaf_used_[leaf] -= moved;
  add_right_of(leaf, right);
  std::uint32_t& half = leaf_used_[at < 0.5 ? leaf : right];
  half = std::min(leaf_room_, half + bytes);
}

CowTree::LeafId CowTree::leaf_of(std::uint64_t key) const {
  if (root_ == no_node) return last_;
  std::uint32_t id = root_;
  for (std::uint8_t level = nodes_[root_].level; level > 0; --level) {
    const auto& children = nodes_[id].children;
    const auto child_level = static_cast<std::uint8_t>(level - 1);
    const auto behind = std::upper_bound(
        children.begin() + 1, children.end(), key,
        [&](std::uint64_t wanted, std::uint32_t child) { return wanted < leaf_key_[first_leaf(child_level, child)]; });
    id = *(behind - 1);
  }
  return id;
}

void CowTree::insert_at(std::uint64_t key, std::uint32_t bytes) {
  const LeafId leaf = leaf_of(key);
  const std::uint64_t begin = leaf_key_[leaf], end = end_key(leaf);
  insert(leaf, bytes,
         std::min(1.0, static_cast<double>(key - std::min(key, begin)) / static_cast<double>(end - begin)));
}

std::uint64_t CowTree::append(std::uint32_t bytes) {
  assert(bytes <= leaf_room_);
  touch(last_);
  make_room_above(0, last_);
  if (leaf_room_ - leaf_used_[last_] < bytes) append_leaf();
  leaf_used_[last_] += bytes;
  return leaf_key_[last_] + appended_key_step / leaf_room_ * (leaf_used_[last_] - bytes);
}

void CowTree::append_leaf() { add_right_of(last_, new_leaf(leaf_key_[last_] + appended_key_step, 0)); }

void CowTree::remove(LeafId leaf, std::uint32_t bytes) {
  touch(leaf);
  leaf_used_[leaf] -= std::min(bytes, leaf_used_[leaf]);
  if (root_ == no_node || leaf_used_[leaf] >= leaf_room_ / 3) return;
  push_left(leaf, leaf_used_[leaf], std::min(1u, leaf_used_[leaf]));
  if (leaf_used_[leaf] > 0) push_right(leaf, leaf_used_[leaf], 1);
  if (leaf_used_[leaf] > 0) return;
  const NodeId parent = leaf_parent_[leaf];
  const std::size_t slot = slot_of(parent, leaf);
  // The key range of a leaf that is gone goes to the one at its left, or else the one at its right.
  free_leaf(leaf);
  remove_child(parent, slot);
  last_ = rightmost();
}

void CowTree::remove_child(NodeId parent, std::size_t slot) {
  auto& children = nodes_[parent].children;
  children.erase(children.begin() + static_cast<std::ptrdiff_t>(slot));
  const NodeId above = nodes_[parent].parent;
  if (children.empty()) {
    assert(above != no_node);
    const std::size_t place_above = slot_of(above, parent);
    free_node(parent);
    remove_child(above, place_above);
  } else if (above == no_node) {
    lower_root();
  } else if (children.size() < node_room_ / 4) {
    balance(parent);
  }
}

// A root with one child gives way to it.
void CowTree::lower_root() {
  while (root_ != no_node && nodes_[root_].children.size() == 1) {
    const std::uint32_t child = nodes_[root_].children.front();
    const std::uint8_t child_level = static_cast<std::uint8_t>(nodes_[root_].level - 1);
    free_node(root_);
    set_parent(child_level, child, no_node);
    root_ = child_level == 0 ? no_node : child;
    if (child_level == 0) last_ = child;
  }
}

void CowTree::balance(NodeId node) {
  const NodeId parent = nodes_[node].parent;
  const std::size_t slot = slot_of(parent, node);
  if (slot > 0) {
    const NodeId left = nodes_[parent].children[slot - 1];
    const std::size_t count = std::min(node_room_ - nodes_[left].children.size(), nodes_[node].children.size());
    if (count > 0) move_path(left);
    move_children(node, 0, count, left, false);
    if (nodes_[node].children.empty()) {
      free_node(node);
      remove_child(parent, slot);
      return;
    }
  }
  if (slot + 1 >= nodes_[parent].children.size()) return;
  const NodeId right = nodes_[parent].children[slot + 1];
  const std::size_t count = std::min(node_room_ - nodes_[node].children.size(), nodes_[right].children.size());
  move_path(right);
  move_children(right, 0, count, node, false);
  if (!nodes_[right].children.empty()) return;
  free_node(right);
  remove_child(parent, slot + 1);
}

// ---- What came out.

CowTree::Pointer CowTree::pointer_to(std::uint8_t level, std::uint32_t id) const {
  if (level == 0) return {leaf_key_[id], leaf_block_[id], leaf_generation_[id]};
  return {leaf_key_[first_leaf(level, id)], nodes_[id].block, nodes_[id].generation};
}

void CowTree::visit(const std::function<void(const Block&)>& found) const {
  std::vector<std::uint32_t> level_ids{root_ == no_node ? last_ : root_};
  std::uint8_t level = root_ == no_node ? 0 : nodes_[root_].level;
  Block block;
  for (;; --level) {
    std::vector<std::uint32_t> below;
    for (const std::uint32_t id : level_ids) {
      const Pointer self = pointer_to(level, id);
      block.block = self.block;
      block.generation = self.generation;
      block.level = level;
      block.used_bytes = level == 0 ? leaf_used_[id] : 0;
      block.pointers.clear();
      if (level > 0) {
        for (const std::uint32_t child : nodes_[id].children) {
          block.pointers.push_back(pointer_to(static_cast<std::uint8_t>(level - 1), child));
          below.push_back(child);
        }
      }
      found(block);
    }
    if (level == 0) return;
    level_ids = std::move(below);
  }
}

}  // namespace headway
