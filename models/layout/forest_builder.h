// Makes a forest out of blocks that a reader meets in any order: texts, images and streams all end here.
//
// Readers report what stands in their input, with its place; what belongs together, what is missing and what cannot be
// is found out once, in finish(), and blamed on that place.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "models/layout/layout.h"

namespace headway {

// An open-addressing table from a block's address to its number: 4 bytes a slot, since the addresses stand in a column.
class AddressTable {
 public:
  void reserve(std::size_t blocks);  // into an empty table
  // The number of the block at `address`, or no_block.
  BlockId find(std::uint64_t address, const std::vector<std::uint64_t>& addresses) const;
  // Precondition: not in yet, and addresses[block] is its address.
  void insert(BlockId block, const std::vector<std::uint64_t>& addresses);

 private:
  void grow(const std::vector<std::uint64_t>& addresses);

  std::vector<BlockId> slots_;
  std::size_t used_ = 0;
};

// A place in the input: a file, and a line or byte offset in it.
struct InputPlace {
  std::uint16_t file = 0;
  std::uint64_t at = 0;  // below 2^48
};

struct FoundBlock {
  std::uint64_t logical = 0;
  std::uint64_t generation = 0;
  std::uint8_t level = 0;
  std::uint64_t owner = BlockNotes::unknown_owner;
  std::uint32_t items = BlockNotes::unknown_count;
  std::uint32_t free_bytes = BlockNotes::unknown_count;
};

struct FoundRoot {
  std::uint64_t objectid = 0;
  std::uint64_t logical = 0;
  std::uint64_t generation = 0;
  std::uint8_t level = 0;
  InputPlace place;
  std::uint64_t offset = 0;  // of its key: trees of relocation, a tree each, and extent-tree-v2's share object ids
};

// Why a tree that its input names becomes none of the forest's.
enum class LeftOut : std::uint8_t { being_deleted, not_read, log };

class ForestBuilder {
 public:
  // `unit` is what InputPlace::at counts: "line" or "byte".
  explicit ForestBuilder(std::string unit) : unit_(std::move(unit)) {}

  std::uint16_t add_file(std::string name);  // throws InputError for the 65,536th
  std::string file_names() const;            // all of them, for messages and Layout::source; no directories
  [[noreturn]] void fail(InputPlace place, std::string_view expected, std::string_view found) const;

  void reserve(std::size_t blocks);  // as many blocks and pointers are to come
  // Begins a block; the pointers that follow are its own. The same block may come again if it says the same.
  void add_block(const FoundBlock& block, InputPlace place);
  void add_pointer(const Key& key, std::uint64_t child, std::uint64_t child_generation, InputPlace place);
  // All file data behind the open leaf, in key order; without a call they are not known.
  void add_extents(std::span<const FileExtent> extents);
  // They are not known since the open leaf says what cannot be. The layout's left_out tells how many leaves do.
  void leave_extents_out(std::string_view expected, std::string_view found);
  void end_block();

  bool has_block(std::uint64_t logical) const { return table_.find(logical, forest_.logical) != no_block; }
  // Precondition: has_block().
  FoundBlock block_at(std::uint64_t logical) const;
  // The blocks, in the order found, that no pointer leads to.
  std::vector<FoundBlock> unpointed() const;

  // The first of one object id and offset counts, and one root is one tree.
  void add_root(const FoundRoot& root);
  void leave_out(std::uint64_t objectid, LeftOut reason);
  bool is_root(std::uint64_t logical) const;
  // Null when there is none. Without an offset: the first of any.
  const FoundRoot* find_root(std::uint64_t objectid, std::optional<std::uint64_t> offset = {}) const;

  // Joins what the roots lead to; the rest is left out, and so is a root of level > 0 that was not found. Leaves that
  // are pointed to but were not found are made from their pointers. Precondition: no block is open.
  Layout finish(Volume volume, std::uint32_t node_bytes, const LoadOptions& options);

 private:
  InputPlace place_of(BlockId block) const;
  std::string place_text(InputPlace place) const;
  void same_again(BlockId first, BlockId again);
  void drop_last_block();
  BlockId append_block(const FoundBlock& block, InputPlace place);
  std::vector<std::string> left_out() const;
  void choose_roots(const LoadOptions& options);
  std::vector<BlockId> join_from_roots();
  void check_child(BlockId parent, PointerId pointer, BlockId child) const;
  void sort_by_zone(std::vector<BlockId>& blocks, const Volume& volume, std::uint32_t node_bytes);
  void reorder(const std::vector<BlockId>& order);
  FileExtents extents_in(const std::vector<BlockId>& order, const Volume& volume);
  bool append_extents(const FileExtents& found, BlockId leaf, const Volume& volume, FileExtents& sorted);

  std::string unit_;
  std::vector<std::string> files_;
  Forest forest_;                        // first_pointer has no last entry until finish()
  BlockNotes notes_;
  FileExtents extents_;                  // as found, and `first` has no last entry
  std::map<BlockId, std::string> bad_extents_;  // leaves of which that is so, and why
  std::vector<std::uint64_t> child_at_;  // by pointer: the child's address
  std::vector<std::uint64_t> place_;     // by block: file << 48 | at
  AddressTable table_;
  std::vector<FoundRoot> roots_;
  std::map<LeftOut, std::set<std::uint64_t>> left_out_;  // object ids by reason
  bool open_ = false;
};

}  // namespace headway
