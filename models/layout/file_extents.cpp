#include "models/layout/file_extents.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace headway {

std::uint64_t FileExtents::bytes_behind(BlockId leaf) const {
  std::uint64_t sum = 0;
  for (std::uint32_t i = first[leaf]; i < first[leaf + 1]; ++i) sum += bytes[i];
  return sum;
}

void append_extent(FileExtents& extents, std::size_t begin, FileExtent extent, const Volume& volume) {
  const bool follows = extents.size() > begin && extents.logical.back() + extents.bytes.back() == extent.logical;
  if (follows && volume.find_chunk(extents.logical.back()) == volume.find_chunk(extent.logical)) {
    extents.bytes.back() += extent.bytes;
    return;
  }
  extents.logical.push_back(extent.logical);
  extents.bytes.push_back(extent.bytes);
}

void check_file_extents(std::string_view source, const Volume& volume, const Forest& forest,
                        const FileExtents& extents) {
  constexpr std::uint64_t sector_bytes = 512;
  if (extents.empty()) return;
  const std::size_t blocks = forest.blocks();
  if (extents.known.size() != blocks || extents.first.size() != blocks + 1 ||
      extents.bytes.size() != extents.size() || extents.first.front() != 0 || extents.first.back() != extents.size() ||
      !std::is_sorted(extents.first.begin(), extents.first.end()))
    throw InputError(source, "extents", "first_extent rising from 0 to the number of extents", "another order");
  for (BlockId block = 0; block < blocks; ++block) {
    const auto fail = [&](std::string_view expected, const std::string& found) {
      throw InputError(source, fmt::format("file data behind the block at {}", forest.logical[block]), expected, found);
    };
    if (extents.known[block] > 1) fail("0 or 1 in extents_known", fmt::format("{}", extents.known[block]));
    const bool some = extents.first[block] < extents.first[block + 1];
    if ((some || extents.known[block] == 1) && forest.level[block] > 0) fail("none behind a node", "some");
    if (some && extents.known[block] == 0) fail("none where it is not known", "some");
    for (std::uint32_t i = extents.first[block]; i < extents.first[block + 1]; ++i) {
      const std::uint64_t logical = extents.logical[i], bytes = extents.bytes[i];
      const std::string found = fmt::format("{} bytes at {}", bytes, logical);
      if (bytes == 0 || logical % sector_bytes != 0 || bytes % sector_bytes != 0) fail("whole sectors", found);
      const std::int64_t at = volume.find_chunk(logical);
      if (at < 0) fail("a chunk that holds them", found);
      const Chunk& chunk = volume.chunks()[static_cast<std::size_t>(at)];
      if (!(chunk.use & Chunk::data)) fail("a chunk of data", found);
      if (bytes > chunk.bytes - (logical - chunk.logical)) fail("a chunk that holds all of them", found);
    }
  }
}

}  // namespace headway
