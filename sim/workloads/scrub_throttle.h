// `btrfs scrub limit`: how long a thread waits before its next reads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace headway {

// Linux fs/btrfs/scrub.c, scrub_throttle_dev_io: the second is cut into slices, one for each 16 MiB of the limit (64 at
// most); what exceeds a slice's share goes when the slice is over. So a slice brings its share and up to one group (or
// read) more, and the next begins with the read that comes after it.
class ScrubThrottle {
 public:
  explicit ScrubThrottle(std::optional<double> limit_bytes_per_s) : limit_(limit_bytes_per_s) {}

  // Seconds from now until `bytes` may go.
  double wait_s(double now_s, std::uint64_t bytes) {
    if (!limit_) return 0;
    const double slices = std::clamp(static_cast<double>(static_cast<std::uint64_t>(*limit_ / slice_bytes)), 1.0, 64.0);
    if (!ends_s_) {
      ends_s_ = now_s + 1 / slices;
      sent_ = 0;
    }
    double wait = 0;
    if (now_s < *ends_s_) {
      sent_ += static_cast<double>(bytes);
      if (sent_ <= *limit_ / slices) return 0;
      wait = *ends_s_ - now_s;
    }
    ends_s_.reset();
    return wait;
  }

 private:
  static constexpr double slice_bytes = 16 << 20;

  const std::optional<double> limit_;
  std::optional<double> ends_s_;
  double sent_ = 0;
};

}  // namespace headway
