// btrfs's four checksums of tree blocks and superblocks, each computed by a library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace headway {

// Numbered as in the superblock's csum_type.
enum class ChecksumType : std::uint16_t { crc32c = 0, xxhash64 = 1, sha256 = 2, blake2b = 3 };

std::string_view to_string(ChecksumType type);

// Whether the first bytes of `block` are the checksum of all behind its first 32. Precondition: more than 32 bytes.
bool checksum_fits(ChecksumType type, std::span<const std::byte> block);

// Writes the checksum of all behind the first 32 bytes into them, zero-filled: for tests that damage blocks on purpose.
void set_checksum(ChecksumType type, std::span<std::byte> block);

}  // namespace headway
