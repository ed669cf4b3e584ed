// What is in memory when a run begins.
#pragma once

#include <boost/random/uniform_01.hpp>
#include <optional>

#include "core/forest.h"
#include "core/memory.h"
#include "core/memory_bound.h"
#include "core/random_stream.h"

namespace headway {

// Roots are in memory and stay there, as in a mounted file system; of the other blocks each is with the scenario's
// probability, as far as there is room. `bound` is null where there is room for all.
inline void warm_up(Memory& memory, MemoryBound* bound, const Forest& forest, double warm_fraction,
                    std::uint64_t seed) {
  const auto put = [&](BlockId block) {
    if (bound == nullptr) return memory.insert(block);
    bound->insert(block, [](BlockId) {});  // what leaves before anything has happened was never there
  };
  for (const auto& tree : forest.trees) {
    if (bound != nullptr) bound->hold(tree.root);
    put(tree.root);
  }
  if (warm_fraction <= 0) return;
  auto engine = random_stream(seed, RandomPurpose::warm_up);
  boost::random::uniform_01<double> uniform;
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    if (uniform(engine) < warm_fraction) put(block);
  }
}

// `memory_bytes` of 0: there is room for all.
inline Memory memory_at_start(const Forest& forest, std::uint64_t memory_bytes, double warm_fraction,
                              std::uint64_t seed) {
  Memory memory(forest.blocks());
  std::optional<MemoryBound> bound;
  if (memory_bytes > 0) bound.emplace(memory, forest.blocks(), memory_bytes / forest.node_bytes);
  warm_up(memory, bound ? &*bound : nullptr, forest, warm_fraction, seed);
  return memory;
}

}  // namespace headway
