#include "models/layout/file_extents.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace headway {

std::string extent_text(FileExtent extent) { return fmt::format("{} bytes at {}", extent.bytes, extent.logical); }

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

std::optional<std::string_view> extent_fault(const Volume& volume, FileExtent extent) {
  constexpr std::uint64_t sector_bytes = 512;
  if (extent.bytes == 0 || extent.logical % sector_bytes != 0 || extent.bytes % sector_bytes != 0)
    return "whole sectors";
  const std::int64_t at = volume.find_chunk(extent.logical);
  if (at < 0) return "a chunk that holds them";
  const Chunk& chunk = volume.chunks()[static_cast<std::size_t>(at)];
  if (!(chunk.use & Chunk::data)) return "a chunk of data";
  if (extent.bytes > chunk.bytes - (extent.logical - chunk.logical)) return "a chunk that holds all of them";
  return {};
}

void check_file_extents(std::string_view source, const Volume& volume, const Forest& forest,
                        const FileExtents& extents) {
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
      const FileExtent extent{extents.logical[i], extents.bytes[i]};
      if (const auto expected = extent_fault(volume, extent)) fail(*expected, extent_text(extent));
    }
  }
}

}  // namespace headway
