// What the tree alone bounds: a block can be asked for when a node that points at it is in memory, and not before.
//
// Claim. A block is in memory no earlier than the earliest of its parents is, plus the least time that a read of it
// takes. Parents of any tree count, wanted or not, and what is in memory at the start is known then; reads of blocks
// that nobody wants are taken to cost nothing. It holds for policies that learn of blocks from their parents, reading
// nothing over (Policy::foresees).
#pragma once

#include <span>

#include "core/forest.h"
#include "core/memory.h"

namespace headway {

// The longest way from what is in memory down to a wanted block, in seconds. `alone_s` is by wanted block: the least
// that a read of it takes. O(pointers).
double longest_chain(const Forest& forest, const Memory& memory, std::span<const BlockId> wanted,
                     std::span<const float> alone_s);

}  // namespace headway
