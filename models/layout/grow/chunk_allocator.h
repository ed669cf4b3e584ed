// Hands out chunks of a growing file system as btrfs does: on the devices with most free space, as wide as the profile
// allows (Linux fs/btrfs/volumes.c, btrfs_create_chunk).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/volume.h"

namespace headway {

class ChunkAllocator {
 public:
  explicit ChunkAllocator(const std::vector<std::uint64_t>& device_bytes);

  // A new chunk behind all others in the address space: of `bytes`, or of what the kernel chooses when 0; smaller when
  // the devices have no more. Its place in chunks(); nothing when they are full or too few for the profile.
  std::optional<std::size_t> allocate(Profile profile, Chunk::Use use, std::uint64_t bytes);

  // How many devices a chunk of the profile needs.
  static std::size_t devices_min(Profile profile);

  const std::vector<Chunk>& chunks() const { return chunks_; }
  std::vector<Device> devices() const;

 private:
  struct Room {
    std::uint64_t bytes = 0;
    std::uint64_t used = 0;  // from the front: nothing is ever given back
  };
  std::uint64_t stripe_bytes_max(Chunk::Use use) const;

  std::vector<Room> devices_;
  std::vector<Chunk> chunks_;
  std::uint64_t next_logical_ = 0;
};

}  // namespace headway
