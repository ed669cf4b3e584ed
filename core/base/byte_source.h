// Bytes of a file from front to back, decompressed on the way: dumps, streams, traces and whole device images come
// compressed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace headway {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills `to` from the front; fewer bytes than asked only at the end. Throws InputError with the file and the byte
  // offset (of the compressed file, where there is one) when reading or decompressing fails.
  virtual std::size_t read(std::span<std::byte> to) = 0;
  // The share of the file that is read, 0 to 1.
  virtual double progress() const = 0;
  virtual bool compressed() const { return false; }
};

// For help: what is decompressed.
inline constexpr std::string_view compressed_endings = ".zst, .gz, .xz or .bz2";

bool all_zeros(std::span<const std::byte> bytes);

// What zeros count for in the watch for bombs: device images are mostly zeros, and inflate by any factor.
enum class Zeros : std::uint8_t { counted, free };

// Opens a file or block device read-only and decompresses what its first bytes show to be compressed, by at most one
// layer. A file that inflates to more than 64 MiB and 4096 times its own size is an error (a bomb), and so is an
// archive of files (tar, zip, ...), compressed or not, and what is compressed in another way; each is told by its name.
std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path, Zeros zeros = Zeros::counted);

// The same over bytes in memory; `name` stands for the file in messages. The bytes must outlive the source.
std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, std::string name);

}  // namespace headway
