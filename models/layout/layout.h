// A layout: where one file system's trees lie on its devices; what a scenario's "layout" names, in whatever form.
//
// # The layout file (*.layout.h5)
//
// HDF5 with a superblock of version 2 or later (h5py: libver="latest"; older ones lack the checksums that tell damage),
// columns compressed by shuffle + deflate or not at all, no timestamps: equal layouts give equal bytes. Everything is a
// flat column of unsigned little-endian integers; addresses and lengths are bytes. Attributes of the root group:
//   format (string) "headway layout" · version (u32) 1 · node_bytes (u32) · source (string) what it was made from
//
//   devices/  devid u64 · bytes u64                                                 ascending devid
//   chunks/   logical u64 · bytes u64 · use u8 (1 data, 2 system, 4 metadata) · profile u8 (0 single, 1 DUP, 2 RAID0,
//             3 RAID1, 4 RAID1C3, 5 RAID1C4, 6 RAID10, 7 RAID5, 8 RAID6) · stripe_bytes u32 · sub_stripes u16 ·
//             first_stripe u32, one longer: chunk c has the stripes first_stripe[c] up to first_stripe[c + 1]
//   stripes/  devid u64 · physical u64
//   trees/    objectid u64 · root u32 (a block)                                     ascending objectid
//   blocks/   logical u64 · generation u64 · level u8 (0 = leaf) · first_pointer u32, one longer · and for reports,
//             may be missing: owner u64 · items u32 · free_bytes u32 · and where some are known (file_extents.h):
//             extents_known u8 · first_extent u32, one longer
//   pointers/ key_objectid u64 · key_type u8 · key_offset u64 · child u32 (a block) · child_generation u64
//   extents/  logical u64 · bytes u64                        file data, behind leaves in key order; may be missing
//
// Blocks stand in zone order: by stripe set (see core/volume.h), then by logical address. In Python:
//
//   import h5py
//   f = h5py.File("x.layout.h5")
//   logical, level = f["blocks/logical"][:], f["blocks/level"][:]
//   first, child = f["blocks/first_pointer"][:], f["pointers/child"][:]
//   for objectid, root in zip(f["trees/objectid"], f["trees/root"]):
//       print("tree", objectid, "root at", logical[root], "of level", level[root])
//       print("  its children lie at", logical[child[first[root]:first[root + 1]]])
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"
#include "models/layout/file_extents.h"

namespace headway {

// What reports say about blocks beyond what a simulation needs; by block, as in Forest, or all empty when not loaded.
struct BlockNotes {
  static constexpr std::uint64_t unknown_owner = 0;          // no tree has this object id
  static constexpr std::uint32_t unknown_count = UINT32_MAX;  // an image's leaves are not read

  std::vector<std::uint64_t> owner;       // object id of the tree that the block was written for
  std::vector<std::uint32_t> items;       // items of a leaf, pointers of a node
  std::vector<std::uint32_t> free_bytes;  // room left in it

  bool empty() const { return owner.empty(); }
};

struct Layout {
  Volume volume;
  Forest forest;
  BlockNotes notes;
  FileExtents extents{};
  std::string source;  // file names it was made from, for reports; no directories, so that files compare
  std::vector<std::string> left_out{};  // what its source has and it has not, and why: sentences for people, not saved
};

struct LoadOptions {
  // Where files' data lie: not loaded; as far as it costs nothing, which is what layout files, streams and texts say of
  // it; or of device images as well, whose leaves are read for it, tens to hundreds of times as many blocks.
  enum class Extents : std::uint8_t { none, at_hand, all };

  bool notes = true;                   // false saves 16 bytes a block
  Extents extents = Extents::at_hand;  // none saves 5 bytes a block and 16 an extent
  // Keep only these (object ids); all when empty. One that is not there: InputError.
  std::vector<std::uint64_t> trees{};
  // Called now and then with the share that is done, 0 to 1; on a terminal, a progress line.
  std::function<void(double)> progress{};
};

// Reads one file system in whatever form the content shows (forms.h has the table). Several files are several devices,
// or the trees of one file system dumped one by one.
//
// All invariants of check_and_index() hold afterwards. Throws InputError with the file and a line number (text), a byte
// offset (binary) or a column (layout file).
Layout load_layout(std::span<const std::filesystem::path> files, const LoadOptions& options = {});
Layout load_layout(const std::filesystem::path& file, const LoadOptions& options = {});

// Writes a layout file straight to `path`; who needs all or nothing writes beside and renames. Notes are written when
// there are any. Throws InputError when the file cannot be written.
void save_layout(const std::filesystem::path& path, const Layout& layout);

}  // namespace headway
