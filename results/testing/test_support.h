// For tests: a small traced run on a mirror.
#pragma once

#include "core/base/testing/files.h"
#include "core/forest.h"
#include "core/volume.h"
#include "results/trace/recorder.h"

namespace headway::testing {

// Two devices of 1 GiB that mirror one chunk of 256 MiB (device 1 from 64 MiB on, device 2 from 128 MiB on), with
// `blocks` leaves of 16 KiB from logical address 1 GiB on.
inline Volume mirror() {
  constexpr std::uint64_t mebi = 1 << 20;
  Chunk chunk;
  chunk.logical = 1024 * mebi;
  chunk.bytes = 256 * mebi;
  chunk.profile = Profile::raid1;
  chunk.stripes = {{0, 64 * mebi}, {1, 128 * mebi}};
  return Volume("test", {{1, 1024 * mebi}, {2, 1024 * mebi}}, {chunk});
}

inline Forest leaves(const Volume& volume, std::uint32_t blocks) {
  Forest forest;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    forest.logical.push_back(volume.chunks()[0].logical + std::uint64_t{i} * forest.node_bytes);
    forest.generation.push_back(1);
    forest.level.push_back(0);
    forest.first_pointer.push_back(0);
    forest.stripe_set.push_back(0);
  }
  forest.first_pointer.push_back(0);
  return forest;
}

inline Read read_of(const Volume& volume, const Forest& forest, BlockId block, std::uint8_t mirror_number) {
  const Mapping mapping = volume.map(forest.logical[block]);
  const Copy copy = mapping.copy[mirror_number - 1];
  Read read;
  read.block = block;
  read.device = copy.device;
  read.mirror = mirror_number;
  read.level = forest.level[block];
  read.bytes = forest.node_bytes;
  read.logical = forest.logical[block];
  read.physical = copy.physical;
  return read;
}

}  // namespace headway::testing
