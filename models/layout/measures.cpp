#include "models/layout/measures.h"

#include <algorithm>
#include <bit>

#include "models/layout/btrfs/constants.h"

namespace headway {

namespace {

void measure_fill(const Layout& layout, BlockId block, LevelMeasures& measures) {
  const Forest& forest = layout.forest;
  const double room = forest.node_bytes - btrfs::header_bytes;
  if (forest.level[block] > 0) {
    const double used = static_cast<double>(forest.first_pointer[block + 1] - forest.first_pointer[block]);
    measures.fill_sum += used * btrfs::pointer_bytes / room;
    ++measures.fill_blocks;
  } else if (!layout.notes.empty() && layout.notes.free_bytes[block] != BlockNotes::unknown_count) {
    measures.fill_sum += 1.0 - static_cast<double>(layout.notes.free_bytes[block]) / room;
    ++measures.fill_blocks;
  }
}

void measure_pair(std::uint64_t from, std::uint64_t to, std::uint64_t node_bytes, LevelMeasures& measures) {
  if (to == from + node_bytes) {
    ++measures.adjacent;
    return;
  }
  const bool back = to < from;
  measures.backward += back;
  const std::uint64_t jump = back ? from + node_bytes - to : to - from - node_bytes;
  const auto bucket = std::min<std::size_t>(std::bit_width(jump / node_bytes), jump_buckets - 1);
  ++(back ? measures.backward_jumps : measures.forward_jumps)[bucket];
}

LevelMeasures measure_level(const Layout& layout, const std::vector<BlockId>& in_key_order) {
  const Forest& forest = layout.forest;
  LevelMeasures measures;
  measures.level = forest.level[in_key_order.front()];
  measures.blocks = in_key_order.size();
  for (std::size_t i = 0; i < in_key_order.size(); ++i) {
    measure_fill(layout, in_key_order[i], measures);
    if (i > 0)
      measure_pair(forest.logical[in_key_order[i - 1]], forest.logical[in_key_order[i]], forest.node_bytes, measures);
  }
  return measures;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double LevelMeasures::adjacent_share() const { return share(adjacent, pairs()); }
double LevelMeasures::backward_share() const { return share(backward, pairs()); }
double LevelMeasures::fill_mean() const {
  return fill_blocks == 0 ? 0.0 : fill_sum / static_cast<double>(fill_blocks);
}

std::uint64_t LevelMeasures::jump_quantile_nodes(double quantile) const {
  const double wanted = quantile * static_cast<double>(pairs());
  std::uint64_t passed = adjacent;
  if (static_cast<double>(passed) >= wanted) return 0;
  for (std::size_t bucket = 0; bucket < jump_buckets; ++bucket) {
    passed += forward_jumps[bucket] + backward_jumps[bucket];
    if (static_cast<double>(passed) >= wanted) return (std::uint64_t{1} << bucket) - 1;
  }
  return (std::uint64_t{1} << (jump_buckets - 1)) - 1;
}

std::uint64_t TreeMeasures::blocks() const {
  std::uint64_t sum = 0;
  for (const auto& level : levels) sum += level.blocks;
  return sum;
}

TreeMeasures measure_tree(const Layout& layout, std::uint32_t tree) {
  const Forest& forest = layout.forest;
  TreeMeasures measures;
  measures.objectid = forest.trees[tree].objectid;
  std::vector<bool> seen(forest.blocks());
  std::vector<BlockId> level{forest.trees[tree].root};
  while (!level.empty()) {
    measures.levels.push_back(measure_level(layout, level));
    std::vector<BlockId> below;
    for (const BlockId block : level) {
      for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
        const BlockId child = forest.child[p];
        if (!seen[child]) below.push_back(child);
        seen[child] = true;
      }
    }
    level = std::move(below);
  }
  return measures;
}

}  // namespace headway
