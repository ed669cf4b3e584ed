// What the layout tests share: a small file system as text.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"
#include "models/layout/btrfs/dump_text.h"
#include "models/layout/layout.h"

namespace headway::layout_test {

using testing::bytes_of;
using testing::contains;
using testing::error_of;
using testing::source_directory;
using testing::TemporaryDirectory;
using testing::write_bytes;

inline std::filesystem::path captures() { return source_directory() / "scenarios/captures"; }
inline std::filesystem::path samples() { return source_directory() / "models/layout/testdata"; }

// A file's bytes, unpacked where it is compressed.
inline std::string unpacked(const std::filesystem::path& path) {
  const auto source = open_bytes(path);
  std::string all, part(1 << 20, '\0');
  for (;;) {
    const std::size_t got = source->read(std::as_writable_bytes(std::span(part)));
    all.append(part, 0, got);
    if (got < part.size()) return all;
  }
}

inline Layout read_text(std::string_view text, const LoadOptions& options = {}) {
  DumpText dump{"dump.txt", open_bytes(std::as_bytes(std::span(text)), "dump.txt")};
  return read_dump_texts(std::span(&dump, 1), options);
}

inline void check_same(const Layout& a, const Layout& b) {
  CHECK(a.forest.node_bytes == b.forest.node_bytes);
  CHECK(a.forest.logical == b.forest.logical);
  CHECK(a.forest.generation == b.forest.generation);
  CHECK(a.forest.level == b.forest.level);
  CHECK(a.forest.first_pointer == b.forest.first_pointer);
  CHECK(a.forest.key_objectid == b.forest.key_objectid);
  CHECK(a.forest.key_type == b.forest.key_type);
  CHECK(a.forest.key_offset == b.forest.key_offset);
  CHECK(a.forest.child == b.forest.child);
  CHECK(a.forest.child_generation == b.forest.child_generation);
  REQUIRE(a.forest.trees.size() == b.forest.trees.size());
  for (std::size_t i = 0; i < a.forest.trees.size(); ++i) {
    CHECK(a.forest.trees[i].objectid == b.forest.trees[i].objectid);
    CHECK(a.forest.trees[i].root == b.forest.trees[i].root);
  }
  REQUIRE(a.volume.devices().size() == b.volume.devices().size());
  for (std::size_t i = 0; i < a.volume.devices().size(); ++i) {
    CHECK(a.volume.devices()[i].devid == b.volume.devices()[i].devid);
    CHECK(a.volume.devices()[i].bytes == b.volume.devices()[i].bytes);
  }
  REQUIRE(a.volume.chunks().size() == b.volume.chunks().size());
  for (std::size_t i = 0; i < a.volume.chunks().size(); ++i) {
    const auto& one = a.volume.chunks()[i];
    const auto& other = b.volume.chunks()[i];
    CHECK(one.logical == other.logical);
    CHECK(one.bytes == other.bytes);
    CHECK(one.use == other.use);
    CHECK(one.profile == other.profile);
    CHECK(one.stripe_bytes == other.stripe_bytes);
    CHECK(one.sub_stripes == other.sub_stripes);
    REQUIRE(one.stripes.size() == other.stripes.size());
    for (std::size_t s = 0; s < one.stripes.size(); ++s) {
      CHECK(one.stripes[s].device == other.stripes[s].device);
      CHECK(one.stripes[s].physical == other.stripes[s].physical);
    }
  }
}

inline void check_same_notes(const Layout& a, const Layout& b) {
  CHECK(a.notes.owner == b.notes.owner);
  CHECK(a.notes.items == b.notes.items);
  CHECK(a.notes.free_bytes == b.notes.free_bytes);
}

inline void check_same_extents(const Layout& a, const Layout& b) {
  CHECK(a.extents.first == b.extents.first);
  CHECK(a.extents.known == b.extents.known);
  CHECK(a.extents.logical == b.extents.logical);
  CHECK(a.extents.bytes == b.extents.bytes);
}

// A small file system: 2 devices, RAID1, nodes of 4 KiB, a tree of three levels, another of a leaf.
inline std::string small_dump() {
  return "btrfs-progs v6.2\n"
         "chunk tree\n"
         "leaf 1048576 items 3 free space 3400 generation 5 owner CHUNK_TREE\n"
         "leaf 1048576 flags 0x1(WRITTEN) backref revision 1\n"
         "\titem 0 key (DEV_ITEMS DEV_ITEM 1) itemoff 3897 itemsize 98\n"
         "\t\tdevid 1 total_bytes 1073741824 bytes_used 16777216\n"
         "\titem 1 key (DEV_ITEMS DEV_ITEM 2) itemoff 3799 itemsize 98\n"
         "\t\tdevid 2 total_bytes 2147483648 bytes_used 16777216\n"
         "\titem 2 key (FIRST_CHUNK_TREE CHUNK_ITEM 1048576) itemoff 3687 itemsize 112\n"
         "\t\tlength 16777216 owner 2 stripe_len 65536 type SYSTEM|METADATA|RAID1\n"
         "\t\tio_align 65536 io_width 65536 sector_size 4096\n"
         "\t\tnum_stripes 2 sub_stripes 1\n"
         "\t\t\tstripe 0 devid 2 offset 2097152\n"
         "\t\t\tdev_uuid cc0e8b4e-0b44-4fb4-ba33-34326bb1256a\n"
         "\t\t\tstripe 1 devid 1 offset 4194304\n"
         "root tree\n"
         "leaf 1052672 items 2 free space 2900 generation 9 owner ROOT_TREE\n"
         "\titem 0 key (EXTENT_TREE ROOT_ITEM 0) itemoff 3556 itemsize 439\n"
         "\t\tgeneration 8 root_dirid 0 bytenr 1056768 byte_limit 0 bytes_used 4096\n"
         "\t\tdrop_progress key (0 UNKNOWN.0 0) drop_level 0\n"
         "\t\tlevel 0 generation_v2 8\n"
         "\titem 1 key (FS_TREE ROOT_ITEM 0) itemoff 3117 itemsize 439\n"
         "\t\tgeneration 9 root_dirid 256 bytenr 1060864 byte_limit 0 bytes_used 4096\n"
         "\t\tlevel 2 generation_v2 9\n"
         "fs tree key (FS_TREE ROOT_ITEM 0) \n"
         "node 1060864 level 2 items 2 free space 119 generation 9 owner FS_TREE\n"
         "\tkey (256 INODE_ITEM 0) block 1064960 gen 9\n"
         "\tkey (512 EXTENT_DATA 4096) block 1069056 gen 7\n"
         "node 1064960 level 1 items 2 free space 119 generation 9 owner FS_TREE\n"
         "\tkey (256 INODE_ITEM 0) block 1077248 gen 6\n"
         "\tkey (300 INODE_ITEM 0) block 1073152 gen 9\n"
         "node 1069056 level 1 items 1 free space 120 generation 7 owner FS_TREE\n"
         "\tkey (512 EXTENT_DATA 4096) block 1081344 gen 7\n"
         "leaf 1077248 items 10 free space 1000 generation 6 owner FS_TREE\n"
         "leaf 1073152 items 20 free space 500 generation 8 owner FS_TREE\n"
         "total bytes 3221225472\n";
}

// `text` with the first `part` replaced.
inline std::string replaced(std::string text, std::string_view part, std::string_view by) {
  const auto at = text.find(part);
  REQUIRE(at != text.npos);
  return text.replace(at, part.size(), by);
}

// An item of a regular extent of file `inode`, as dump-tree prints it.
inline std::string file_extent(int number, const std::string& key, const std::string& disk, const std::string& part,
                               const std::string& compression = "0 (none)") {
  return fmt::format("\titem {} key ({}) itemoff 3942 itemsize 53\n\t\tgeneration 6 type 1 (regular)\n"
                     "\t\textent data disk byte {}\n\t\textent data offset {}\n\t\textent compression {}\n",
                     number, key, disk, part, compression);
}

// The same with two chunks of 1 MiB of data on device 1, at 33554432 and right behind it, and with items in the leaves
// of the tree of files. Behind them lie, in key order: 8192 bytes at 33558528 (two files'), 4096 at 33570816 (compressed),
// 4096 at 34598912, 8192 at 34603008 (the other chunk); nothing; 4096 at 33619968.
inline std::string files_dump() {
  std::string text = replaced(small_dump(), "leaf 1048576 items 3", "leaf 1048576 items 5");
  std::string chunks;
  for (const int i : {0, 1})
    chunks += fmt::format("\titem {} key (FIRST_CHUNK_TREE CHUNK_ITEM {}) itemoff 3600 itemsize 80\n"
                          "\t\tlength 1048576 owner 2 stripe_len 65536 type DATA|single\n"
                          "\t\tnum_stripes 1 sub_stripes 1\n\t\t\tstripe 0 devid 1 offset {}\n",
                          3 + i, 33554432 + i * 1048576, 67108864 + i * 1048576);
  text = replaced(text, "root tree\n", chunks + "root tree\n");
  text = replaced(text, "leaf 1077248 items 10 free space 1000 generation 6 owner FS_TREE\n",
                  "leaf 1077248 items 9 free space 1000 generation 6 owner FS_TREE\n"
                  "\titem 0 key (256 INODE_ITEM 0) itemoff 3811 itemsize 160\n"
                  "\titem 1 key (257 EXTENT_DATA 0) itemoff 3700 itemsize 30\n\t\tgeneration 6 type 0 (inline)\n"
                  "\t\tinline extent data size 9 ram_bytes 9 compression 0 (none)\n" +
                      file_extent(2, "258 EXTENT_DATA 0", "33554432 nr 8192", "4096 nr 4096 ram 8192") +
                      file_extent(3, "259 EXTENT_DATA 0", "33562624 nr 4096", "0 nr 4096 ram 4096") +
                      file_extent(4, "260 EXTENT_DATA 0", "0 nr 0", "0 nr 65536 ram 65536") +
                      "\titem 5 key (261 EXTENT_DATA 0) itemoff 3000 itemsize 53\n\t\tgeneration 6 type 2 (prealloc)\n"
                      "\t\tprealloc data disk byte 33566720 nr 4096\n\t\tprealloc data offset 0 nr 4096\n" +
                      file_extent(6, "262 EXTENT_DATA 0", "33570816 nr 4096", "8192 nr 16384 ram 131072", "2 (lzo)") +
                      file_extent(7, "263 EXTENT_DATA 0", "34598912 nr 4096", "0 nr 4096 ram 4096") +
                      file_extent(8, "264 EXTENT_DATA 0", "34603008 nr 8192", "0 nr 8192 ram 8192"));
  return replaced(text, "leaf 1073152 items 20 free space 500 generation 8 owner FS_TREE\n",
                  "leaf 1073152 items 1 free space 500 generation 8 owner FS_TREE\n"
                  "\titem 0 key (300 INODE_ITEM 0) itemoff 3811 itemsize 160\n"
                  "leaf 1081344 items 1 free space 3900 generation 7 owner FS_TREE\n" +
                      file_extent(0, "512 EXTENT_DATA 4096", "33619968 nr 4096", "0 nr 4096 ram 4096"));
}

}  // namespace headway::layout_test
