// See blocks_of_read.h.
#include "results/trace/blocks_of_read.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace headway {

Blocks blocks_at(const Volume& volume, const Forest& forest, std::uint64_t logical, std::uint64_t bytes) {
  const std::int64_t chunk = volume.find_chunk(logical);
  if (chunk < 0) return {};
  const std::uint32_t set = volume.map_in(static_cast<std::uint32_t>(chunk), logical).stripe_set;
  const auto ids = std::views::iota(BlockId{0}, static_cast<BlockId>(forest.blocks()));
  const auto lies_before = [&](BlockId id) {
    return std::pair(forest.stripe_set[id], forest.logical[id]) < std::pair(set, logical);
  };
  Blocks blocks;
  blocks.begin = blocks.end = *std::ranges::partition_point(ids, lies_before);
  if (blocks.begin == forest.blocks() || forest.logical[blocks.begin] != logical) return {};
  while (blocks.end < forest.blocks() && forest.stripe_set[blocks.end] == set &&
         forest.logical[blocks.end] - logical < bytes)
    ++blocks.end;
  return blocks;
}

}  // namespace headway
