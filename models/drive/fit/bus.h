// How the bus lies beside the media, as far as a log tells: what a request takes beyond the passing of its sectors.
//
// The bus's own time a sector is that of what the buffer serves (observed.h). Whether it is hidden behind the media is
// not seen there; it is by how much longer large requests take (positioning.h), and by which dates the platters' angle
// shows (fit.cpp).
#pragma once

#include <algorithm>
#include <cstdint>

namespace headway::fit {

enum class ReadBus : std::uint8_t {
  overlapped,  // begins when the first sector is read
  behind       // when the last one is
};

enum class WriteBus : std::uint8_t {
  as_read,  // not told: a write ends as a read does
  hidden,   // while the heads move
  before    // the heads move afterwards
};

struct BusRules {
  double s_per_sector = 0;
  ReadBus reads = ReadBus::overlapped;
  WriteBus writes = WriteBus::as_read;

  // Whether the bus carries sectors while the media passes others.
  bool is_hidden(bool write) const { return reads == ReadBus::overlapped && (!write || writes == WriteBus::as_read); }
  // Beyond the passing of so many sectors, each in `sector_s`.
  double beyond_media_s(bool write, std::uint32_t sectors, double sector_s) const {
    const double whole_s = sectors * s_per_sector;
    if (write && writes != WriteBus::as_read) return writes == WriteBus::before ? whole_s : 0;
    if (reads == ReadBus::behind) return whole_s;
    return std::max(whole_s - (sectors - 1) * sector_s, s_per_sector);
  }
};

}  // namespace headway::fit
