#include "sim/workloads/data_extents.h"

#include <algorithm>

namespace headway {

bool names_device(const std::vector<std::uint64_t>& devids, const Volume& volume, DeviceIndex device) {
  return devids.empty() || std::ranges::find(devids, volume.devices()[device].devid) != devids.end();
}

std::vector<DataExtent> data_extents(const Volume& volume, DeviceIndex device) {
  std::vector<DataExtent> extents;
  for (std::uint32_t i = 0; i < volume.chunks().size(); ++i) {
    const Chunk& chunk = volume.chunks()[i];
    if (!(chunk.use & Chunk::data)) continue;
    for (const Stripe& stripe : chunk.stripes) {
      if (stripe.device == device) extents.push_back({i, stripe.physical, chunk.bytes / Volume::sets_of(chunk)});
    }
  }
  std::sort(extents.begin(), extents.end(),
            [](const DataExtent& a, const DataExtent& b) { return a.physical < b.physical; });
  return extents;
}

std::uint64_t data_bytes(const Volume& volume, const std::vector<std::uint64_t>& devids) {
  std::uint64_t bytes = 0;
  for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
    if (!names_device(devids, volume, device)) continue;
    for (const auto& extent : data_extents(volume, device)) bytes += extent.bytes;
  }
  return bytes;
}

}  // namespace headway
