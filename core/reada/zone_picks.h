// Which zone a device goes to next. One pick a function in zone_picks.cpp, each a line of the table there.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/id_set.h"
#include "core/volume.h"

namespace headway::reada {

class Zones;
using ZoneId = std::uint32_t;  // a device's zones are consecutive, in address order
inline constexpr ZoneId no_zone = UINT32_MAX;

struct ZonePick {
  std::string_view name;
  std::string_view sentence;  // "the fullest"
  // Of the device's zones that are locked, or of those that are not, one with elements; no_zone if none has.
  ZoneId (*choose)(const Zones& zones, DeviceIndex device, bool locked, const IdSet& queued);
};

// The kernel's comes first.
std::span<const ZonePick> zone_picks();

}  // namespace headway::reada
