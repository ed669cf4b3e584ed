#include "models/layout/btrfs/parity.h"

#include <array>
#include <cstdint>

namespace headway {

namespace {

// Logarithms to base 2 in GF(2^8).
struct Field {
  std::array<std::uint8_t, 255> power{};
  std::array<std::uint8_t, 256> log{};

  constexpr Field() {
    unsigned value = 1;
    for (unsigned i = 0; i < 255; ++i) {
      power[i] = static_cast<std::uint8_t>(value);
      log[value] = static_cast<std::uint8_t>(i);
      value = value << 1 ^ (value & 0x80 ? 0x11d : 0);
    }
  }
};
constexpr Field field;

std::uint8_t product(std::uint8_t a, std::uint8_t b) {
  return a == 0 || b == 0 ? std::uint8_t{0} : field.power[(field.log[a] + field.log[b]) % 255u];
}
std::uint8_t inverse(std::uint8_t a) { return field.power[(255u - field.log[a]) % 255u]; }
std::uint8_t weight(std::size_t place) { return field.power[place % 255]; }

void add(std::vector<std::byte>& sum, const std::vector<std::byte>& part, std::uint8_t factor) {
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] ^= std::byte{product(std::to_integer<std::uint8_t>(part[i]), factor)};
}

void scale(std::vector<std::byte>& values, std::uint8_t factor) {
  for (auto& value : values) value = std::byte{product(std::to_integer<std::uint8_t>(value), factor)};
}

// What a parity leaves for the lost ones once the data that are there are taken out of it.
std::vector<std::byte> remainder(const ParityRow& row, std::size_t lost, std::size_t also_lost, bool of_q) {
  std::vector<std::byte> sum = of_q ? row.q : row.p;
  for (std::size_t i = 0; i < row.data.size(); ++i)
    if (i != lost && i != also_lost) add(sum, row.data[i], of_q ? weight(i) : std::uint8_t{1});
  return sum;
}

}  // namespace

std::vector<std::byte> rebuilt(const ParityRow& row, std::size_t wanted, bool by_q) {
  std::size_t other = wanted;  // a second one that is lost
  for (std::size_t i = 0; i < row.data.size(); ++i) {
    if (i == wanted || !row.data[i].empty()) continue;
    if (other != wanted) return {};
    other = i;
  }
  if (other == wanted) {
    if (by_q ? row.q.empty() : row.p.empty()) return {};
    std::vector<std::byte> sum = remainder(row, wanted, wanted, by_q);
    if (by_q) scale(sum, inverse(weight(wanted)));
    return sum;
  }
  // w + o = P', g^w w + g^o o = Q'  =>  w = (Q' + g^o P') / (g^w + g^o)
  if (row.p.empty() || row.q.empty()) return {};
  std::vector<std::byte> sum = remainder(row, wanted, other, true);
  add(sum, remainder(row, wanted, other, false), weight(other));
  scale(sum, inverse(static_cast<std::uint8_t>(weight(wanted) ^ weight(other))));
  return sum;
}

}  // namespace headway
