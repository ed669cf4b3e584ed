// A path that drives share: an entry of a scenario's "buses".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/fields.h"

namespace headway {

struct BusSpec {
  std::string name;
  double bytes_per_s = 0;
  double latency_s = 0;                // of a network; 0 for a bus in the machine
  std::vector<std::uint64_t> devices;  // devids; a device on several buses crosses them all
};

// {"name": "hba0", "bytes_per_s": 6e8, "latency_s": 0, "devices": [1, 2]}
const Fields<BusSpec>& bus_fields();

}  // namespace headway
