// For tests: random choices that a seed decides, the same with every library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace headway::testing {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : twister_(seed) {}
  // One of many that have their seed in common.
  Dice(std::uint32_t seed, std::uint32_t index) {
    std::seed_seq sequence{seed, index};
    twister_.seed(sequence);
  }

  // 0 .. sides - 1. Plain remainders: standard distributions differ between libraries.
  std::uint32_t operator()(std::uint32_t sides) { return static_cast<std::uint32_t>(twister_()) % sides; }
  int between(int low, int high) { return low + static_cast<int>((*this)(static_cast<std::uint32_t>(high - low + 1))); }
  bool percent(int chance) { return static_cast<int>((*this)(100)) < chance; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[(*this)(static_cast<std::uint32_t>(all.size()))];
  }
  // Of every magnitude alike, ends included. Precondition: 0 < low <= high.
  double log_uniform(double low, double high) { return std::min(high, low * std::exp(share() * std::log(high / low))); }
  double share() { return static_cast<double>(twister_()) / 4294967295.0; }  // 0 to 1

 private:
  std::mt19937 twister_;
};

}  // namespace headway::testing
