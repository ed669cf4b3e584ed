// The volume: devices, chunks and their profiles, and where each copy of a logical address lies.
//
// The rules are those of btrfs's chunk map (Linux fs/btrfs/volumes.c, __btrfs_map_block). Addresses are bytes.
// Simplification: RAID5 and RAID6 are read from the data stripe only; reconstruction from parity is not modelled, so a
// block whose device is gone cannot be read there.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headway {

enum class Profile : std::uint8_t { single, dup, raid0, raid1, raid1c3, raid1c4, raid10, raid5, raid6 };

// btrfs's own spelling ("single", "DUP", "RAID10").
std::string_view to_string(Profile profile);

struct Device {
  std::uint64_t devid = 0;
  std::uint64_t bytes = 0;
};

using DeviceIndex = std::uint16_t;  // place in Volume::devices(), which is sorted by devid

struct Stripe {
  DeviceIndex device = 0;
  std::uint64_t physical = 0;  // where the stripe begins on its device
};

struct Chunk {
  enum Use : std::uint8_t { data = 1, system = 2, metadata = 4 };  // bits, as in BTRFS_BLOCK_GROUP_*

  std::uint64_t logical = 0;
  std::uint64_t bytes = 0;
  std::uint8_t use = metadata;
  Profile profile = Profile::single;
  std::uint32_t stripe_bytes = 65536;
  std::uint16_t sub_stripes = 1;
  std::vector<Stripe> stripes;
};

inline constexpr int max_copies = 4;  // RAID1C4

struct Copy {
  DeviceIndex device = 0;
  std::uint64_t physical = 0;
};

// Every copy of one logical address. Copy i is btrfs's mirror number i + 1.
struct Mapping {
  std::uint32_t chunk = 0;       // place in Volume::chunks()
  std::uint32_t stripe_set = 0;  // see Volume::stripe_set_count()
  std::uint64_t bytes_left = 0;  // how far the mapping goes on in one piece: to the end of the stripe or chunk
  std::uint8_t copies = 0;
  std::array<Copy, max_copies> copy{};
};

class Volume {
 public:
  Volume() = default;

  // Devices and chunks in any order; they are sorted by devid and by logical address (stripes then refer to devices by
  // their place in `devices` as given). Throws InputError, with `source` as its file, when devids repeat, chunks
  // overlap or are empty, a profile's number of stripes cannot be, a chunk uses a device twice (other than DUP), or a
  // stripe ends past its device.
  Volume(std::string_view source, std::vector<Device> devices, std::vector<Chunk> chunks);

  std::span<const Device> devices() const { return devices_; }
  std::span<const Chunk> chunks() const { return chunks_; }

  // The place of the chunk that holds `logical`, or -1.
  std::int64_t find_chunk(std::uint64_t logical) const;

  // Precondition: some chunk holds `logical` (find_chunk() >= 0).
  Mapping map(std::uint64_t logical) const { return map_in(static_cast<std::uint32_t>(find_chunk(logical)), logical); }
  // The same without the search, for callers that know the chunk.
  Mapping map_in(std::uint32_t chunk, std::uint64_t logical) const;

  // Of one copy (mirror number - 1) alone where that lies, for callers that know the address's stripe set too.
  std::uint64_t physical_in(std::uint32_t chunk, std::uint32_t stripe_set, std::uint8_t copy,
                            std::uint64_t logical) const;

  // A stripe set is one group of devices, within one chunk, that hold the same blocks: the whole chunk for single, DUP
  // and RAID1*, one device for RAID0/5/6, one pair for RAID10. Sets are numbered over all chunks in address order; a
  // device belongs to at most one set of a chunk.
  std::uint32_t stripe_set_count() const { return first_set_.empty() ? 0 : first_set_.back(); }
  std::uint32_t chunk_of_set(std::uint32_t stripe_set) const;
  // The devices that hold the set's copies, in the order of mirror numbers (for DUP the same device twice).
  std::vector<DeviceIndex> devices_of_set(std::uint32_t stripe_set) const;

  // How many stripe sets the chunk has.
  static std::uint32_t sets_of(const Chunk& chunk);
  static int copies_of(Profile profile);

  // Striped profiles (RAID0, RAID10, RAID5, RAID6) cut a chunk into rows, one stripe of stripe_bytes on each device;
  // parity rotates by a device a row. The others are one stripe wide, and have rows all the same.
  static int parity_of(Profile profile);                        // parity stripes of a row: 1 for RAID5, 2 for RAID6
  static std::uint32_t data_stripes_of(const Chunk& chunk);     // of a row
  // Which stripe of its row the chunk's `stripe`-th device holds: a data stripe, or one of the parities behind them
  // (data_stripes_of() is P, one more Q).
  static std::uint32_t place_in_row(const Chunk& chunk, std::size_t stripe, std::uint64_t row);
  // The other way round, for parity profiles: the device's place in Chunk::stripes that holds it.
  static std::size_t stripe_in_row(const Chunk& chunk, std::uint32_t place, std::uint64_t row) {
    return (place + row) % chunk.stripes.size();
  }

 private:
  std::vector<Device> devices_;
  std::vector<Chunk> chunks_;
  std::vector<std::uint32_t> first_set_;  // by chunk, and one past the last
};

}  // namespace headway
