// Which tree blocks are in memory: the page cache as the scheduler sees it, a bit a block.
#pragma once

#include <cstdint>
#include <vector>

#include "core/forest.h"

namespace headway {

class Memory {
 public:
  explicit Memory(std::size_t blocks) : words_((blocks + 63) / 64) {}

  bool holds(BlockId block) const { return words_[block / 64] >> (block % 64) & 1; }
  void insert(BlockId block) { words_[block / 64] |= bit(block); }
  void evict(BlockId block) { words_[block / 64] &= ~bit(block); }
  // All that `other` holds, which is of as many blocks.
  void insert_all_of(const Memory& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

 private:
  static std::uint64_t bit(BlockId block) { return std::uint64_t{1} << (block % 64); }

  std::vector<std::uint64_t> words_;
};

}  // namespace headway
