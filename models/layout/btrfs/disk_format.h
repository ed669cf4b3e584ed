// btrfs's structures as they lie on disk: superblocks, tree blocks, and the few items that lead to the trees.
//
// Everything here looks at bytes that someone else wrote. Each function checks what it needs and says what is wrong
// with the place within the block; who called adds the file.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/key.h"
#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/btrfs/volume_parts.h"
#include "models/layout/file_extents.h"

namespace headway::disk {

using Bytes = std::span<const std::byte>;

inline constexpr std::size_t superblock_bytes = 4096;
inline constexpr std::uint64_t superblock_at[] = {64ull << 10, 64ull << 20, 256ull << 30};
inline constexpr std::uint8_t level_max = 7;

// Bytes that are not what they should be; `offset` counts from the start of the block.
struct Malformed : std::runtime_error {
  Malformed(std::size_t offset_, std::string expected_, std::string found_)
      : std::runtime_error(expected_), offset(offset_), expected(std::move(expected_)), found(std::move(found_)) {}
  std::size_t offset;
  std::string expected, found;
};

std::uint64_t little_endian(Bytes bytes, std::size_t at, std::size_t size);

using Uuid = std::array<std::byte, 16>;
std::string uuid_text(const Uuid& uuid);

struct Superblock {
  Uuid fsid{};           // of the file system, as users see it
  Uuid metadata_fsid{};  // as block headers carry it; another one after btrfstune -m
  std::set<Uuid> seeds;        // whose blocks it shares: carried by headers too; a superblock does not say them
  bool seeding = false;        // read-only for ever, for others to grow from
  bool changing_fsid = false;  // by btrfstune -m: blocks are as they were, but some devices may say another fsid
  std::uint64_t flags = 0;     // all of them
  std::uint64_t generation = 0;
  std::uint64_t root = 0, chunk_root = 0, log_root = 0;
  std::uint8_t root_level = 0, chunk_root_level = 0;
  std::uint64_t chunk_root_generation = 0;
  std::uint64_t device_count = 0;
  std::uint32_t node_bytes = 0;
  ChecksumType checksum_type = ChecksumType::crc32c;
  std::uint64_t devid = 0;         // of the device that it stands on
  std::uint64_t device_bytes = 0;
  Uuid device_uuid{};
  std::vector<ChunkItem> system_chunks;
};

// Whether the bytes have btrfs's magic number.
bool is_superblock(Bytes block);
// `at`: where it was read, one of superblock_at. Throws Malformed.
Superblock parse_superblock(Bytes block, std::uint64_t at);
// Throws Malformed for a file system whose blocks were being rewritten, some of which are as before and some as after.
void check_finished(const Superblock& super);

struct BlockHeader {
  std::uint64_t logical = 0, generation = 0, owner = 0;
  std::uint32_t items = 0;
  std::uint8_t level = 0;
  Uuid fsid{};
};

// Precondition of all: at least btrfs::header_bytes.
BlockHeader parse_header(Bytes block);
// Throws Malformed unless the block's checksum, file system and address are right and its items fit into it.
BlockHeader check_block(Bytes block, const Superblock& super, std::uint64_t logical);

// Calls `found` for each pointer of a node. Precondition: check_block() passed, level > 0.
void for_each_pointer(Bytes node, const std::function<void(const Key&, std::uint64_t child, std::uint64_t generation)>& found);
// Calls `found` for each item of a leaf, with where its data begin. Throws Malformed for data outside the leaf.
void for_each_item(Bytes leaf, const std::function<void(const Key&, Bytes data, std::size_t data_at)>& found);
std::uint32_t leaf_free_bytes(Bytes leaf);

// The chunk that the item's bytes describe; Malformed, with data_at added, for one that is cut short.
ChunkItem parse_chunk(const Key& key, Bytes data, std::size_t data_at);

// What a reader of the files reads behind a leaf of theirs, in key order (file_extents.h). Throws Malformed.
std::vector<FileExtent> extents_behind(Bytes leaf);

struct RootItem {
  std::uint64_t bytenr = 0, generation = 0;
  std::uint8_t level = 0;
  bool being_deleted = false;
};
// Calls `found` for each root item of a leaf of the root tree that leads to a tree. Throws Malformed.
void for_each_root(Bytes leaf, const std::function<void(const Key&, const RootItem&, std::size_t data_at)>& found);

struct DeviceItem {
  std::uint64_t devid = 0, bytes = 0;
  Uuid uuid{};
  Uuid fsid{};  // of the file system, or of a seed that it grew from
};
// Adds what a leaf of the chunk tree says to `parts`, and calls `found` for its devices. Throws Malformed.
void add_chunk_leaf(Bytes leaf, VolumeParts& parts, const std::function<void(const DeviceItem&)>& found);

}  // namespace headway::disk
