#include "models/layout/trees.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/key_text.h"

namespace headway {

namespace {

// btrfs-progs print-tree.c, print_objectid(), and cmds/inspect-dump-tree.c.
constexpr std::array<TreeNames, 15> trees{{
    {btrfs::root_tree, "root", "ROOT_TREE", "root"},
    {btrfs::extent_tree, "extent", "EXTENT_TREE", "extent"},
    {btrfs::chunk_tree, "chunk", "CHUNK_TREE", "chunk"},
    {btrfs::dev_tree, "dev", "DEV_TREE", "device"},
    {btrfs::fs_tree, "fs", "FS_TREE", "fs"},
    {btrfs::csum_tree, "csum", "CSUM_TREE", "checksum"},
    {btrfs::quota_tree, "quota", "QUOTA_TREE", "quota"},
    {btrfs::uuid_tree, "uuid", "UUID_TREE", "uuid"},
    {btrfs::free_space_tree, "free-space", "FREE_SPACE_TREE", "free space"},
    {btrfs::block_group_tree, "block-group", "BLOCK_GROUP_TREE", "block group"},
    {btrfs::raid_stripe_tree, "raid-stripe", "RAID_STRIPE_TREE", ""},
    {btrfs::remap_tree, "", "REMAP_TREE", ""},
    {btrfs::tree_log, "", "TREE_LOG", "log root"},
    {btrfs::tree_reloc, "", "TREE_RELOC", ""},
    {btrfs::data_reloc_tree, "data-reloc", "DATA_RELOC_TREE", "data reloc"},
}};

}  // namespace

std::span<const TreeNames> known_trees() { return trees; }

std::optional<std::uint64_t> parse_tree_name(std::string_view text) {
  const auto* const tree = std::ranges::find(trees, text, &TreeNames::name);
  return tree != trees.end() && !text.empty() ? std::optional(tree->objectid) : parse_objectid(text);
}

const std::vector<std::string>& known_tree_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const TreeNames& tree : trees) {
      if (!tree.name.empty()) list.emplace_back(tree.name);
    }
    return list;
  }();
  return names;
}

std::uint64_t read_tree_name(const JsonNode& node) {
  const std::string name = node.string();
  const auto objectid = parse_tree_name(name);
  if (!objectid) node.fail("a tree: an object id or its name", unknown_name(name, known_tree_names()));
  return *objectid;
}

}  // namespace headway
