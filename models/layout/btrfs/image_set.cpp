#include "models/layout/btrfs/image_set.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "core/base/error.h"

namespace headway {

class ImageSet::Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number_ < 0) throw InputError(path.string(), "", "a device or image that can be read", std::strerror(errno));
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }

  // Bytes read; fewer than asked at the end of the device. Negative: errno is set.
  ::ssize_t read(std::uint64_t at, std::span<std::byte> to) const {
    std::size_t got = 0;
    while (got < to.size()) {
      if (at > INT64_MAX - to.size()) break;
      const ::ssize_t now = ::pread(number_, to.data() + got, to.size() - got, static_cast<::off_t>(at + got));
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) return -1;
      if (now == 0) break;
      got += static_cast<std::size_t>(now);
    }
    return static_cast<::ssize_t>(got);
  }

 private:
  int number_;
};

namespace {

using SuperBytes = std::array<std::byte, disk::superblock_bytes>;

}  // namespace

bool ImageSet::is_image(const std::filesystem::path& path) {
  const Descriptor descriptor(path);
  SuperBytes bytes;
  for (const std::uint64_t at : disk::superblock_at) {
    if (descriptor.read(at, bytes) == static_cast<::ssize_t>(bytes.size()) && disk::is_superblock(bytes)) return true;
  }
  return false;
}

ImageSet::ImageSet(std::span<const std::filesystem::path> paths) {
  for (const auto& path : paths) add(path);
}

void ImageSet::add(const std::filesystem::path& path) {
  auto descriptor = std::make_shared<Descriptor>(path);
  std::optional<disk::Superblock> super;
  std::optional<InputError> first_error;
  for (const std::uint64_t at : disk::superblock_at) {
    SuperBytes bytes;
    if (descriptor->read(at, bytes) != static_cast<::ssize_t>(bytes.size())) break;
    try {
      super = disk::parse_superblock(bytes, at);
      break;
    } catch (const disk::Malformed& malformed) {
      if (!first_error)
        first_error.emplace(path.string(), fmt::format("byte {}", at + malformed.offset), malformed.expected,
                            malformed.found);
    }
  }
  if (!super && first_error) throw *first_error;
  if (!super) throw InputError(path.string(), "byte 65536", "a btrfs superblock", "the device's end");
  if (!names_.empty() && super->fsid != super_.fsid)
    throw InputError(path.string(), "byte 65568", fmt::format("a device of the file system of {}", names_.front()),
                     "another file system's");
  if (names_.size() >= UINT16_MAX) throw InputError(path.string(), "", "at most 65535 devices", "more");
  const auto [known, added] = by_devid_.emplace(super->devid, static_cast<std::uint16_t>(names_.size()));
  if (!added)
    throw InputError(path.string(), "byte 65737", "each device once",
                     fmt::format("devid {}, which {} is too", super->devid, names_[known->second]));
  if (names_.empty() || super->generation > super_.generation) super_ = *super;
  names_.push_back(path.string());
  descriptors_.push_back(std::move(descriptor));
}

bool ImageSet::read(std::uint64_t devid, std::uint64_t at, std::span<std::byte> to, std::string& reason) const {
  const ::ssize_t got = descriptors_[number_of(devid)]->read(at, to);
  if (got == static_cast<::ssize_t>(to.size())) return true;
  reason = got < 0 ? std::strerror(errno) : "the device's end";
  return false;
}

}  // namespace headway
