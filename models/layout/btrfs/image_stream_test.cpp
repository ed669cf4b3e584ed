#include "models/layout/btrfs/image_stream.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "models/layout/btrfs/checksum.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/test_support.h"

using namespace headway;
using namespace headway::layout_test;

namespace {

std::filesystem::path sample() { return samples() / "dup-4k.image.c9"; }

Layout read_stream(std::string_view bytes) {
  return read_image_stream("sample", open_bytes(std::as_bytes(std::span(bytes)), "sample"), {});
}

std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
  return text;
}

// One cluster, not compressed.
std::string cluster(std::uint64_t at, std::initializer_list<std::pair<std::uint64_t, std::string>> items) {
  std::string head = number(image_stream_magic, 8) + number(at, 8) + number(items.size(), 4) + '\0';
  std::string data;
  for (const auto& [address, bytes] : items) {
    head += number(address, 8) + number(bytes.size(), 4);
    data += bytes;
  }
  head.resize(1024);
  data.resize((data.size() + 1023) / 1024 * 1024);
  return head + data;
}

std::string superblock() {
  std::string bytes(4096, '\0');
  const auto put = [&](std::size_t at, std::uint64_t value, std::size_t size) {
    bytes.replace(at, size, number(value, size));
  };
  put(0x30, 65536, 8);
  put(0x40, 0x4d5f53665248425f, 8);
  put(0x94, 4096, 4);
  set_checksum(ChecksumType::crc32c, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

// A node of one pointer.
std::string node(std::uint64_t logical, std::uint8_t level, std::uint64_t child) {
  std::string bytes(4096, '\0');
  bytes.replace(0x30, 8, number(logical, 8));
  bytes.replace(0x58, 8, number(5, 8));
  bytes.replace(0x60, 4, number(1, 4));
  bytes.replace(0x64, 1, number(level, 1));
  bytes.replace(101 + 17, 8, number(child, 8));
  set_checksum(ChecksumType::crc32c, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

}  // namespace

TEST_CASE("a stream holds the same layout as the dump of its file system") {
  const Layout stream = load_layout(sample());
  const Layout text = load_layout(samples() / "dup-4k.dump.txt.zst");
  CHECK(stream.forest.pointers() == 72);
  check_same(stream, text);
  check_same_notes(stream, text);
}

TEST_CASE("streams that end early or say nonsense are refused with the byte") {
  const std::string whole = bytes_of(sample());
  for (std::size_t bytes = 0; bytes < whole.size() - 1024; bytes += 509) {
    CAPTURE(bytes);
    CHECK(contains(error_of([&] { read_stream(whole.substr(0, bytes)); }), "byte"));
  }
  const auto damaged = [&](std::size_t at, std::string_view by) {
    std::string bytes = whole;
    bytes.replace(at, by.size(), by);
    return error_of([&] { read_stream(bytes); });
  };
  CHECK(contains(damaged(0, "x"), "byte 0: expected a cluster of btrfs-image"));
  CHECK(contains(damaged(8, "x"), "byte 8"));
  CHECK(contains(damaged(16, "xxxx"), "up to 83 items"));
  CHECK(contains(damaged(20, "x"), "zlib (1)"));
  CHECK(contains(damaged(29, "\xff\xff\xff\xff"), "an item of 1 to 1048576 bytes"));
  CHECK(contains(damaged(1024 + 2, "xxxx"), "byte 1024: expected zlib data"));
}

TEST_CASE("streams without what leads to the trees are refused") {
  CHECK(contains(error_of([] { read_stream(cluster(0, {{1048576, node(1048576, 1, 8192)}})); }), "superblock as the first"));
  CHECK(contains(error_of([] { read_stream(cluster(0, {{65536, superblock()}})); }), "chunk tree"));
  CHECK(contains(error_of([] { read_stream(cluster(0, {{65536, superblock()}, {65536, superblock()}})); }), "second"));
}

TEST_CASE("a node with a wrong checksum is refused, what is no tree block is passed over") {
  std::string bad = node(1048576, 1, 8192);
  bad[200] = 'x';
  CHECK(contains(error_of([&] { read_stream(cluster(0, {{65536, superblock()}, {1048576, bad}})); }),
                 "byte 5120: expected a block with its crc32c checksum"));
  // Only the chunk tree is missed.
  CHECK(contains(error_of([&] { read_stream(cluster(0, {{65536, superblock()}, {4096 * 77, bad}})); }), "chunk tree"));
}

TEST_CASE("a compressed item that inflates without end is refused") {
  std::string bytes = cluster(0, {{65536, superblock()}});
  // zlib data of 16 MiB of zeros, as an item of a second cluster.
  const std::string all_zeros(16 << 20, '\0');
  CHECK(contains(error_of([&] { read_stream(cluster(0, {{65536, all_zeros}})); }), "1048576"));
  CHECK(contains(error_of([&] { read_stream(bytes + "short"); }), "truncated"));
}

TEST_CASE("streams that btrfs-image makes here agree with the image they were made of") {
  const auto run = [](const std::string& command) {
    return std::system(("PATH=$PATH:/usr/sbin:/sbin; { " + command + "; } > /dev/null 2>&1").c_str()) == 0;
  };
  if (!run("command -v mkfs.btrfs && command -v btrfs-image")) {
    MESSAGE("skipped: no btrfs-progs");
    return;
  }
  const TemporaryDirectory scratch;
  for (int f = 0; f < 600; ++f) {
    std::filesystem::create_directories(scratch / "root");
    write_bytes(scratch / fmt::format("root/file-{}", f), std::string(static_cast<std::size_t>(f), 'x'));
  }
  const std::string image = (scratch / "a.img").string();
  REQUIRE(run("mkfs.btrfs -q -f -n 4096 --rootdir " + (scratch / "root").string() + " " + image));
  const Layout from_image = load_layout(image);
  CHECK(from_image.forest.pointers() > 50);
  for (const char* level : {"0", "1", "9"}) {
    const std::string stream = (scratch / "s.image").string();
    REQUIRE(run(fmt::format("btrfs-image -c{} {} {}", level, image, stream)));
    check_same(load_layout(stream), from_image);
  }
}
