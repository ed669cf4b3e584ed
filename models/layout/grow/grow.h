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
// The specification, a JSON object (sizes are bytes, * must be given):
//   devices*              [{"count": 4, "bytes": 322122547200}, ...]
//   node_bytes            16384; 4096 to 65536
//   metadata_profile      "RAID1"; any of btrfs's
//   metadata_chunk_bytes  as the kernel: 1 GiB a stripe (256 MiB on file systems below 50 GiB), at most a tenth of it
//   data_profile          "single"
//   data_bytes_per_file   0; data chunks lie between the metadata's and push them apart on the devices
//   placement             "aged"; or, as references, "sequential" (in key order), "reverse", "random", "strided"
//   stride_nodes          16; strided: key-order neighbours lie so many nodes apart, in as many sweeps
//   trees*                [{"tree": "fs", ...}], by object id or btrfs's name, and
//     use                   "files", "extents" (changed at commit, in key order) or "checksums" (changed as data are
//                           written): by default as the tree is named
//     item_bytes_per_file   aged: room a file takes in its leaves; 700 for files, 80 for others
//     directory_share       aged, files: 0.35; of that room, what directory entries take, elsewhere than the inode
//     directories           aged, files: how many were made before all files, so that the entries stand in front of
//                           these; otherwise they stand anywhere among them
//     leaves, leaf_fill, node_fill   of the other placements: how many leaves*, and how full (0.75)
//   rounds*               aged: [{"commits": 40, "creates": 1500, "deletes": 0, "rewrites": 0}, ...], numbers of files
//                         a commit
//   snapshots             aged: [{"tree": "256", "as": "257", "after_commit": 97}]
#pragma once

#include <cstdint>

#include "core/base/json_node.h"
#include "models/layout/layout.h"

namespace headway {

// A function of the specification and the seed alone. Throws InputError with file and JSON path for what the
// specification may not say, and with /devices when the devices are full.
Layout grow_layout(const JsonNode& spec, std::uint64_t seed, const LoadOptions& options = {});

}  // namespace headway
