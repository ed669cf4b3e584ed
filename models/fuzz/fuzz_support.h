// What the fuzz targets share: a reader is fed any bytes and must end with a result or an InputError, nothing else.
//
// `make fuzz-readers` builds and runs them all (clang; the seeds are the captures and the tests' samples). One alone, in
// build-fuzz: models/fuzz/fuzz_text -max_total_time=60 -rss_limit_mb=1024 -timeout=10 WORK_DIR SEED_DIR
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/error.h"
#include "models/layout/layout.h"

namespace headway::fuzz {

inline std::span<const std::byte> bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

// A file that lasts as long as one input, since some readers want a name that they can open. In memory it costs least;
// HDF5 wants one on disk.
class InputFile {
 public:
  enum Where { in_memory, on_disk };
  explicit InputFile(Where where = in_memory) {
    if (where == in_memory) {
      descriptor_ = ::memfd_create("fuzz", MFD_CLOEXEC);
      return;
    }
    name_ = std::filesystem::temp_directory_path() / "headway-fuzz-XXXXXX";
    descriptor_ = ::mkstemp(name_.data());
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() {
    ::close(descriptor_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  std::filesystem::path path() const {
    return name_.empty() ? "/proc/self/fd/" + std::to_string(descriptor_) : name_;
  }
  void resize(std::uint64_t bytes) { (void)!::ftruncate(descriptor_, static_cast<::off_t>(bytes)); }
  void write(std::uint64_t at, std::span<const std::byte> bytes) {
    (void)!::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(at));
  }

 private:
  std::string name_;
  int descriptor_ = -1;
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
