// A leaf of files, as the disk has it, tells a forest's builder what file data lie behind it.
#pragma once

#include "models/layout/btrfs/disk_format.h"
#include "models/layout/forest_builder.h"

namespace headway {

// Of a leaf whose items cannot be, nothing is known, and the layout says so. Precondition: the leaf is open in it.
inline void add_extents_behind(disk::Bytes leaf, ForestBuilder& builder) {
  try {
    builder.add_extents(disk::extents_behind(leaf));
  } catch (const disk::Malformed& bad) {
    builder.leave_extents_out(bad.expected, bad.found);
  }
}

}  // namespace headway
