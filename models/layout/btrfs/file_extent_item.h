// A regular extent of a file as its item says it (struct btrfs_file_extent_item), and what reading the file reads of
// it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "models/layout/file_extents.h"

namespace headway::btrfs {

struct FileExtentItem {
  std::uint64_t disk_at = 0, disk_bytes = 0;  // of the whole extent, of which the file may use a part
  std::uint64_t offset = 0, bytes = 0;        // of the file's part, unpacked where it is compressed
  bool compressed = false;

  bool is_hole() const { return disk_at == 0; }
  // Precondition of read().
  bool fits() const {
    return bytes > 0 && disk_bytes > 0 && disk_bytes <= UINT64_MAX - disk_at &&
           (compressed || (offset <= disk_bytes && bytes <= disk_bytes - offset));
  }
  // Linux unpacks a compressed extent from its begin on, whatever part of it is wanted (fs/btrfs/compression.c).
  FileExtent read() const {
    return compressed ? FileExtent{disk_at, disk_bytes} : FileExtent{disk_at + offset, bytes};
  }

  static constexpr std::string_view expected = "a part of a file within the extent that holds it";
  std::string text() const {
    return fmt::format("{} bytes from {} on of {} at {}", bytes, offset, disk_bytes, disk_at);
  }
};

}  // namespace headway::btrfs
