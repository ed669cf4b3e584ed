// Devices and chunks as readers of dumps, images and streams collect them, by devid, until a volume can be made.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/volume.h"

namespace headway {

struct ChunkItem {
  std::uint64_t logical = 0;
  std::uint64_t bytes = 0;
  std::uint64_t type = 0;  // BTRFS_BLOCK_GROUP_* bits: use and profile
  std::uint64_t stripe_bytes = 65536;
  std::uint16_t sub_stripes = 0;  // 0: as the profile has it
  struct ItemStripe {
    std::uint64_t devid = 0;
    std::uint64_t physical = 0;
    friend bool operator==(const ItemStripe&, const ItemStripe&) = default;
  };
  std::vector<ItemStripe> stripes;
  friend bool operator==(const ChunkItem&, const ChunkItem&) = default;
};

class VolumeParts {
 public:
  // Bits of BTRFS_BLOCK_GROUP_*.
  static constexpr std::uint64_t raid0 = 1 << 3, raid1 = 1 << 4, dup = 1 << 5, raid10 = 1 << 6, raid5 = 1 << 7,
                                 raid6 = 1 << 8, raid1c3 = 1 << 9, raid1c4 = 1 << 10;

  // Size 0: not known, ends with its last chunk. The first known size counts.
  void add_device(std::uint64_t devid, std::uint64_t bytes);
  // False when another chunk was added at the same address.
  bool add_chunk(const ChunkItem& chunk);

  const std::map<std::uint64_t, ChunkItem>& chunks() const { return chunks_; }
  bool empty() const { return chunks_.empty(); }

  // Throws InputError, with `source` as its file and the chunk as the place, for what Volume refuses, for a profile that
  // is unknown, and for stripes on a device that was not added.
  Volume make(std::string_view source) const;

 private:
  std::map<std::uint64_t, std::uint64_t> devices_;  // devid -> bytes
  std::map<std::uint64_t, ChunkItem> chunks_;       // by address
};

}  // namespace headway
