// How orderly a tree lies on its devices: the figures by which captured and grown layouts are compared.
//
// What costs a traversal its time is not that blocks lie far apart but that neighbours in key order do. So everything
// here is about pairs of neighbours: two blocks of one level of one tree that follow each other in key order.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/layout/layout.h"

namespace headway {

// A jump is the way from the end of a block to the start of its neighbour, in logical addresses. Bucket i of the
// histograms holds jumps of 2^(i-1) up to 2^i - 1 node sizes; bucket 0 those below one node size.
inline constexpr std::size_t jump_buckets = 44;

struct LevelMeasures {
  std::uint8_t level = 0;
  std::uint64_t blocks = 0;
  std::uint64_t adjacent = 0;  // pairs where the neighbour begins where the block ends
  std::uint64_t backward = 0;  // pairs where the neighbour lies at a lower address
  std::array<std::uint64_t, jump_buckets> forward_jumps{};   // the others that go forward, by distance
  std::array<std::uint64_t, jump_buckets> backward_jumps{};
  std::uint64_t fill_blocks = 0;  // blocks whose fill is known
  double fill_sum = 0;            // of them: used share of what lies behind the header

  std::uint64_t pairs() const { return blocks == 0 ? 0 : blocks - 1; }
  double adjacent_share() const;  // of the pairs; 0 when there are none
  double backward_share() const;
  double fill_mean() const;  // 0 when no fill is known
  // The jump in node sizes, either direction and adjacent ones counted as 0, that `share` of the pairs do not exceed,
  // to within its bucket (its upper end).
  std::uint64_t jump_quantile_nodes(double share) const;
};

struct TreeMeasures {
  std::uint64_t objectid = 0;
  std::vector<LevelMeasures> levels;  // from the root's level down to 0

  std::uint64_t blocks() const;
};

// Precondition: tree < forest.trees.size(). Visits a block once however often it is pointed to.
TreeMeasures measure_tree(const Layout& layout, std::uint32_t tree);

}  // namespace headway
