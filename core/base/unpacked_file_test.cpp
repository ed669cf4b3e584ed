#include "core/base/unpacked_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zstd.h>

#include <cstdlib>

#include "core/base/testing/errors.h"
#include "core/base/testing/files.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string read(const UnpackedFile& file, std::uint64_t at, std::size_t bytes) {
  std::string text(bytes, '?');
  text.resize(static_cast<std::size_t>(file.read(at, std::as_writable_bytes(std::span(text)))));
  return text;
}

// Of the files there that are open, which may have no name.
std::uint64_t bytes_on_disk_in(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& open : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    struct stat status {};
    const bool there = std::filesystem::read_symlink(open, ignored).string().starts_with(directory.string());
    if (there && ::stat(open.path().c_str(), &status) == 0) bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

}  // namespace

TEST_CASE("a file is read anywhere, compressed or not") {
  const TemporaryDirectory scratch;
  std::string whole(3 << 20, '\0');
  for (const std::size_t at : {0u, 4095u, 4096u, 1048570u, 2097152u, 3145727u})
    whole[at] = static_cast<char>('a' + at % 26);
  std::vector<double> shares;
  for (const auto& path : {scratch.write("plain", whole), scratch.write("packed", zstd(whole))}) {
    const UnpackedFile file(path, [&](double share) { shares.push_back(share); });
    CHECK(read(file, 0, whole.size()) == whole);
    CHECK(read(file, 1048560, 20) == whole.substr(1048560, 20));
    CHECK(read(file, whole.size() - 1, 9) == whole.substr(whole.size() - 1));
    CHECK(read(file, whole.size() + 1, 9).empty());
    CHECK(read(file, UINT64_MAX, 9).empty());
  }
  CHECK(shares.back() == 1);  // of the packed one
}

TEST_CASE("zeros take no room and count for no bomb, other bytes do") {
  const TemporaryDirectory scratch;
  ::setenv("TMPDIR", scratch.path().c_str(), 1);
  // Half of what is allowed, three times: more than it is only together.
  const std::size_t bytes = 32 << 20;
  const std::string zeros = zstd(std::string(bytes, '\0')), others = zstd(std::string(bytes, 'x'));
  {
    const UnpackedFile file(scratch.write("zeros", zeros + zeros + zeros + zstd("end")));
    CHECK(read(file, 3 * bytes, 9) == "end");
    CHECK(bytes_on_disk_in(scratch.path()) <= 4096);
  }
  CHECK(contains(error_of([&] { UnpackedFile(scratch.write("others", others + others + others)); }), "inflates at most 4096 times"));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 2);  // nothing stays
  ::setenv("TMPDIR", "/nonexistent", 1);
  CHECK(contains(error_of([&] { UnpackedFile(scratch / "zeros"); }), "room in /nonexistent (or where TMPDIR says)"));
  ::unsetenv("TMPDIR");
  CHECK(contains(error_of([&] { UnpackedFile(scratch / "absent"); }), "absent: expected a file that can be read"));
}
