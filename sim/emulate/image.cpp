#include "sim/emulate/image.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <string>
#include <system_error>

#include "core/base/error.h"

namespace headway::emulate {

namespace {

[[noreturn]] void fail(int error) { throw std::system_error(error, std::generic_category()); }

void read_whole(int file, std::span<std::byte> into, std::uint64_t offset_bytes) {
  while (!into.empty()) {
    const ssize_t got = ::pread(file, into.data(), into.size(), static_cast<off_t>(offset_bytes));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(errno);
    if (got == 0) fail(EIO);  // it has become shorter
    into = into.subspan(static_cast<std::size_t>(got));
    offset_bytes += static_cast<std::uint64_t>(got);
  }
}

void write_whole(int file, std::span<const std::byte> from, std::uint64_t offset_bytes) {
  while (!from.empty()) {
    const ssize_t put = ::pwrite(file, from.data(), from.size(), static_cast<off_t>(offset_bytes));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(errno);
    from = from.subspan(static_cast<std::size_t>(put));
    offset_bytes += static_cast<std::uint64_t>(put);
  }
}

// A file without a name, in the system's place for such.
int open_layer(std::uint64_t bytes) {
  std::string name = std::filesystem::temp_directory_path() / "headway-layer-XXXXXX";
  const int layer = ::mkstemp(name.data());
  if (layer < 0) throw InputError(name, "", "a directory for what is written", std::generic_category().message(errno));
  ::unlink(name.c_str());
  if (::ftruncate(layer, static_cast<off_t>(bytes)) != 0) {
    const int error = errno;
    ::close(layer);
    throw InputError(name, "", "room for a sparse file", std::generic_category().message(error));
  }
  return layer;
}

}  // namespace

Image::Image(const std::filesystem::path& file, Writes writes) {
  file_ = ::open(file.c_str(), (writes == Writes::keep ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file_ < 0)
    throw InputError(file.string(), "",
                     fmt::format("an image that can be {}", writes == Writes::keep ? "written" : "read"),
                     std::generic_category().message(errno));
  struct stat status{};
  const bool fits = ::fstat(file_, &status) == 0 && (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode));
  const off_t end = fits ? ::lseek(file_, 0, SEEK_END) : 0;
  if (end <= 0) {
    ::close(file_);
    throw InputError(file.string(), "", "an image file or a block device", fits ? "an empty one" : "something else");
  }
  bytes_ = static_cast<std::uint64_t>(end);
  if (writes == Writes::keep) return;
  lifted_.resize((bytes_ + block_bytes - 1) / block_bytes);
  try {
    layer_ = open_layer(bytes_);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

Image::~Image() {
  ::close(file_);
  if (layer_ >= 0) ::close(layer_);
}

void Image::read(std::span<std::byte> into, std::uint64_t offset_bytes) const {
  if (layer_ < 0) return read_whole(file_, into, offset_bytes);
  const std::shared_lock lock(layers_);
  while (!into.empty()) {  // piece by piece of blocks that lie in the same file
    const std::uint64_t first = offset_bytes / block_bytes;
    std::uint64_t block = first;
    while (block * block_bytes < offset_bytes + into.size() && lifted_[block] == lifted_[first]) ++block;
    const std::size_t bytes = std::min<std::uint64_t>(into.size(), block * block_bytes - offset_bytes);
    read_whole(lifted_[first] ? layer_ : file_, into.first(bytes), offset_bytes);
    into = into.subspan(bytes);
    offset_bytes += bytes;
  }
}

// Copies the block up, so that a part of it can be written.
void Image::lift(std::uint64_t block) {
  if (lifted_[block]) return;
  std::vector<std::byte> bytes(std::min(block_bytes, bytes_ - block * block_bytes));
  read_whole(file_, bytes, block * block_bytes);
  write_whole(layer_, bytes, block * block_bytes);
  lifted_[block] = true;
}

void Image::write(std::span<const std::byte> from, std::uint64_t offset_bytes) {
  if (from.empty()) return;
  if (layer_ < 0) return write_whole(file_, from, offset_bytes);
  const std::unique_lock lock(layers_);
  const std::uint64_t first = offset_bytes / block_bytes;
  const std::uint64_t last = (offset_bytes + from.size() - 1) / block_bytes;
  if (offset_bytes % block_bytes != 0) lift(first);
  if ((offset_bytes + from.size()) % block_bytes != 0) lift(last);
  write_whole(layer_, from, offset_bytes);
  for (std::uint64_t block = first; block <= last; ++block) lifted_[block] = true;
}

}  // namespace headway::emulate
