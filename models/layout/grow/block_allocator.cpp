#include "models/layout/grow/block_allocator.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace headway {

namespace {

constexpr std::uint64_t extent_bytes_min = 32 << 10;   // above: an extent; up to it: bits (free-space-cache.c, use_bitmap)
constexpr std::uint64_t window_bytes = 128 << 20;      // what one bitmap of a page covers
constexpr std::uint64_t cluster_bytes_min = 64 << 10;  // extent-tree.c, fetch_cluster_info

}  // namespace

BlockAllocator::BlockAllocator(std::uint32_t node_bytes, Grow grow) : node_bytes_(node_bytes), grow_(std::move(grow)) {}

bool BlockAllocator::add_group() {
  std::uint64_t logical = 0, bytes = 0;
  if (!grow_(logical, bytes)) return false;
  Group group;
  group.first = (logical + node_bytes_ - 1) / node_bytes_;
  const std::uint64_t end = (logical + bytes) / node_bytes_;
  if (end <= group.first) return false;
  group.blocks = group.free = end - group.first;
  group.is_free.assign((group.blocks + 63) / 64, ~std::uint64_t{0});
  if (group.blocks % 64 != 0) group.is_free.back() = (std::uint64_t{1} << group.blocks % 64) - 1;
  total_ += group.blocks;
  groups_.push_back(std::move(group));
  return true;
}

// Runs of free blocks within [begin, end) of the group.
template <typename Found>
void BlockAllocator::for_each_run(const Group& group, std::uint64_t begin, std::uint64_t end, const Found& found) const {
  std::uint64_t at = begin;
  while (at < end) {
    const std::uint64_t rest = group.is_free[at / 64] >> at % 64;
    if (rest == 0) {
      at = (at / 64 + 1) * 64;
      continue;
    }
    at += static_cast<std::uint64_t>(std::countr_zero(rest));
    if (at >= end) return;
    const std::uint64_t run_begin = at;
    while (at < end) {
      const std::uint64_t ones = static_cast<std::uint64_t>(std::countr_one(group.is_free[at / 64] >> at % 64));
      at += ones;
      if (ones == 0 || at % 64 != 0) break;
    }
    at = std::min(at, end);
    found(run_begin, at);
  }
}

void BlockAllocator::take(Group& group, std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t at = begin; at < end; ++at) group.is_free[at / 64] &= ~(std::uint64_t{1} << at % 64);
  group.free -= end - begin;
  cluster_.push_back({group.first + begin, group.first + end});
}

bool BlockAllocator::gather_extents(Group& group) {
  std::vector<Run> found;
  for_each_run(group, 0, group.blocks, [&](std::uint64_t begin, std::uint64_t end) {
    if ((end - begin) * node_bytes_ > extent_bytes_min && end - begin > 1) found.push_back({begin, end});
  });
  for (const auto& run : found) take(group, run.begin, run.end);
  return !found.empty();
}

// The first bitmap with enough in it for a cluster, or else with anything.
bool BlockAllocator::gather_window(Group& group) {
  const std::uint64_t window = std::max<std::uint64_t>(1, window_bytes / node_bytes_);
  for (const std::uint64_t least : {cluster_bytes_min / node_bytes_ + 1, std::uint64_t{1}}) {
    for (std::uint64_t begin = 0; begin < group.blocks; begin += window) {
      std::vector<Run> found;
      std::uint64_t sum = 0;
      for_each_run(group, begin, std::min(begin + window, group.blocks), [&](std::uint64_t from, std::uint64_t to) {
        found.push_back({from, to});
        sum += to - from;
      });
      if (sum < least) continue;
      for (const auto& run : found) take(group, run.begin, run.end);
      return true;
    }
  }
  return false;
}

std::size_t BlockAllocator::group_of(std::uint64_t block) const {
  const auto after = std::upper_bound(groups_.begin(), groups_.end(), block,
                                      [](std::uint64_t at, const Group& group) { return at < group.first; });
  return after == groups_.begin() ? 0 : static_cast<std::size_t>(after - groups_.begin() - 1);
}

bool BlockAllocator::gather(std::uint64_t hint) {
  cluster_.clear();
  cluster_at_ = 0;
  const std::size_t start = groups_.empty() ? 0 : group_of(hint);
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    Group& group = groups_[(start + i) % groups_.size()];
    if (group.free > 0 && (gather_extents(group) || gather_window(group))) return true;
  }
  return false;
}

bool BlockAllocator::allocate(std::uint64_t hint, std::uint64_t& block) {
  // Above four fifths a new chunk is made before the old ones are full (block-group.c, should_alloc_chunk).
  if (used_ * 5 >= total_ * 4 && !exhausted_) exhausted_ = !add_group();
  if (cluster_at_ == cluster_.size() && !gather(hint)) return false;
  Run& run = cluster_[cluster_at_];
  block = run.begin++;
  if (run.begin == run.end) ++cluster_at_;
  ++used_;
  return true;
}

void BlockAllocator::commit() {
  for (const std::uint64_t block : pinned_) {
    Group& group = groups_[group_of(block)];
    const std::uint64_t at = block - group.first;
    assert(at < group.blocks);
    group.is_free[at / 64] |= std::uint64_t{1} << at % 64;
    ++group.free;
  }
  used_ -= pinned_.size();
  pinned_.clear();
}

}  // namespace headway
