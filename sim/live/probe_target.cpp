#include "sim/live/probe_target.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <system_error>
#include <thread>

#include "models/drive/probe/plan.h"

namespace headway {

namespace {

[[noreturn]] void fail(int error) { throw std::system_error(error, std::generic_category(), "a read of the device"); }

}  // namespace

ProbeTarget::ProbeTarget(const ReadDevice& device)
    : device_(device),
      block_bytes_(std::max(device.sector_bytes, std::uint32_t{4096})),
      ring_(std::array{device.descriptor.number()}),
      buffer_(buffers_.take(probe::Plan::most_read_bytes)) {}

double ProbeTarget::now_s() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

// The last of it without sleep: a thread that sleeps wakes some 0.06 ms late, and that would be an arrival's.
void ProbeTarget::wait_until(double date_s) {
  constexpr double awake_s = 2e-4;
  const double asleep_s = date_s - now_s() - awake_s;
  if (asleep_s > 0) std::this_thread::sleep_for(std::chrono::duration<double>(asleep_s));
  while (now_s() < date_s) {
  }
}

void ProbeTarget::read(std::uint64_t offset_bytes, std::uint32_t bytes) {
  const ssize_t got = ::pread(device_.descriptor.number(), buffer_.data(), bytes, static_cast<off_t>(offset_bytes));
  if (got < 0) fail(errno);
  if (static_cast<std::uint32_t>(got) != bytes) fail(EIO);
}

void ProbeTarget::read_all(std::span<const std::uint64_t> offsets_bytes, std::uint32_t depth) {
  std::size_t asked = 0, ended = 0;
  std::array<RingEnd, 64> ends;
  while (ended < offsets_bytes.size()) {
    for (; asked < offsets_bytes.size() && asked - ended < depth; ++asked)
      ring_.read(0, offsets_bytes[asked], buffer_.first(block_bytes_), asked);
    ring_.wait(INFINITY);
    const std::size_t count = ring_.take(ends);
    for (std::size_t i = 0; i < count; ++i) {
      if (ends[i].result < 0) fail(-ends[i].result);
    }
    ended += count;
  }
}

}  // namespace headway
