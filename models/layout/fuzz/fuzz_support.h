// What the fuzz targets share: a reader is fed any bytes and must end with a layout or an InputError, nothing else.
//
// Build and run (clang; the seeds are the captures and the tests' samples):
//   cmake -S . -B build-fuzz -G Ninja -DHEADWAY_FUZZ=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang
//         -DCMAKE_CXX_COMPILER=clang++
//   ninja -C build-fuzz fuzz
//   build-fuzz/models/fuzz_text -max_total_time=60 -rss_limit_mb=1024 -timeout=10 WORK_DIR SEED_DIR
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/error.h"
#include "models/layout/layout.h"

namespace headway::fuzz {

inline std::span<const std::byte> bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

// A file in memory, since some readers want a name that they can open.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void resize(std::uint64_t bytes) { (void)!::ftruncate(descriptor_, static_cast<::off_t>(bytes)); }
  void write(std::uint64_t at, std::span<const std::byte> bytes) {
    (void)!::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(at));
  }

 private:
  int descriptor_;
};

// Runs a reader; bad input is what fuzzing is about.
template <typename Read>
int run(const Read& read) {
  try {
    read();
  } catch (const InputError&) {
  }
  return 0;
}

}  // namespace headway::fuzz
