// For tests: device images of file systems that a kernel wrote.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/layout/btrfs/disk_format.h"
#include "models/layout/test_support.h"

namespace headway::layout_test {

using Paths = std::vector<std::filesystem::path>;

// The images of a file system that a kernel wrote, sparse: `testdata/NAME.blocks.zst` holds their number, their sizes,
// and (image, offset, length, bytes) of the blocks that an import may need, all numbers u64. `scratch`: where to, a
// path or a TemporaryDirectory.
inline Paths unpack_images(const auto& scratch, const std::string& name) {
  const std::string pack = unpacked(samples() / (name + ".blocks.zst"));
  const auto bytes = std::as_bytes(std::span(pack));
  const std::size_t images = disk::little_endian(bytes, 0, 8);
  Paths paths;
  for (std::size_t i = 0; i < images; ++i) {
    paths.push_back(scratch / fmt::format("{}.{}.img", name, i + 1));
    write_bytes(paths.back(), "");
    std::filesystem::resize_file(paths.back(), disk::little_endian(bytes, 8 + 8 * i, 8));
  }
  for (std::size_t at = 8 + 8 * images; at < pack.size();) {
    const std::size_t image = disk::little_endian(bytes, at, 8);
    const std::size_t length = disk::little_endian(bytes, at + 16, 8);
    std::fstream file(paths[image], std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(disk::little_endian(bytes, at + 8, 8)));
    file.write(pack.data() + at + 24, static_cast<std::streamsize>(length));
    at += 24 + length;
  }
  return paths;
}

}  // namespace headway::layout_test
