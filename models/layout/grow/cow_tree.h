// A copy-on-write B-tree that knows how full its leaves are but not with what: what a growing file system's tree needs
// for its shape and its places to come out right.
//
// After Linux fs/btrfs/ctree.c: a block that changes for the first time in a transaction moves to a new place, its path
// first (btrfs_cow_block); a full leaf pushes to its neighbours before it splits (split_leaf); one that is less than a
// third full is merged into them (btrfs_del_items); a full node that an insertion comes by pushes to a neighbour before
// it splits, whether the insertion needs room in it or not (split_node); one below a quarter is joined with a neighbour
// (balance_level).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/layout/grow/block_allocator.h"

namespace headway {

// The allocator has nothing left.
struct NoSpace {};

class CowTree {
 public:
  using LeafId = std::uint32_t;

  // One empty leaf, written in transaction 1. Throws NoSpace, as everything does here that may move a block.
  CowTree(std::uint32_t node_bytes, BlockAllocator& allocator);

  // From now on, changes belong to this transaction; transactions only rise.
  void begin(std::uint32_t transaction) { transaction_ = transaction; }
  // A copy that stays as it is, with a root block of its own. What both share is no longer given back when it moves.
  CowTree snapshot();

  // A leaf that is there: `random` picks one, nearly each as likely as any other.
  LeafId leaf_at(std::uint64_t random) const;
  LeafId leaf_of(std::uint64_t key) const;  // the one whose range holds the key
  LeafId last_leaf() const { return last_; }
  std::optional<LeafId> next_leaf(LeafId leaf) const;  // in key order
  std::uint64_t key_of(LeafId leaf) const { return leaf_key_[leaf]; }
  bool is_live(LeafId leaf) const { return leaf_used_[leaf] != dead; }
  std::uint32_t used_bytes(LeafId leaf) const { return leaf_used_[leaf]; }
  std::uint32_t leaf_room() const { return leaf_room_; }
  std::uint64_t leaves() const { return live_leaves_; }
  std::uint64_t blocks() const { return live_leaves_ + live_nodes_; }

  // Precondition of all: is_live(leaf).
  void touch(LeafId leaf);  // a change that needs no room
  // `at` in [0, 1] is where in the leaf the item comes; none of its bytes: it takes another's place. Precondition, as of
  // the next two: bytes <= leaf_room().
  void insert(LeafId leaf, std::uint32_t bytes, double at);
  void insert_at(std::uint64_t key, std::uint32_t bytes);
  std::uint64_t append(std::uint32_t bytes);      // behind everything; returns the item's key
  void append_leaf();                             // an empty one, behind everything
  void remove(LeafId leaf, std::uint32_t bytes);  // at most what is there; the leaf may be gone afterwards

  struct Pointer {
    std::uint64_t key = 0;  // the child's lowest
    std::uint64_t block = 0;
    std::uint32_t generation = 0;
  };
  struct Block {
    std::uint64_t block = 0;  // address in nodes
    std::uint32_t generation = 0;
    std::uint8_t level = 0;
    std::uint32_t used_bytes = 0;  // of a leaf
    std::vector<Pointer> pointers;
  };
  // Every block, the root first.
  void visit(const std::function<void(const Block&)>& found) const;

 private:
  using NodeId = std::uint32_t;
  static constexpr std::uint32_t dead = UINT32_MAX;
  static constexpr NodeId no_node = UINT32_MAX;
  static constexpr std::uint64_t no_place = UINT64_MAX;

  struct Node {
    std::uint32_t block = 0;
    std::uint32_t generation = 0;
    NodeId parent = no_node;
    std::uint8_t level = 1;
    std::vector<std::uint32_t> children;  // leaves at level 1, else nodes
  };

  std::uint32_t place(std::uint64_t hint);
  void give_back(std::uint32_t block, std::uint32_t generation);
  void move_path(NodeId node);
  NodeId parent_of(std::uint8_t level, std::uint32_t id) const;
  void set_parent(std::uint8_t child_level, std::uint32_t child, NodeId parent);
  std::size_t slot_of(NodeId parent, std::uint32_t child) const;
  LeafId new_leaf(std::uint64_t key, std::uint32_t used);
  NodeId new_node(std::uint8_t level);
  void free_leaf(LeafId leaf);
  void free_node(NodeId node);

  void push_right(LeafId leaf, std::uint32_t movable, std::uint32_t needed);
  void push_left(LeafId leaf, std::uint32_t movable, std::uint32_t needed);
  void add_right_of(LeafId leaf, LeafId added);
  void add_child(NodeId parent, std::size_t slot, std::uint32_t child);
  void make_room_above(std::uint8_t level, std::uint32_t child);
  bool push_to_neighbour(NodeId node);
  void split(NodeId node);
  void add_root_above(std::uint8_t level, std::uint32_t child);
  void move_children(NodeId from, std::size_t begin, std::size_t end, NodeId to, bool to_front);
  void remove_child(NodeId parent, std::size_t slot);
  void balance(NodeId node);
  void lower_root();
  std::uint64_t end_key(LeafId leaf) const;
  LeafId first_leaf(std::uint8_t level, std::uint32_t id) const;
  LeafId rightmost() const;
  Pointer pointer_to(std::uint8_t level, std::uint32_t id) const;

  BlockAllocator* allocator_;
  std::uint32_t leaf_room_, node_room_;
  std::uint32_t transaction_ = 1, kept_ = 0;

  // Leaves by id, in columns, since there may be a hundred million.
  std::vector<std::uint64_t> leaf_key_;
  std::vector<std::uint32_t> leaf_block_, leaf_generation_, leaf_used_;
  std::vector<NodeId> leaf_parent_;
  std::vector<LeafId> free_leaves_;
  std::vector<Node> nodes_;
  std::vector<NodeId> free_nodes_;
  std::uint64_t live_leaves_ = 0, live_nodes_ = 0;
  LeafId last_ = 0;
  NodeId root_ = no_node;  // none: the only leaf is the root
};

}  // namespace headway
