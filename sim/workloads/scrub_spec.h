// What a scenario says about a scrub.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/workloads/scrub_kernel.h"

namespace headway {

// Bytes on a device that do not match their checksums.
struct CorruptRange {
  std::uint64_t devid = 0;
  std::uint64_t from_byte = 0;
  std::uint64_t to_byte = UINT64_MAX;  // exclusive
};

enum class ScrubOrder : std::uint8_t { device, logical };
enum class ParityCheck : std::uint8_t { again, cached };

struct ScrubSpec {
  std::vector<std::uint64_t> devices;  // devids; all when empty
  bool named = false;                  // a kernel is: nodes and superblocks are scrubbed as well
  ScrubKernel kernel;                  // or, without one, the streams of Linux v5.16, their reads as they are:
  std::uint32_t request_bytes = ScrubKernel{}.request_bytes;
  std::uint32_t depth = ScrubKernel{}.depth;
  ScrubOrder order = ScrubOrder::device;
  bool one_by_one = false;
  bool background = true;  // the idle I/O class that `btrfs scrub start` asks for
  std::optional<double> limit_bytes_per_s;
  double search_us = 0;
  std::optional<double> checksum_bytes_per_s;
  std::vector<CorruptRange> corrupt;
};

}  // namespace headway
