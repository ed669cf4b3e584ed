// Allocations that fail: the reviewer's question about the patch's BUG(), as something that a scenario can ask for.
#pragma once

#include <cstdint>
#include <random>

#include "core/random_stream.h"

namespace headway {

class MemoryFaults {
 public:
  // Each allocation fails with probability `rate`, 0 to 1.
  MemoryFaults(double rate, std::uint64_t seed)
      : below_(rate >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(rate * 18446744073709551616.0)), draw_(random_stream(seed, RandomPurpose::memory_faults)) {}

  bool strike() {
    const bool fails = below_ == UINT64_MAX || draw_() < below_;
    struck_ += fails;
    return fails;
  }
  std::uint64_t struck() const { return struck_; }

 private:
  std::uint64_t below_;
  std::mt19937_64 draw_;
  std::uint64_t struck_ = 0;
};

}  // namespace headway
