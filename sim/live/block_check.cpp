#include "sim/live/block_check.h"

#include <fmt/format.h>

#include <cerrno>

namespace headway {

int BlockCheck::error_of(const Read& read, std::span<const std::byte> bytes) {
  int error = 0;
  for (std::uint32_t i = 0; i < read.blocks; ++i) {
    std::string what;
    const std::size_t at = place_in(read, read.block + i);
    const int one = error_of_block(read.block + i, bytes.subspan(at, forest_.node_bytes), what);
    if (one == 0) continue;
    if (error == 0) error = one;
    if (wrong_.size() <= read.device) wrong_.resize(read.device + std::size_t{1});
    Wrong& wrong = wrong_[read.device];
    if (wrong.blocks++ == 0) wrong.first = fmt::format("at byte {} {}", read.physical + at, what);
  }
  return error;
}

// Of several blocks in one read some may have gaps between them.
std::size_t BlockCheck::place_in(const Read& read, BlockId block) const {
  if (block == read.block) return 0;
  return volume_.map(forest_.logical[block]).copy[read.mirror - 1].physical - read.physical;
}

int BlockCheck::error_of_block(BlockId block, std::span<const std::byte> bytes, std::string& what) const {
  try {
    const disk::BlockHeader header = disk::check_block(bytes, super_, forest_.logical[block]);
    if (header.generation == forest_.generation[block]) return 0;
    what = fmt::format("generation {}, not {}", header.generation, forest_.generation[block]);
    return EIO;
  } catch (const disk::Malformed& malformed) {
    what = fmt::format("{}, not {}", malformed.found, malformed.expected);
    constexpr std::size_t checksum_at = 0;
    return malformed.offset == checksum_at ? EUCLEAN : EIO;
  }
}

}  // namespace headway
