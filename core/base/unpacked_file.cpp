#include "core/base/unpacked_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/base/byte_source.h"
#include "core/base/error.h"

namespace headway {

namespace {

constexpr std::size_t part_bytes = 1 << 20;
constexpr std::size_t page_bytes = 4096;

std::filesystem::path temporary_directory() {
  const char* const chosen = std::getenv("TMPDIR");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code ignored;
  return std::filesystem::is_directory("/var/tmp", ignored) ? "/var/tmp" : std::filesystem::temp_directory_path();
}

// A sparse file without a name, being written from front to back.
class SparseFile {
 public:
  explicit SparseFile(const std::filesystem::path& packed) : packed_(packed), directory_(temporary_directory()) {
    descriptor_ = ::open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ < 0) descriptor_ = unlinked();  // not every file system has O_TMPFILE
    if (descriptor_ < 0) fail();
  }
  SparseFile(const SparseFile&) = delete;
  SparseFile& operator=(const SparseFile&) = delete;
  ~SparseFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void append(std::span<const std::byte> bytes) {
    for (std::size_t begin = 0; begin < bytes.size();) {
      const auto zero = [&](std::size_t at) {
        return all_zeros(bytes.subspan(at, std::min(page_bytes, bytes.size() - at)));
      };
      std::size_t end = begin;
      while (end < bytes.size() && !zero(end)) end = std::min(end + page_bytes, bytes.size());
      write(bytes.subspan(begin, end - begin), bytes_ + begin);
      while (end < bytes.size() && zero(end)) end = std::min(end + page_bytes, bytes.size());
      begin = end;
    }
    bytes_ += bytes.size();
  }
  int finish() {
    if (::ftruncate(descriptor_, static_cast<::off_t>(bytes_)) != 0) fail();
    return std::exchange(descriptor_, -1);
  }

 private:
  int unlinked() const {
    std::string name = directory_ / "headway-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(name.c_str());
    return descriptor;
  }
  void write(std::span<const std::byte> bytes, std::uint64_t at) {
    while (!bytes.empty()) {
      const ::ssize_t now = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(at));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) fail();
      bytes = bytes.subspan(static_cast<std::size_t>(now));
      at += static_cast<std::uint64_t>(now);
    }
  }
  [[noreturn]] void fail() const {
    const int why = errno;
    throw InputError(packed_.string(), "",
                     fmt::format("room in {} (or where TMPDIR says) to unpack it", directory_.string()),
                     std::strerror(why));
  }

  std::filesystem::path packed_, directory_;
  int descriptor_ = -1;
  std::uint64_t bytes_ = 0;
};

int unpack(const std::filesystem::path& path, ByteSource& source, const std::function<void(double)>& progress) {
  SparseFile file(path);
  std::vector<std::byte> part(part_bytes);
  for (;;) {
    const std::size_t got = source.read(part);
    file.append(std::span(part).first(got));
    if (progress) progress(source.progress());
    if (got < part.size()) return file.finish();
  }
}

}  // namespace

UnpackedFile::UnpackedFile(const std::filesystem::path& path, const std::function<void(double)>& progress) {
  const auto source = open_bytes(path, Zeros::free);
  descriptor_ = source->compressed() ? unpack(path, *source, progress) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw InputError(path.string(), "", "a file that can be read", std::strerror(errno));
}

UnpackedFile::~UnpackedFile() { ::close(descriptor_); }

::ssize_t UnpackedFile::read(std::uint64_t at, std::span<std::byte> to) const {
  std::size_t got = 0;
  while (got < to.size()) {
    if (at > INT64_MAX - to.size()) break;
    const ::ssize_t now = ::pread(descriptor_, to.data() + got, to.size() - got, static_cast<::off_t>(at + got));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) return -1;
    if (now == 0) break;
    got += static_cast<std::size_t>(now);
  }
  return static_cast<::ssize_t>(got);
}

}  // namespace headway
