// Reads tree blocks by their logical address: from the first copy that is intact, or rebuilt from parity.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/volume.h"
#include "models/layout/btrfs/image_set.h"

namespace headway {

class BlockReader {
 public:
  explicit BlockReader(const ImageSet& images) : images_(images), block_(images.super().node_bytes) {}

  void use(Volume volume) { volume_ = std::move(volume); }

  struct Found {
    disk::BlockHeader header;
    disk::Bytes bytes;       // until the next call
    std::uint16_t image = 0;  // where the first of its copies lies that could be tried, for messages
    std::uint64_t at = 0;
  };
  // The block at `logical`, checked. Throws InputError with the image and byte of a copy that was tried and what was
  // wrong with it, when no copy is intact, of `level`, and of `generation`.
  Found read(std::uint64_t logical, std::uint8_t level, std::uint64_t generation);

 private:
  struct Failure {
    std::string file, place, expected, found;
  };

  bool read_copy(std::uint64_t logical, std::size_t copy);
  bool read_piece(DeviceIndex device, std::uint64_t physical, std::span<std::byte> to);
  bool rebuild(std::uint64_t logical, bool by_q);
  bool rebuild_piece(const Chunk& chunk, std::uint64_t offset, std::span<std::byte> to, bool by_q);
  bool intact(std::uint64_t logical, std::uint8_t level, std::uint64_t generation, Found& found);
  void note(Failure failure);

  const ImageSet& images_;
  Volume volume_;
  std::vector<std::byte> block_;
  std::uint64_t devid_ = 0;     // of the piece last read, for messages
  std::uint64_t physical_ = 0;
  std::optional<Failure> failure_;  // the first of this read
};

}  // namespace headway
