// Where the file data behind leaves lie: what a reader of whole files reads beside the tree.
//
// Of each leaf of a tree of files that was read, in key order, the bytes on disk of its regular extents: of one that is
// compressed all of it, of another the part that the file's item names. Holes, data inside the leaf and space that is
// only reserved (preallocated) are nothing to read. Extents of a leaf that follow each other on disk too, within a
// chunk, are one here. Addresses are logical.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"

namespace headway {

struct FileExtent {
  std::uint64_t logical = 0, bytes = 0;

  bool operator==(const FileExtent&) const = default;
};

struct FileExtents {
  // By block, as in Forest; empty when nothing is known of any leaf.
  std::vector<std::uint32_t> first;  // and one past the last block's: block b has the extents [first[b], first[b + 1])
  std::vector<std::uint8_t> known;   // 1: these are all it has; 0: not a leaf of files, or one that was not read

  // By extent.
  std::vector<std::uint64_t> logical, bytes;

  bool empty() const { return known.empty(); }
  std::size_t size() const { return logical.size(); }
  bool knows(BlockId leaf) const { return !empty() && known[leaf] == 1; }
  // Precondition: knows(leaf).
  std::uint64_t bytes_behind(BlockId leaf) const;
};

std::string extent_text(FileExtent extent);

// Appends an extent to those of the last leaf, which begin at `begin`; joins it to the last of them where that ends
// where it begins, in the same chunk.
void append_extent(FileExtents& extents, std::size_t begin, FileExtent extent, const Volume& volume);

// Why an extent is none: what was expected of it, whole sectors of one data chunk; nothing where it is one.
std::optional<std::string_view> extent_fault(const Volume& volume, FileExtent extent);

// What every user relies on: columns of fitting lengths, extents behind leaves that are known and no other blocks, each
// of them whole sectors of one data chunk. Throws InputError with `source` as its file and the leaf's address.
void check_file_extents(std::string_view source, const Volume& volume, const Forest& forest,
                        const FileExtents& extents);

}  // namespace headway
