#include "sim/live/read_ring.h"

#include <fmt/format.h>
#include <liburing.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>

#include "core/base/error.h"

namespace headway {

namespace {

constexpr unsigned entries = 1024;  // that gather before the kernel must take them

// Each older kernel without one flag more.
int set_up(io_uring& ring) {
  int result = 0;
  for (const unsigned flags :
       {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_COOP_TASKRUN, 0u}) {
    io_uring_params parameters{};
    parameters.flags = flags | IORING_SETUP_CQSIZE;
    parameters.cq_entries = ReadRing::most_in_flight;
    result = io_uring_queue_init_params(entries, &ring, &parameters);
    if (result != -EINVAL) break;
  }
  return result;
}

std::string why_not(int error) {
  if (error == ENOSYS) return "a kernel without it (Linux 5.6 has it)";
  if (error == EPERM || error == EACCES)
    return "that it is forbidden here (kernel.io_uring_disabled, or the container's seccomp profile)";
  return std::strerror(error);
}

[[noreturn]] void fail(int error, const char* what) { throw std::system_error(error, std::generic_category(), what); }

}  // namespace

struct ReadRing::State {
  io_uring ring{};

  void submit() {
    for (;;) {
      const int result = io_uring_submit(&ring);
      if (result >= 0) return;
      if (result == -EAGAIN || result == -EBUSY || result == -EINTR) continue;
      fail(-result, "io_uring_submit");
    }
  }
};

ReadRing::ReadRing(std::span<const int> files) {
  auto state = std::make_unique<State>();
  if (const int result = set_up(state->ring); result < 0)
    throw InputError("", "io_uring", "a kernel that reads by it, as live runs do", why_not(-result));
  if (const int result = io_uring_register_files(&state->ring, files.data(), static_cast<unsigned>(files.size()));
      result < 0) {
    io_uring_queue_exit(&state->ring);
    fail(-result, "io_uring_register_files");
  }
  state_ = std::move(state);
}

ReadRing::~ReadRing() { io_uring_queue_exit(&state_->ring); }

void ReadRing::read(std::size_t file, std::uint64_t offset, std::span<std::byte> to, std::uint64_t tag) {
  io_uring_sqe* sqe = io_uring_get_sqe(&state_->ring);
  while (sqe == nullptr) {
    state_->submit();
    sqe = io_uring_get_sqe(&state_->ring);
  }
  io_uring_prep_read(sqe, static_cast<int>(file), to.data(), static_cast<unsigned>(to.size()), offset);
  io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
  io_uring_sqe_set_data64(sqe, tag);
}

void ReadRing::wait(double seconds) {
  io_uring_cqe* end = nullptr;
  __kernel_timespec limit{};
  const bool limited = std::isfinite(seconds);
  if (limited) {
    const double whole = std::floor(std::max(seconds, 0.0));
    limit.tv_sec = static_cast<long long>(whole);
    limit.tv_nsec = static_cast<long long>((std::max(seconds, 0.0) - whole) * 1e9);
  }
  const int result = io_uring_submit_and_wait_timeout(&state_->ring, &end, 1, limited ? &limit : nullptr, nullptr);
  if (result < 0 && result != -ETIME && result != -EINTR && result != -EAGAIN && result != -EBUSY)
    fail(-result, "io_uring_submit_and_wait_timeout");
}

std::size_t ReadRing::take(std::span<RingEnd> ends) {
  std::size_t taken = 0;
  unsigned head = 0;
  io_uring_cqe* end = nullptr;
  io_uring_for_each_cqe(&state_->ring, head, end) {
    if (taken == ends.size()) break;
    ends[taken++] = {io_uring_cqe_get_data64(end), end->res};
  }
  io_uring_cq_advance(&state_->ring, static_cast<unsigned>(taken));
  return taken;
}

}  // namespace headway
