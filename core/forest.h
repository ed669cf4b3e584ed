// The trees as the scheduler sees them: blocks (nodes and leaves) and the pointers in nodes, as flat columns.
//
// Nothing here changes during a run. Columns rather than objects: a layout of 100 million blocks is read from its file
// straight into them, and a hook that walks a node's pointers touches only what it compares.
//
// Block order ("zone order"): by stripe set (see volume.h), then by logical address. All blocks of one block group that
// one device holds are then a contiguous run of ids, so that a zone of the scheduler is a range of ids and its
// read pointer is an id.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "core/volume.h"

namespace headway {

using BlockId = std::uint32_t;
using PointerId = std::uint32_t;
inline constexpr BlockId no_block = UINT32_MAX;

struct TreeRoot {
  std::uint64_t objectid = 0;  // 5 = the file-system tree, 2 = the extent tree, 256.. = subvolumes
  BlockId root = no_block;
};

struct Forest {
  std::uint32_t node_bytes = 16384;

  // By block.
  std::vector<std::uint64_t> logical;
  std::vector<std::uint64_t> generation;     // as the block's own header has it
  std::vector<std::uint8_t> level;           // 0 = leaf
  std::vector<PointerId> first_pointer;      // and one past the last block's: block b owns [first[b], first[b + 1])
  std::vector<std::uint32_t> stripe_set;     // derived from the volume

  // By pointer, in key order within a node. The key is the child's lowest.
  std::vector<std::uint64_t> key_objectid;
  std::vector<std::uint8_t> key_type;
  std::vector<std::uint64_t> key_offset;
  std::vector<BlockId> child;
  std::vector<std::uint64_t> child_generation;  // what the pointer expects; the child's header may differ

  std::vector<TreeRoot> trees;  // sorted by objectid; some, as trees of relocation, share one

  std::size_t blocks() const { return logical.size(); }
  std::size_t pointers() const { return child.size(); }
  Key key(PointerId pointer) const { return {key_objectid[pointer], key_type[pointer], key_offset[pointer]}; }
  // Place in `trees` of the first, or nothing.
  std::optional<std::uint32_t> find_tree(std::uint64_t objectid) const;
};

// Fills `stripe_set` and checks what every reader of a layout must be able to rely on: columns of fitting lengths, each
// block covered by a chunk, blocks in zone order and none overlapping another, each pointer to a block of a lower level
// (so no tree points at itself), keys of a node ascending, roots that exist. Throws InputError with `source` as its
// file and the block's logical address as the place.
void check_and_index(std::string_view source, const Volume& volume, Forest& forest);

}  // namespace headway
