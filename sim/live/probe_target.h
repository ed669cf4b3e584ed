// A real device as what a drive's probe reads: one read at a time by the plainest system call, many by io_uring.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "models/drive/probe/probe.h"
#include "sim/live/buffers.h"
#include "sim/live/read_device.h"
#include "sim/live/read_ring.h"

namespace headway {

class ProbeTarget final : public probe::Target {
 public:
  // The device stays open as long as this lives. Throws InputError where the kernel has no io_uring for this process.
  explicit ProbeTarget(const ReadDevice& device);

  std::uint64_t bytes() const override { return device_.bytes; }
  std::uint32_t block_bytes() const override { return block_bytes_; }
  double now_s() const override;
  void wait_until(double date_s) override;
  void read(std::uint64_t offset_bytes, std::uint32_t bytes) override;
  void read_all(std::span<const std::uint64_t> offsets_bytes, std::uint32_t depth) override;

 private:
  using Clock = std::chrono::steady_clock;

  const ReadDevice& device_;
  std::uint32_t block_bytes_;
  ReadRing ring_;
  Buffers buffers_;
  std::span<std::byte> buffer_;  // of any read: nobody looks at it
  const Clock::time_point start_ = Clock::now();
};

}  // namespace headway
