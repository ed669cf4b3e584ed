// A file or block device that is read here and there, though it may be compressed as a whole: device images come so.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace headway {

class UnpackedFile {
 public:
  // Opens it read-only. A compressed file is unpacked once, into a sparse file without a name in TMPDIR, or else in
  // /var/tmp, which unlike /tmp is on a disk; it takes the room of what is not zero, and goes with the object.
  // `progress` gets the share that is unpacked. Throws InputError as open_bytes() does, and where there is no room.
  explicit UnpackedFile(const std::filesystem::path& path, const std::function<void(double)>& progress = {});
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;
  ~UnpackedFile();

  // Bytes read; fewer than asked at the end. Negative: errno is set.
  ::ssize_t read(std::uint64_t at, std::span<std::byte> to) const;

 private:
  int descriptor_ = -1;
};

}  // namespace headway
