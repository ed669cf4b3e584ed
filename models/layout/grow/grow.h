// Grown layouts: a tree like a captured one, but as large and as old as an experiment needs.
//
// The disorder of a copy-on-write tree is no shuffle. A block that changes is written to a new place, and its path to
// the root with it; the old place is free after the commit. New places come from a cluster: the large free extents of
// a block group from front to back, and when they are used up, the holes of one 128 MiB window after another. So what
// changes together lies together, what changed long ago lies where the allocator was then, and neighbours in key order
// lie apart. The generator does that (allocator after Linux fs/btrfs/free-space-cache.c, tree after ctree.c: leaves
// push to their neighbours before they split, and merge below a third), and nothing else makes its disorder. A new
// file's inode goes behind all others; what describes its data is inserted behind the inode when they are written, all
// files of a transaction one after the other (the kernel may write some earlier): that splits what was full.
//
// The specification is a JSON object; `headway schema grow` has its keys, which grow_spec.cpp declares.
#pragma once

#include <cstdint>

#include "core/base/json_node.h"
#include "models/layout/layout.h"

namespace headway {

// A function of the specification and the seed alone. Throws InputError with file and JSON path for what the
// specification may not say, and with /devices when the devices are full.
Layout grow_layout(const JsonNode& spec, std::uint64_t seed, const LoadOptions& options = {});

}  // namespace headway
