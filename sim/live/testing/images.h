// For tests: image files of a file system that is nothing but a layout's tree blocks, each with a sound header and
// checksum on all its copies, and superblocks that say whose they are. Sparse; what lies between is zeros.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/layout.h"

namespace headway::testing {

inline void put(std::vector<std::byte>& block, std::size_t at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) block[at + i] = static_cast<std::byte>(value >> 8 * i);
}

// Offsets are those of btrfs's on-disk format (disk_format.cpp reads them).
inline std::vector<std::byte> superblock_of(const Layout& layout, const Device& device) {
  std::vector<std::byte> block(disk::superblock_bytes);
  std::memcpy(&block[0x20], "headway test fs!", 16);
  put(block, 0x30, disk::superblock_at[0], 8);
  std::memcpy(&block[0x40], "_BHRfS_M", 8);
  const auto root_tree = layout.forest.find_tree(btrfs::root_tree);
  const BlockId root = root_tree ? layout.forest.trees[*root_tree].root : 0;
  put(block, 0x48, layout.forest.generation[root], 8);
  put(block, 0x50, layout.forest.logical[root], 8);
  put(block, 0x88, layout.volume.devices().size(), 8);
  put(block, 0x94, layout.forest.node_bytes, 4);
  put(block, 0xc9, device.devid, 8);
  put(block, 0xd1, device.bytes, 8);
  put(block, 0x10b, device.devid, 8);  // part of its own id
  set_checksum(ChecksumType::crc32c, block);
  return block;
}

inline std::vector<std::byte> block_of(const Layout& layout, BlockId id) {
  std::vector<std::byte> block(layout.forest.node_bytes);
  std::memcpy(&block[0x20], "headway test fs!", 16);
  put(block, 0x30, layout.forest.logical[id], 8);
  put(block, 0x50, layout.forest.generation[id], 8);
  block[0x64] = static_cast<std::byte>(layout.forest.level[id]);
  set_checksum(ChecksumType::crc32c, block);
  return block;
}

inline void overwrite(std::fstream& image, std::uint64_t at, const std::vector<std::byte>& bytes) {
  image.seekp(static_cast<std::streamoff>(at));
  image.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// In the order of devids: DIRECTORY/DEVID.img.
inline std::vector<std::filesystem::path> write_images(const Layout& layout, const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  std::vector<std::fstream> images;
  for (const Device& device : layout.volume.devices()) {
    paths.push_back(directory / fmt::format("{}.img", device.devid));
    std::ofstream(paths.back()).close();
    std::filesystem::resize_file(paths.back(), device.bytes);
    images.emplace_back(paths.back(), std::ios::binary | std::ios::in | std::ios::out);
    overwrite(images.back(), disk::superblock_at[0], superblock_of(layout, device));
  }
  for (BlockId id = 0; id < layout.forest.blocks(); ++id) {
    const Mapping mapping = layout.volume.map(layout.forest.logical[id]);
    for (std::uint8_t copy = 0; copy < mapping.copies; ++copy)
      overwrite(images[mapping.copy[copy].device], mapping.copy[copy].physical, block_of(layout, id));
  }
  return paths;
}

}  // namespace headway::testing
