#include "sim/workloads/file_stretches.h"

#include <algorithm>

namespace headway {

namespace {

void append_first_copy(const Volume& volume, FileExtent extent, std::vector<std::vector<ByteStretch>>& all) {
  while (extent.bytes > 0) {
    const Mapping at = volume.map(extent.logical);
    const std::uint64_t part = std::min(extent.bytes, at.bytes_left);
    all[at.copy[0].device].push_back({at.copy[0].physical, at.copy[0].physical + part});
    extent.logical += part;
    extent.bytes -= part;
  }
}

// Of stretches that ascend by where they begin.
void join(std::vector<ByteStretch>& stretches) {
  std::vector<ByteStretch> joined;
  for (const ByteStretch& next : stretches) {
    if (!joined.empty() && next.begin <= joined.back().end)
      joined.back().end = std::max(joined.back().end, next.end);
    else
      joined.push_back(next);
  }
  stretches = std::move(joined);
}

}  // namespace

std::vector<std::vector<ByteStretch>> file_stretches(const Volume& volume, const std::vector<FileExtent>& extents) {
  std::vector<std::vector<ByteStretch>> all(volume.devices().size());
  for (const FileExtent& extent : extents) append_first_copy(volume, extent, all);
  for (auto& stretches : all) {
    std::ranges::sort(stretches, {}, &ByteStretch::begin);
    join(stretches);
  }
  return all;
}

}  // namespace headway
