#include "core/base/byte_source.h"

#include <bzlib.h>
#include <doctest/doctest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "core/base/line_reader.h"
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

std::string gzip(std::string text) {
  std::string packed(text.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string xz(const std::string& text) {
  std::string packed(text.size() + 1000, '\0');
  std::size_t end = 0;
  lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                          reinterpret_cast<std::uint8_t*>(packed.data()), &end, packed.size());
  packed.resize(end);
  return packed;
}

std::string bzip2(std::string text) {
  std::string packed(text.size() + 1000, '\0');
  auto end = static_cast<unsigned>(packed.size());
  BZ2_bzBuffToBuffCompress(packed.data(), &end, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0);
  packed.resize(end);
  return packed;
}

std::string unpacked(const std::string& packed) {
  const auto source = open_bytes(std::as_bytes(std::span(packed)), "packed");
  std::string all, part(1000, '\0');
  for (;;) {
    const std::size_t got = source->read(std::as_writable_bytes(std::span(part)));
    all.append(part, 0, got);
    if (got < part.size()) return all;
  }
}

// Numbers in lines: packs to about half.
std::string some_text() {
  std::string text;
  for (unsigned i = 1; i < 400; ++i) text += "key " + std::to_string(i * 2654435761u) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is packed comes out as it went in") {
  const std::string text = some_text();
  for (const std::string& packed : {text, zstd(text), gzip(text), xz(text), bzip2(text)}) {
    CHECK(unpacked(packed) == text);
    if (packed != text) CHECK(packed.size() < text.size());
  }
}

TEST_CASE("several frames follow each other") {
  for (const auto pack : {+[](const std::string& text) { return zstd(text); },
                          +[](const std::string& text) { return gzip(text); },
                          +[](const std::string& text) { return xz(text); },
                          +[](const std::string& text) { return bzip2(text); }})
    CHECK(unpacked(pack("one ") + pack("two")) == "one two");
}

TEST_CASE("archives, and what is compressed in another way, are refused by name, compressed or not") {
  const auto error = [](const std::string& bytes) { return error_of([&] { unpacked(bytes); }); };
  const std::string tar = "dump.txt" + std::string(249, '\0') + "ustar" + std::string(250, '\0');
  const std::pair<std::string, std::string> archives[] = {{tar, "a tar archive"},
                                                          {"PK\3\4", "a zip archive"},
                                                          {"7z\xbc\xaf\x27\x1c", "a 7z archive"},
                                                          {"Rar!\x1a\7", "a rar archive"},
                                                          {"\4\x22\x4d\x18", "an lz4 file"},
                                                          {"LZIP\1", "an lzip file"},
                                                          {std::string("\x89LZO\0\r\n", 7), "an lzop file"}};
  for (const auto& [begin, name] : archives) {
    const std::string whole = begin + std::string(600, 'x');
    CHECK(error(whole) == "packed: expected one file: unpack it first, found " + name);
    for (const std::string& packed : {zstd(whole), gzip(whole), xz(whole), bzip2(whole)})
      CHECK(error(packed) == "packed: expected one file: unpack it first, found " + name + ", compressed");
  }
  CHECK(unpacked(tar.substr(0, 260)).size() == 260);
  CHECK(unpacked(gzip(tar.substr(0, 260))).size() == 260);
  CHECK(unpacked("PKC") == "PKC");
}

TEST_CASE("truncated and damaged frames are refused with a place") {
  const std::string text = some_text();
  for (const std::string& packed : {zstd(text), gzip(text), xz(text), bzip2(text)}) {
    for (std::size_t bytes = 8; bytes < packed.size(); bytes += 37)
      CHECK(contains(error_of([&] { unpacked(packed.substr(0, bytes)); }), "byte"));
    std::string damaged = packed;
    for (std::size_t at = 20; at < 60; ++at) damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    std::string came_out;
    const std::string error = error_of([&] { came_out = unpacked(damaged); });
    CAPTURE(error);
    CHECK((!error.empty() || (packed == zstd(text) && came_out != text)));  // these frames have no checksum
  }
}

TEST_CASE("a bomb is refused before it fills anything") {
  std::string bomb;
  const std::string part = zstd(std::string(32 << 20, 'x'));
  for (int i = 0; i < 64; ++i) bomb += part;
  const std::string error = error_of([&] { unpacked(bomb); });
  CHECK(contains(error, "inflates"));
  // The same without a limit being needed: a line without an end takes no more room than the buffer.
  const auto source = open_bytes(std::as_bytes(std::span(part)), "part");
  LineReader lines(*source);
  CHECK(lines.next());
  CHECK_FALSE(lines.next());
}

TEST_CASE("lines longer than the buffer are cut, not split") {
  const std::string text = "short\n" + std::string(3 << 20, 'x') + "\nlast\n";
  const auto source = open_bytes(std::as_bytes(std::span(text)), "text");
  LineReader lines(*source);
  CHECK(lines.next() == "short");
  CHECK(lines.next()->size() == 1 << 20);
  CHECK(lines.next() == "last");
  CHECK(lines.number() == 3);
  CHECK(lines.ended());
  CHECK_FALSE(lines.next());
}
