#include "models/layout/btrfs/checksum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace headway;

namespace {

// The checksum of "123456789" as hexadecimal digits, in the order in which it stands on disk.
std::string of_digits(ChecksumType type) {
  std::vector<std::byte> block(32 + 9);
  for (std::size_t i = 0; i < 9; ++i) block[32 + i] = static_cast<std::byte>('1' + i);
  set_checksum(type, block);
  std::string text;
  for (std::size_t i = 0; i < 32; ++i) {
    constexpr const char* digits = "0123456789abcdef";
    text += digits[std::to_integer<unsigned>(block[i]) >> 4];
    text += digits[std::to_integer<unsigned>(block[i]) & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("checksums agree with published values") {
  // The check values of crc32c (e3069283) and XXH64 with seed 0 (8cb841db40e6ae83), little-endian as btrfs stores them.
  CHECK(of_digits(ChecksumType::crc32c) == "839206e3" + std::string(56, '0'));
  CHECK(of_digits(ChecksumType::xxhash64) == "83aee640db41b88c" + std::string(48, '0'));
  CHECK(of_digits(ChecksumType::sha256) == "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
  CHECK(of_digits(ChecksumType::blake2b) == "16e0bf1f85594a11e75030981c0b670370b3ad83a43f49ae58a2fd6f6513cde9");
}

TEST_CASE("a checksum fits only what it was made of") {
  for (const auto type : {ChecksumType::crc32c, ChecksumType::xxhash64, ChecksumType::sha256, ChecksumType::blake2b}) {
    std::vector<std::byte> block(4096, std::byte{7});
    set_checksum(type, block);
    CHECK(checksum_fits(type, block));
    block[4095] ^= std::byte{1};
    CHECK_FALSE(checksum_fits(type, block));
  }
}
