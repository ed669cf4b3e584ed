// The trees of btrfs: what users, keys and headings of dumps call them. Ids as constants: btrfs/constants.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fields.h"
#include "core/forest.h"

namespace headway {

struct TreeNames {
  std::uint64_t objectid;
  std::string_view name;      // as users write it: "fs"; empty for what no user asks for
  std::string_view constant;  // as btrfs-progs print it in a key: "FS_TREE"
  std::string_view heading;   // before "tree key (...)" in a dump; empty where btrfs-progs 6.2 knows none
};

std::span<const TreeNames> known_trees();

// The object id of a tree as users name it: "fs", "raid-stripe", "FREE_SPACE_TREE", "256", "0x100". Nothing for other
// text.
std::optional<std::uint64_t> parse_tree_name(std::string_view text);
// What errors and schemas list: "root", "extent", ...; object ids go beside them.
const std::vector<std::string>& known_tree_names();
// The name that a user writes for a tree; btrfs-progs' or the number where none does.
std::string tree_name(std::uint64_t objectid);
// "root, extent, fs, 256": each once, with "..." at the end of a long list.
std::string tree_list(std::span<const std::uint64_t> objectids);
std::string tree_list(const Forest& forest);

// What JSON that people write names a tree by: one of the names, or an object id as a number or a text.
Value<std::uint64_t> tree_value();

}  // namespace headway
