// How a Linux kernel hands a scrub's reads to the devices: one line a kernel.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace headway {

struct ScrubKernel {
  std::string_view name;
  std::string_view sentence;
  std::uint32_t request_bytes = 131072;  // of a read; where it goes by units, of a unit
  std::uint32_t depth = 64;              // streams: reads in flight a device
  std::uint32_t group_units = 0;         // 0: streams; else so many units are submitted together,
  std::uint32_t groups = 0;              // and it waits for all once so many groups are full
  bool plugged = false;                  // adjacent reads join
  bool checks_parity_again = true;       // a parity check reads the row's data once more

  bool streams() const { return group_units == 0; }
};

// Linux fs/btrfs/scrub.c, raid56.c of that version.
inline constexpr ScrubKernel scrub_kernels[] = {
    {.name = "6.3",
     .sentence = "Up to 6.3: 128 KiB reads of what extents hold, 64 in flight, joined below a plug; a parity check "
                 "reads the row's data again (since 4.17).",
     .plugged = true},
    {.name = "6.4",
     .sentence = "64 KiB units in groups of 8, each waited for, no plug; parity checks as before (until 6.5).",
     .request_bytes = 65536,
     .group_units = 8,
     .groups = 1},
    {.name = "6.6",
     .sentence = "64 KiB units in groups of 8 below a plug, waited for once 16 groups are full; parity checks take the "
                 "data just read.",
     .request_bytes = 65536,
     .group_units = 8,
     .groups = 16,
     .plugged = true,
     .checks_parity_again = false},
};

}  // namespace headway
