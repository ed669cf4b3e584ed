// What a scrub reads of each device for certain, whatever else it reads there: for its bound (sim/bound/).
#pragma once

#include <vector>

#include "core/forest.h"
#include "models/drive/bound/stream_needs.h"
#include "sim/workloads/scrub_spec.h"

namespace headway {

// By device, ascending and apart: of those that it scrubs, their own data, and the parities of rows that hold any. Not
// what it reads of other devices to check a parity, nor superblocks.
std::vector<std::vector<ByteStretch>> scrub_stretches(const ScrubSpec& spec, const Volume& volume,
                                                      const Forest& forest);

}  // namespace headway
