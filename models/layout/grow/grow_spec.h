// What a grown layout is to be like: the JSON of `headway layout grow` and of a scenario's "layout": {"synthetic": ...}.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "core/base/shape.h"
#include "core/volume.h"

namespace headway {

enum class Placement { aged, sequential, reverse, random, strided };

// How a tree is used while it ages.
enum class TreeUse {
  files,      // a subvolume: inodes at the right end, directory entries before, changed in the order of the files
  extents,    // an extent tree: changed at commit, in key order
  checksums,  // a checksum tree: changed in the order in which data are written
};

// One tree. Of an aged layout, files and item_bytes_per_file make its size; of the others, leaves and the two fills.
struct TreeSpec {
  std::uint64_t objectid = 0;
  TreeUse use = TreeUse::files;
  double item_bytes_per_file = 700;  // room that a file takes in this tree's leaves, item heads included
  double directory_share = 0.35;     // of that, what the directory entries take; the rest stands at the inode
  std::uint64_t directories = 0;     // older than all files, so that the entries stand at the front; 0: anywhere
  std::uint64_t leaves = 0;
  double leaf_fill = 0.75;
  double node_fill = 0.75;
};

struct SnapshotSpec {
  std::uint64_t of = 0;
  std::uint64_t objectid = 0;
  std::uint64_t after_commit = 0;
};

// What happens between two commits, `commits` times over.
struct RoundSpec {
  std::uint64_t commits = 1;
  double creates = 0;   // files a commit
  double deletes = 0;
  double rewrites = 0;  // of files that exist: an item of the file tree is replaced, an extent moves
};

struct GrowSpec {
  std::string source;  // for Layout::source
  std::vector<std::uint64_t> device_bytes;
  std::uint32_t node_bytes = 16384;
  Profile metadata_profile = Profile::raid1;
  std::uint64_t metadata_chunk_bytes = 0;  // 0: as the kernel chooses
  Profile data_profile = Profile::single;
  double data_bytes_per_file = 0;
  Placement placement = Placement::aged;
  std::uint64_t stride_nodes = 16;
  std::vector<TreeSpec> trees;
  std::vector<RoundSpec> rounds;
  std::vector<SnapshotSpec> snapshots;
};

// Throws InputError with file and JSON path.
GrowSpec read_grow_spec(const JsonNode& node);

// The keys, their meanings, units and defaults: what read_grow_spec() checks by, as far as a schema can say it.
Shape grow_shape();
std::string grow_schema();  // scenarios/grow.schema.json

}  // namespace headway
