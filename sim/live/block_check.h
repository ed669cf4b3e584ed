// Whether what a device has read is what the layout says stands there, as the kernel checks each tree block that it
// reads (Linux fs/btrfs/disk-io.c, validate_extent_buffer and verify_parent_transid): address, file system, checksum,
// generation. File data are not checked: their checksums lie in a tree of which a layout knows the nodes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/read.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/layout.h"

namespace headway {

class BlockCheck {
 public:
  // Both outlive it.
  BlockCheck(const disk::Superblock& super, const Layout& layout)
      : super_(super), volume_(layout.volume), forest_(layout.forest) {}

  // 0, or what the kernel makes of it: EUCLEAN for another checksum, EIO for another address, file system or
  // generation, after which it tries another copy. `bytes` are the read's.
  int error_of(const Read& read, std::span<const std::byte> bytes);

  // Of one device: how many blocks were not what they should be, and what was wrong with the first.
  struct Wrong {
    std::uint64_t blocks = 0;
    std::string first;
  };
  Wrong wrong_on(DeviceIndex device) const { return device < wrong_.size() ? wrong_[device] : Wrong(); }

 private:
  std::size_t place_in(const Read& read, BlockId block) const;
  int error_of_block(BlockId block, std::span<const std::byte> bytes, std::string& what) const;

  const disk::Superblock& super_;
  const Volume& volume_;
  const Forest& forest_;
  std::vector<Wrong> wrong_;  // by device
};

}  // namespace headway
