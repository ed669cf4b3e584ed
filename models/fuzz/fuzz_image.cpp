// Images of devices, as a list of (image, offset, length, bytes) over sparse files: the form of testdata/*.blocks.zst.
// Checksums are made right, or no mutation would get past them.
#include <array>
#include <vector>

#include "models/fuzz/fuzz_support.h"
#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/btrfs/image.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t images_max = 4;
  constexpr std::uint64_t image_bytes = std::uint64_t{1} << 30;
  if (size < 8) return 0;
  const auto bytes = fuzz::bytes_of(data, size);
  const std::size_t images = 1 + (disk::little_endian(bytes, 0, 8) - 1) % images_max;
  std::array<fuzz::InputFile, images_max> files;
  std::vector<std::filesystem::path> paths;
  for (std::size_t i = 0; i < images; ++i) {
    files[i].resize(image_bytes);
    paths.push_back(files[i].path());
  }
  for (std::size_t at = 8 + 8 * images; at + 24 < size;) {
    const std::size_t image = disk::little_endian(bytes, at, 8) % images;
    const std::uint64_t offset = disk::little_endian(bytes, at + 8, 8) % image_bytes;
    const std::size_t length = std::min<std::size_t>(disk::little_endian(bytes, at + 16, 8) % 65537, size - at - 24);
    std::vector<std::byte> block(bytes.begin() + static_cast<std::ptrdiff_t>(at + 24),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(at + 24 + length));
    const bool super = offset == disk::superblock_at[0];
    if (block.size() > 100)
      set_checksum(data[3] % 2 == 0 || super ? ChecksumType::crc32c : ChecksumType::xxhash64, block);
    files[image].write(offset, block);
    at += 24 + length;
  }
  return fuzz::run([&] { read_images(paths, {.extents = LoadOptions::Extents::all}); });
}
