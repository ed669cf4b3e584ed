// Keys as btrfs-progs print them: names for well-known object ids and item types. Dumps are read by these tables and
// written by them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/key.h"

namespace headway {

// "FS_TREE" -> 5, "ORPHAN" -> -5 as u64, "DEV_ITEMS" -> 1, "257" -> 257, "-1" -> 2^64 - 1, "0x1f" -> 31, "1/256" (a
// qgroup) -> 2^48 + 256. Nothing for other text.
std::optional<std::uint64_t> parse_objectid(std::string_view text);
// "ROOT_ITEM" -> 132, "UNTYPED" -> 0, "UNKNOWN.7" -> 7. Names of every btrfs-progs from 3.14 on.
std::optional<std::uint8_t> parse_key_type(std::string_view text);
// The three words inside "key (FS_TREE ROOT_ITEM 0)", without the parentheses.
std::optional<Key> parse_key(std::string_view text);

// As btrfs-progs 6.2 writes them, parentheses left out: "FIRST_CHUNK_TREE CHUNK_ITEM 38797312".
std::string key_text(const Key& key);
// A tree or owner by its object id: "FS_TREE", "256".
std::string tree_text(std::uint64_t objectid);

}  // namespace headway
