// Where a device holds file data: its part of each data chunk, in the order of its addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "core/volume.h"

namespace headway {

struct DataExtent {
  std::uint32_t chunk = 0;
  std::uint64_t physical = 0;
  std::uint64_t bytes = 0;
};

// Whether a list of devids, where empty means all, names the device.
bool names_device(const std::vector<std::uint64_t>& devids, const Volume& volume, DeviceIndex device);

std::vector<DataExtent> data_extents(const Volume& volume, DeviceIndex device);
// All that a scrub of these devices reads; `devids` empty: of all.
std::uint64_t data_bytes(const Volume& volume, const std::vector<std::uint64_t>& devids);

}  // namespace headway
