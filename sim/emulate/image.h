// The bytes of an emulated device: an image file, as it is, or under a layer of what has been written since.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <shared_mutex>
#include <span>
#include <vector>

namespace headway::emulate {

enum class Writes {
  discard,  // the file stays as it is: what is written lies beside it and is gone at the end (copy on write)
  keep      // the file is written
};

// Any number of threads may read and write. Errors of the file are thrown as std::system_error.
class Image {
 public:
  // Throws InputError unless `file` is a regular file or a block device that can be opened so.
  Image(const std::filesystem::path& file, Writes writes);
  ~Image();
  Image(Image&&) = delete;

  std::uint64_t bytes() const { return bytes_; }
  // Of bytes within the image.
  void read(std::span<std::byte> into, std::uint64_t offset_bytes) const;
  void write(std::span<const std::byte> from, std::uint64_t offset_bytes);

 private:
  static constexpr std::uint64_t block_bytes = 4096;  // of the layer above

  void lift(std::uint64_t block);

  int file_ = -1;
  int layer_ = -1;  // sparse, without a name; none where writes are kept
  std::uint64_t bytes_ = 0;
  std::vector<bool> lifted_;  // by block: whether it lies in the layer
  mutable std::shared_mutex layers_;
};

}  // namespace headway::emulate
