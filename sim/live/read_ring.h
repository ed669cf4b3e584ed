// Reads handed to the kernel and taken back in the order in which they end: io_uring, behind the few words that a live
// run needs. It reads and cannot write.
//
// Requests gather in a queue that the kernel shares, and go to it all together when the caller waits: one system call
// for as many as there are. Where the kernel can (Linux 6.1), it does the work of ends only then, on the caller's core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace headway {

struct RingEnd {
  std::uint64_t tag = 0;
  int result = 0;  // bytes that were read, fewer at a file's end; or -errno
};

class ReadRing {
 public:
  static constexpr std::size_t most_in_flight = 16384;  // as many ends as the kernel has room for

  // Reads from these descriptors, which stay open as long as it lives. Throws InputError that says why where the kernel
  // has no io_uring for this process.
  explicit ReadRing(std::span<const int> files);
  ~ReadRing();
  ReadRing(const ReadRing&) = delete;
  ReadRing& operator=(const ReadRing&) = delete;

  // `file`: its place among the descriptors. At most most_in_flight are under way. Memory and tag are the caller's
  // until the read has ended.
  void read(std::size_t file, std::uint64_t offset, std::span<std::byte> to, std::uint64_t tag);
  // Hands over what has gathered, and waits until a read has ended, for `seconds` (infinity: without a limit), or for a
  // signal. Throws std::system_error.
  void wait(double seconds);
  // Ends that are there by now: how many of `ends` are filled in.
  std::size_t take(std::span<RingEnd> ends);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
