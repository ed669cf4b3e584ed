// btrfs-image streams. Checksums are made right in every node of an uncompressed item, or no mutation would get past
// them.
#include <vector>

#include "models/fuzz/fuzz_support.h"
#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/btrfs/image_stream.h"

using namespace headway;

namespace {

void mend(std::span<std::byte> stream) {
  constexpr std::size_t node_bytes = 4096;
  for (std::size_t head = 0; stream.size() - head >= 1024;) {
    const std::uint64_t items = std::min<std::uint64_t>(disk::little_endian(stream, head + 16, 4), 83);
    std::size_t at = head + 1024;
    for (std::uint64_t i = 0; i < items; ++i) {
      const std::size_t bytes = disk::little_endian(stream, head + 21 + 12 * i + 8, 4);
      if (at > stream.size() || bytes > stream.size() - at) return;
      for (std::size_t node = at; at + bytes - node >= node_bytes; node += node_bytes)
        set_checksum(ChecksumType::crc32c, stream.subspan(node, node_bytes));
      at += bytes;
    }
    head = (at + 1023) / 1024 * 1024;
    if (head > stream.size()) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run([&] {
    std::vector<std::byte> stream(reinterpret_cast<const std::byte*>(data),
                                  reinterpret_cast<const std::byte*>(data) + size);
    if (size > 1024 && data[20] == 0) mend(stream);
    read_image_stream("fuzz", open_bytes(stream, "fuzz"), {});
  });
}
