// Which copies of wanted blocks each device has, device by device: of a large layout those of one are held at a time.
#pragma once

#include <span>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"
#include "models/drive/bound/drive_needs.h"

namespace headway {

class DeviceCopies {
 public:
  // `wanted` ascends.
  DeviceCopies(const Volume& volume, const Forest& forest, std::span<const BlockId> wanted);

  // The most copies that any block has. Slot c of wanted block i is i * copies_each() + c.
  std::size_t copies_each() const { return copies_each_; }

  struct Copies {
    std::vector<WantedCopy> copies;    // by address
    std::vector<std::uint32_t> slots;  // whose each is
  };
  Copies on(DeviceIndex device) const;

 private:
  // The blocks of a stripe set on one of its devices.
  struct Part {
    std::uint64_t begin_byte = 0, end_byte = 0;  // from the first block to the end of the last, wanted or not
    std::uint32_t stripe_set = 0;
    std::uint32_t chunk = 0;
    std::uint8_t copy = 0;
    BlockId first = 0;                                // of the set
    std::uint32_t wanted_begin = 0, wanted_end = 0;  // in wanted_
  };

  void add_set(BlockId first, BlockId end, std::uint32_t wanted_begin, std::uint32_t wanted_end);

  const Volume& volume_;
  const Forest& forest_;
  std::span<const BlockId> wanted_;
  std::size_t copies_each_ = 1;
  std::vector<std::vector<Part>> parts_;  // by device, by address
};

}  // namespace headway
