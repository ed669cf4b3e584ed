// Where a device holds file data: its part of each data chunk, in the order of its addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "core/volume.h"

namespace headway {

struct DataExtent {
  std::uint32_t chunk = 0;
  std::uint32_t stripe = 0;  // of the chunk's
  std::uint64_t physical = 0;
  std::uint64_t bytes = 0;
};

// Whether a list of devids, where empty means all, names the device.
bool names_device(const std::vector<std::uint64_t>& devids, const Volume& volume, DeviceIndex device);

// Its part of each chunk of these uses (Chunk::Use), parity included.
std::vector<DataExtent> device_extents(const Volume& volume, DeviceIndex device, std::uint8_t uses);
inline std::vector<DataExtent> data_extents(const Volume& volume, DeviceIndex device) {
  return device_extents(volume, device, Chunk::data);
}
// What a scrub of these devices' data reads, of parity what its checks read; `devids` empty: of all.
std::uint64_t scrubbed_bytes(const Volume& volume, const std::vector<std::uint64_t>& devids, bool checks_parity_again);

}  // namespace headway
