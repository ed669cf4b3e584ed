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
  std::string zeros, others;
  for (int i = 0; i < 8; ++i) zeros += zstd(std::string(64 << 20, '\0'));
  for (int i = 0; i < 8; ++i) others += zstd(std::string(64 << 20, 'x'));
  const auto available = [&] { return std::filesystem::space(scratch.path()).available; };
  const auto before = available();
  {
    const UnpackedFile file(scratch.write("zeros", zeros + zstd("end")));
    CHECK(read(file, 512 << 20, 9) == "end");
    CHECK(before - available() < 1 << 20);
  }
  CHECK(contains(error_of([&] { UnpackedFile(scratch.write("others", others)); }), "inflates at most 4096 times"));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 2);  // nothing stays
  ::setenv("TMPDIR", "/nonexistent", 1);
  CHECK(contains(error_of([&] { UnpackedFile(scratch / "zeros"); }), "room in /nonexistent (or where TMPDIR says)"));
  ::unsetenv("TMPDIR");
  CHECK(contains(error_of([&] { UnpackedFile(scratch / "absent"); }), "absent: expected a file that can be read"));
}
