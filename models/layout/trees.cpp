#include "models/layout/trees.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/pattern.h"
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

std::string tree_name(std::uint64_t objectid) {
  const auto* const tree = std::ranges::find(trees, objectid, &TreeNames::objectid);
  return tree != trees.end() && !tree->name.empty() ? std::string(tree->name) : tree_text(objectid);
}

std::string tree_list(std::span<const std::uint64_t> objectids) {
  constexpr std::size_t most = 30;
  std::vector<std::string> names;
  for (const std::uint64_t objectid : objectids) {
    std::string name = names.size() < most ? tree_name(objectid) : "...";
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string tree_list(const Forest& forest) {
  std::vector<std::uint64_t> objectids;
  for (const TreeRoot& tree : forest.trees) objectids.push_back(tree.objectid);
  return tree_list(objectids);
}

Value<std::uint64_t> tree_value() {
  std::vector<std::string> names;
  for (const TreeNames& tree : trees) {
    if (!tree.name.empty()) names.emplace_back(tree.name);
    names.emplace_back(tree.constant);
  }
  const std::string pattern = fmt::format("^([0-9]{{1,19}}|0x[0-9a-fA-F]{{1,16}}|{})$", fmt::join(names, "|"));
  const auto objectid_of = [pattern](const JsonNode& node) -> std::uint64_t {
    if (node.json().is_number()) return node.unsigned_integer();
    const std::string text = node.string();
    if (!fits_pattern(pattern, text))
      node.fail("an object id or a tree's name", unknown_name(text, known_tree_names()));
    return *parse_tree_name(text);
  };
  const Shape text = Shape::pattern(pattern, "an object id or a tree's name").checked_by(objectid_of);
  return {Shape::either({text, Shape::whole(0, UINT64_MAX, "")}, "an object id or a tree's name").named("tree"),
          objectid_of};
}

}  // namespace headway
