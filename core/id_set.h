// A set of small numbers that answers "the first member at or after n": a bitmap with a summary bitmap over its words,
// and so on up to one word (the shape of the kernel's radix tree, with 64 slots a node and the leaves being bits).
//
// Insert, erase and search cost O(log64 size) and never allocate.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <vector>

namespace headway {

class IdSet {
 public:
  explicit IdSet(std::uint32_t size = 0) : size_(size) {
    std::uint64_t words = size;
    do {
      words = (words + 63) / 64;
      assert(depth_ < max_depth);
      level_[static_cast<std::size_t>(depth_++)].resize(words == 0 ? 1 : words);
    } while (words > 1);
  }

  std::uint32_t size() const { return size_; }
  bool contains(std::uint32_t id) const { return level_[0][id / 64] >> (id % 64) & 1; }

  void insert(std::uint32_t id) {
    for (int depth = 0; depth < depth_; ++depth, id /= 64) {
      std::uint64_t& word = level_[static_cast<std::size_t>(depth)][id / 64];
      const bool had_members = word != 0;
      word |= std::uint64_t{1} << (id % 64);
      if (had_members) return;
    }
  }

  void erase(std::uint32_t id) {
    for (int depth = 0; depth < depth_; ++depth, id /= 64) {
      std::uint64_t& word = level_[static_cast<std::size_t>(depth)][id / 64];
      word &= ~(std::uint64_t{1} << (id % 64));
      if (word != 0) return;
    }
  }

  // The least member in [from, end), or `end`, which is at most size().
  std::uint32_t first_in(std::uint32_t from, std::uint32_t end) const {
    if (from >= end) return end;
    const std::uint64_t rest = level_[0][from / 64] >> (from % 64);
    if (rest == 0) return first_after_word(from / 64, end);
    const std::uint32_t id = from + static_cast<std::uint32_t>(std::countr_zero(rest));
    return id < end ? id : end;
  }

 private:
  static constexpr int max_depth = 6;  // 64^6 > 2^32

  // The least member behind a word of the lowest level: up until a word has one, and down to it.
  std::uint32_t first_after_word(std::uint64_t word, std::uint32_t end) const {
    for (int depth = 1; depth < depth_; ++depth) {
      const auto& words = level_[static_cast<std::size_t>(depth)];
      const std::uint64_t id = word + 1;
      if (id / 64 >= words.size()) return end;
      const std::uint64_t rest = words[id / 64] >> (id % 64);
      if (rest != 0) return descend(depth, id + static_cast<std::uint64_t>(std::countr_zero(rest)), end);
      word = id / 64;
    }
    return end;
  }

  std::uint32_t descend(int depth, std::uint64_t id, std::uint32_t end) const {
    while (depth-- > 0)
      id = id * 64 + static_cast<std::uint64_t>(std::countr_zero(level_[static_cast<std::size_t>(depth)][id]));
    return id < end ? static_cast<std::uint32_t>(id) : end;
  }

  std::uint32_t size_;
  int depth_ = 0;
  std::array<std::vector<std::uint64_t>, static_cast<std::size_t>(max_depth)> level_;
};

}  // namespace headway
