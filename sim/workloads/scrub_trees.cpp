#include "sim/workloads/scrub_trees.h"

#include <algorithm>
#include <cmath>

namespace headway {

namespace {

void collect_leaf_keys(const Forest& forest, BlockId block, const Key& lowest, std::vector<Key>& keys) {
  if (forest.level[block] == 0) return keys.push_back(lowest);
  for (PointerId pointer = forest.first_pointer[block]; pointer < forest.first_pointer[block + 1]; ++pointer)
    collect_leaf_keys(forest, forest.child[pointer], forest.key(pointer), keys);
}

}  // namespace

ScrubTrees::ScrubTrees(const Volume& volume, const Forest& forest) {
  for (const std::uint64_t objectid : objectids) {
    const std::uint32_t tree = *forest.find_tree(objectid);
    trees_.push_back({tree, {}});
    collect_leaf_keys(forest, forest.trees[tree].root, min_key, trees_.back().leaves);
  }
  double all = 0, before = 0;
  for (const Chunk& chunk : volume.chunks()) all += chunk.use & Chunk::data ? static_cast<double>(chunk.bytes) : 0;
  for (const Chunk& chunk : volume.chunks()) {
    const double share = chunk.use & Chunk::data ? static_cast<double>(chunk.bytes) / all : 0;
    shares_.push_back({before, before + share});
    before += share;
  }
}

std::pair<std::size_t, std::size_t> ScrubTrees::leaves_of(const Tree& tree, const Share& share) {
  if (share.begin == share.end) return {0, 0};
  const auto count = static_cast<double>(tree.leaves.size());
  const auto first = static_cast<std::size_t>(share.begin * count);
  return {first, std::min(tree.leaves.size(), static_cast<std::size_t>(std::ceil(share.end * count)))};
}

std::vector<Range> ScrubTrees::ranges(std::uint32_t chunk) const {
  std::vector<Range> all;
  for (const Tree& tree : trees_) {
    const auto [first, last] = leaves_of(tree, shares_[chunk]);
    if (first == last) continue;
    all.push_back({tree.tree, first == 0 ? min_key : tree.leaves[first],
                   last == tree.leaves.size() ? max_key : tree.leaves[last]});
  }
  return all;
}

std::vector<SearchAt> ScrubTrees::searches(std::uint32_t chunk, std::uint64_t bytes) const {
  const Share& share = shares_[chunk];
  std::vector<SearchAt> all;
  for (const Tree& tree : trees_) {
    const auto [first, last] = leaves_of(tree, share);
    const auto count = static_cast<double>(tree.leaves.size());
    for (std::size_t leaf = first; leaf < last; ++leaf) {
      const double begins = (static_cast<double>(leaf) / count - share.begin) / (share.end - share.begin);
      all.push_back({std::max(0.0, begins) * static_cast<double>(bytes), tree.tree, tree.leaves[leaf]});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const SearchAt& a, const SearchAt& b) { return a.offset < b.offset; });
  return all;
}

}  // namespace headway
