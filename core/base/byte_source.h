// Bytes of a file from front to back, decompressed on the way: dumps and btrfs-image streams come as .zst, .gz and .xz,
// traces as .bz2 too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace headway {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills `to` from the front; fewer bytes than asked only at the end. Throws InputError with the file and the byte
  // offset (of the compressed file, where there is one) when reading or decompressing fails.
  virtual std::size_t read(std::span<std::byte> to) = 0;
  // The share of the file that is read, 0 to 1.
  virtual double progress() const = 0;
};

// Opens a file or block device read-only and decompresses what its first bytes show to be compressed, by at most one
// layer. A file that inflates to more than 64 MiB and 4096 times its own size is an error (a bomb), and so is
// an archive of several files (tar, zip).
std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path);

// The same over bytes in memory; `name` stands for the file in messages. The bytes must outlive the source.
std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, std::string name);

}  // namespace headway
