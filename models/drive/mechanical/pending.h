// A command that a mechanical drive holds, with what its queue discipline looks at.
#pragma once

#include <cstdint>

#include "models/drive/host/host_request.h"
#include "models/drive/mechanical/geometry.h"

namespace headway {

struct Pending {
  HostRequest host;
  double arrived_s = 0;        // at the drive
  std::uint64_t sequence = 0;  // of arrival at the drive
  std::uint64_t first = 0;     // address
  std::uint32_t sectors = 0;
  SectorPlace place;  // of the first sector
};

}  // namespace headway
