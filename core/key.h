// A btrfs key: the order in which everything in a tree stands.
#pragma once

#include <compare>
#include <cstdint>

namespace headway {

// Compared by object id, then type, then offset (Linux fs/btrfs/ctree.h, struct btrfs_key).
struct Key {
  std::uint64_t objectid = 0;
  std::uint8_t type = 0;
  std::uint64_t offset = 0;

  friend constexpr auto operator<=>(const Key&, const Key&) = default;
};

inline constexpr Key min_key{0, 0, 0};
inline constexpr Key max_key{UINT64_MAX, UINT8_MAX, UINT64_MAX};

}  // namespace headway
