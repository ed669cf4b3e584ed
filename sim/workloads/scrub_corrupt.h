// Which sectors do not match their checksums.
#pragma once

#include <algorithm>
#include <vector>

#include "core/read.h"
#include "core/volume.h"
#include "sim/workloads/scrub_spec.h"

namespace headway {

class CorruptSectors {
 public:
  static constexpr std::uint32_t sector_bytes = 4096;

  CorruptSectors(const ScrubSpec& spec, const Volume& volume) : ranges_(spec.corrupt), volume_(volume) {}

  bool any_in(const Read& read) const {
    if (ranges_.empty()) return false;
    const std::uint64_t devid = volume_.devices()[read.device].devid;
    return std::ranges::any_of(ranges_, [&](const CorruptRange& range) {
      return range.devid == devid && range.from_byte < read.physical + read.bytes && read.physical < range.to_byte;
    });
  }

  // The sectors of a read that are corrupt, or all others: a read for each run of them.
  void append_sectors(const Read& read, bool corrupt, std::vector<Read>& reads) const {
    bool goes_on = false;
    for (std::uint32_t offset = 0; offset < read.bytes; offset += sector_bytes) {
      Read sector = read;
      sector.bytes = std::min(sector_bytes, read.bytes - offset);
      sector.logical += offset;
      sector.physical += offset;
      const bool taken = any_in(sector) == corrupt;
      if (taken && goes_on) reads.back().bytes += sector.bytes;
      if (taken && !goes_on) reads.push_back(sector);
      goes_on = taken;
    }
  }

 private:
  const std::vector<CorruptRange>& ranges_;
  const Volume& volume_;
};

}  // namespace headway
