// The random numbers of a run: one stream a purpose, derived from the seed and the purpose, so that one more draw for one
// of them changes nothing for another, and no two purposes see the same numbers.
//
// std::mt19937_64 and std::seed_seq give the same numbers on every platform (C++ standard, [rand.eng.mers],
// [rand.util.seedseq]); standard distributions do not, so users take Boost's.
#pragma once

#include <cstdint>
#include <random>

namespace headway {

// A new purpose gets a new number, a multiple of 2^16 that leaves room for its streams' own; numbers are never used
// again, since results rest on them.
enum class RandomPurpose : std::uint32_t {
  requests = 0,  // of a workload, which has its own by its number
  growth = 1 << 16,
  warm_up = 2 << 16,
  read_errors = 3 << 16,
  memory_faults = 4 << 16,
  probe = 5 << 16,  // of a drive: what is read singly, what at depths
};

// `number` tells streams of one purpose apart. Growth, the oldest purpose, takes the seed as it stands: every published
// figure on a grown layout rests on the layouts that come of it, and bounds in scenarios are narrower than the spread
// between two draws of one kind.
inline std::mt19937_64 random_stream(std::uint64_t seed, RandomPurpose purpose, std::uint16_t number = 0) {
  if (purpose == RandomPurpose::growth) return std::mt19937_64(seed);
  std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                         static_cast<std::uint32_t>(purpose) + number};
  return std::mt19937_64(sequence);
}

}  // namespace headway
