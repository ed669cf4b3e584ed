#include "sim/workloads/data_extents.h"

#include <algorithm>

namespace headway {

bool names_device(const std::vector<std::uint64_t>& devids, const Volume& volume, DeviceIndex device) {
  return devids.empty() || std::ranges::find(devids, volume.devices()[device].devid) != devids.end();
}

std::vector<DataExtent> device_extents(const Volume& volume, DeviceIndex device, std::uint8_t uses) {
  std::vector<DataExtent> extents;
  for (std::uint32_t i = 0; i < volume.chunks().size(); ++i) {
    const Chunk& chunk = volume.chunks()[i];
    if (!(chunk.use & uses)) continue;
    for (std::uint32_t stripe = 0; stripe < chunk.stripes.size(); ++stripe) {
      if (chunk.stripes[stripe].device != device) continue;
      extents.push_back({i, stripe, chunk.stripes[stripe].physical, chunk.bytes / Volume::data_stripes_of(chunk)});
    }
  }
  std::sort(extents.begin(), extents.end(),
            [](const DataExtent& a, const DataExtent& b) { return a.physical < b.physical; });
  return extents;
}

std::uint64_t scrubbed_bytes(const Volume& volume, const std::vector<std::uint64_t>& devids, bool checks_parity_again) {
  std::uint64_t bytes = 0;
  for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
    if (!names_device(devids, volume, device)) continue;
    for (const auto& extent : data_extents(volume, device)) {
      const Chunk& chunk = volume.chunks()[extent.chunk];
      const std::uint64_t data = Volume::data_stripes_of(chunk);
      const auto parity = static_cast<std::uint64_t>(Volume::parity_of(chunk.profile));
      const std::uint64_t of_parity = extent.bytes / chunk.stripes.size() * parity;  // of the device's part
      const std::uint64_t a_check = data * (checks_parity_again ? 2 : 1) + parity;
      bytes += extent.bytes - of_parity + of_parity * a_check;
    }
  }
  return bytes;
}

}  // namespace headway
