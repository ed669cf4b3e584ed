#include "sim/workloads/scrub_stretches.h"

#include "sim/workloads/data_extents.h"
#include "sim/workloads/scrub_contents.h"

namespace headway {

namespace {

void append(std::vector<ByteStretch>& all, std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) return;
  if (!all.empty() && all.back().end == begin)
    all.back().end = end;
  else
    all.push_back({begin, end});
}

// Row by row, as the thread of the device goes over them.
void append_extent(const DataExtent& extent, const Chunk& chunk, const ChunkContents& contents,
                   std::vector<ByteStretch>& all) {
  const std::uint64_t data = Volume::data_stripes_of(chunk), unit = chunk.stripe_bytes;
  ContentsCursor cursor(contents);
  for (std::uint64_t row = 0; row * unit < extent.bytes; ++row) {
    const std::uint32_t place = Volume::place_in_row(chunk, extent.stripe, row);
    const std::uint64_t at = extent.physical + row * unit;
    if (place >= data) {
      if (cursor.any_in(row * data * unit, (row + 1) * data * unit))
        append(all, at, extent.physical + std::min((row + 1) * unit, extent.bytes));
      continue;
    }
    const std::uint64_t first = (row * data + place) * unit, end = std::min(chunk.bytes, first + unit);
    for (ByteRun run = cursor.first_in(first, end); run.begin < run.end; run = cursor.first_in(run.end, end))
      append(all, at + (run.begin - first), at + (run.end - first));
  }
}

}  // namespace

std::vector<std::vector<ByteStretch>> scrub_stretches(const ScrubSpec& spec, const Volume& volume,
                                                      const Forest& forest) {
  const std::uint8_t uses = spec.named ? UINT8_MAX : static_cast<std::uint8_t>(Chunk::data);
  const std::vector<ChunkContents> contents = chunk_contents(volume, forest);
  std::vector<std::vector<ByteStretch>> all(volume.devices().size());
  for (DeviceIndex device = 0; device < all.size(); ++device) {
    if (!names_device(spec.devices, volume, device)) continue;
    for (const DataExtent& extent : device_extents(volume, device, uses))
      append_extent(extent, volume.chunks()[extent.chunk], contents[extent.chunk], all[device]);
  }
  return all;
}

}  // namespace headway
