// Division by a number that does not change. Sector sizes are powers of two but for a few drives of 520 bytes: a shift
// then, where a 64-bit division would take as long as all the rest of finding a sector.
#pragma once

#include <bit>
#include <cstdint>

namespace headway {

class Divisor {
 public:
  explicit Divisor(std::uint64_t value)
      : value_(value), shift_(std::has_single_bit(value) ? std::countr_zero(value) : -1) {}

  std::uint64_t value() const { return value_; }
  std::uint64_t quotient(std::uint64_t n) const { return shift_ >= 0 ? n >> shift_ : n / value_; }
  std::uint64_t round_down(std::uint64_t n) const { return quotient(n) * value_; }
  std::uint64_t round_up(std::uint64_t n) const { return round_down(n + value_ - 1); }

 private:
  std::uint64_t value_;
  int shift_;
};

}  // namespace headway
