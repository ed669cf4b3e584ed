// A number of which every bit depends on every bit of `x` (the finalizer of SplitMix64): for draws that depend on
// nothing but their arguments, and for digests of sets, as a sum that does not depend on the order.
#pragma once

#include <cstdint>

namespace headway {

inline std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace headway
