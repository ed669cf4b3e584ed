// Which blocks of a layout a read brought.
#pragma once

#include <cstdint>

#include "core/forest.h"
#include "core/volume.h"

namespace headway {

struct Blocks {
  BlockId begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

// Several only where one read brought blocks that lie behind each other; none where none begins at `logical`, as of
// file data. O(log blocks).
Blocks blocks_at(const Volume& volume, const Forest& forest, std::uint64_t logical, std::uint64_t bytes);

}  // namespace headway
