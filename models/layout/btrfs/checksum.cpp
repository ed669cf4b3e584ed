#include "models/layout/btrfs/checksum.h"

#include <gcrypt.h>
#include <isa-l/crc.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace headway {

namespace {

constexpr std::size_t field_bytes = 32;
using Field = std::array<std::byte, field_bytes>;

void store(std::uint64_t value, std::size_t bytes, Field& field) {
  for (std::size_t i = 0; i < bytes; ++i) field[i] = static_cast<std::byte>(value >> 8 * i);
}

std::size_t checksum_bytes(ChecksumType type) {
  return type == ChecksumType::crc32c ? 4 : type == ChecksumType::xxhash64 ? 8 : field_bytes;
}

Field checksum(ChecksumType type, std::span<const std::byte> data) {
  Field field{};
  if (type == ChecksumType::crc32c) {
    // The library does not write; it merely says no const. At most 64 KiB, so that an int holds the size.
    auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(data.data()));
    store(~crc32_iscsi(bytes, static_cast<int>(data.size()), ~0u), 4, field);
  } else if (type == ChecksumType::xxhash64) {
    store(XXH64(data.data(), data.size(), 0), 8, field);
  } else {
    static const bool ready = gcry_check_version(nullptr) != nullptr;  // must be called before anything else
    assert(ready);
    const int hash = type == ChecksumType::sha256 ? GCRY_MD_SHA256 : GCRY_MD_BLAKE2B_256;
    if (ready) gcry_md_hash_buffer(hash, field.data(), data.data(), data.size());
  }
  return field;
}

}  // namespace

std::string_view to_string(ChecksumType type) {
  constexpr std::array<std::string_view, 4> names{"crc32c", "xxhash64", "sha256", "blake2b"};
  return names[static_cast<std::size_t>(type)];
}

bool checksum_fits(ChecksumType type, std::span<const std::byte> block) {
  assert(block.size() > field_bytes);
  const Field computed = checksum(type, block.subspan(field_bytes));
  return std::equal(computed.begin(), computed.begin() + static_cast<std::ptrdiff_t>(checksum_bytes(type)),
                    block.begin());
}

void set_checksum(ChecksumType type, std::span<std::byte> block) {
  assert(block.size() > field_bytes);
  const Field computed = checksum(type, block.subspan(field_bytes));
  std::copy(computed.begin(), computed.end(), block.begin());
}

}  // namespace headway
