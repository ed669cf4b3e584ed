#include "core/forest.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace headway {

namespace {

class ForestCheck {
 public:
  ForestCheck(std::string_view source, const Volume& volume, Forest& forest)
      : source_(source), volume_(volume), forest_(forest) {}

  void run() {
    columns();
    place_blocks();
    pointers();
    roots();
  }

 private:
  void columns() const {
    const std::size_t blocks = forest_.blocks();
    const std::size_t pointers = forest_.pointers();
    if (blocks >= no_block || pointers >= UINT32_MAX)
      throw InputError(source_, "columns", "fewer than 4294967295 blocks and pointers",
                       fmt::format("{} and {}", blocks, pointers));
    if (forest_.generation.size() != blocks || forest_.level.size() != blocks ||
        forest_.first_pointer.size() != blocks + 1 || forest_.key_objectid.size() != pointers ||
        forest_.key_type.size() != pointers || forest_.key_offset.size() != pointers ||
        forest_.child_generation.size() != pointers)
      throw InputError(source_, "columns", "columns of one length for blocks and one for pointers", "others");
    if (forest_.first_pointer.front() != 0 || forest_.first_pointer.back() != pointers ||
        !std::is_sorted(forest_.first_pointer.begin(), forest_.first_pointer.end()))
      throw InputError(source_, "columns", "first_pointer rising from 0 to the number of pointers", "another order");
    if (forest_.node_bytes < 512 || forest_.node_bytes > 65536)
      throw InputError(source_, "node size", "512 to 65536 bytes", fmt::format("{}", forest_.node_bytes));
  }

  void place_blocks() {
    forest_.stripe_set.resize(forest_.blocks());
    std::int64_t chunk = -1;
    for (BlockId block = 0; block < forest_.blocks(); ++block) {
      const std::uint64_t logical = forest_.logical[block];
      const auto covers = [&] {
        const auto& held = volume_.chunks()[static_cast<std::size_t>(chunk)];
        return logical >= held.logical && logical - held.logical < held.bytes;
      };
      if (chunk < 0 || !covers()) chunk = volume_.find_chunk(logical);
      if (chunk < 0) fail(block, "a chunk that holds it", "none at this address");
      const Mapping mapping = volume_.map_in(static_cast<std::uint32_t>(chunk), logical);
      forest_.stripe_set[block] = mapping.stripe_set;
      if (mapping.bytes_left < forest_.node_bytes && !straddles_only_a_stripe(mapping, logical))
        fail(block, "a chunk that holds all of it", "one that ends inside it");
      if (block > 0) in_order(block);
    }
  }

  bool straddles_only_a_stripe(const Mapping& mapping, std::uint64_t logical) const {
    const auto& chunk = volume_.chunks()[mapping.chunk];
    return chunk.bytes - (logical - chunk.logical) >= forest_.node_bytes;
  }

  void in_order(BlockId block) const {
    const auto before = std::pair(forest_.stripe_set[block - 1], forest_.logical[block - 1]);
    const auto here = std::pair(forest_.stripe_set[block], forest_.logical[block]);
    if (here <= before) fail(block, "blocks in zone order, each once", "one that is out of order or twice there");
    if (before.first == here.first && here.second - before.second < forest_.node_bytes)
      fail(block, "blocks that do not overlap", fmt::format("the block at {} reaching into it", before.second));
  }

  void pointers() const {
    for (BlockId block = 0; block < forest_.blocks(); ++block) {
      const PointerId first = forest_.first_pointer[block];
      const PointerId last = forest_.first_pointer[block + 1];
      if (forest_.level[block] > 7) fail(block, "a level from 0 to 7", std::to_string(forest_.level[block]));
      if (forest_.level[block] == 0 && first != last) fail(block, "no pointers in a leaf", "some");
      for (PointerId pointer = first; pointer < last; ++pointer) {
        const BlockId child = forest_.child[pointer];
        if (child >= forest_.blocks()) fail(block, "pointers to blocks", fmt::format("block number {}", child));
        if (forest_.level[child] + 1 != forest_.level[block])
          fail(block, fmt::format("children of level {}", forest_.level[block] - 1),
               fmt::format("the block at {} of level {}", forest_.logical[child], forest_.level[child]));
        if (pointer > first && forest_.key(pointer) <= forest_.key(pointer - 1))
          fail(block, "keys that ascend", fmt::format("pointer {} not above the one before", pointer - first));
      }
    }
  }

  void roots() const {
    for (std::size_t i = 0; i < forest_.trees.size(); ++i) {
      const auto& tree = forest_.trees[i];
      const std::string place = fmt::format("tree {}", tree.objectid);
      if (tree.root >= forest_.blocks()) throw InputError(source_, place, "a root block", "none");
      if (i > 0 && forest_.trees[i - 1].objectid > tree.objectid)
        throw InputError(source_, place, "trees in order of object id", "another order");
    }
  }

  [[noreturn]] void fail(BlockId block, std::string_view expected, std::string_view found) const {
    throw InputError(source_, fmt::format("block at {}", forest_.logical[block]), expected, found);
  }

  std::string_view source_;
  const Volume& volume_;
  Forest& forest_;
};

}  // namespace

std::optional<std::uint32_t> Forest::find_tree(std::uint64_t objectid) const {
  const auto at = std::lower_bound(trees.begin(), trees.end(), objectid,
                                   [](const TreeRoot& tree, std::uint64_t id) { return tree.objectid < id; });
  if (at == trees.end() || at->objectid != objectid) return std::nullopt;
  return static_cast<std::uint32_t>(at - trees.begin());
}

void check_and_index(std::string_view source, const Volume& volume, Forest& forest) {
  ForestCheck(source, volume, forest).run();
}

}  // namespace headway
