#include "models/layout/key_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "models/layout/btrfs/constants.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

struct Name {
  std::string_view text;
  std::uint64_t number;
};

// btrfs-progs print-tree.c, print_objectid(): what is no tree; those are in trees.h.
constexpr std::array<Name, 10> objectids{{
    {"ROOT_TREE_DIR", 6},
    {"BALANCE", btrfs::special(-4)},
    {"ORPHAN", btrfs::special(-5)},
    {"LOG_FIXUP", btrfs::special(-7)},
    {"EXTENT_CSUM", btrfs::extent_csum_objectid},
    {"FREE_SPACE", btrfs::special(-11)},
    {"FREE_INO", btrfs::special(-12)},
    {"CSUM_CHANGE", btrfs::special(-13)},
    {"MULTIPLE", btrfs::special(-255)},
    {"-1", btrfs::special(-1)},
}};
// The same numbers as above under another name, by item type.
constexpr std::array<Name, 3> objectids_of_types{
    {{"DEV_ITEMS", btrfs::dev_items}, {"DEV_STATS", 0}, {"FIRST_CHUNK_TREE", btrfs::first_chunk}}};

// print_key_type(); where versions differ, the name of 6.2 stands first.
constexpr std::array<Name, 48> types{{
    {"INODE_ITEM", 1},          {"INODE_REF", 12},           {"INODE_EXTREF", 13},
    {"XATTR_ITEM", 24},         {"VERITY_DESC_ITEM", 36},    {"VERITY_MERKLE_ITEM", 37},
    {"ORPHAN_ITEM", 48},        {"DIR_LOG_ITEM", 60},        {"DIR_LOG_INDEX", 72},
    {"DIR_ITEM", 84},           {"DIR_INDEX", 96},           {"EXTENT_DATA", 108},
    {"CSUM_ITEM", 120},         {"EXTENT_CSUM", 128},        {"ROOT_ITEM", 132},
    {"ROOT_BACKREF", 144},      {"ROOT_REF", 156},           {"EXTENT_ITEM", 168},
    {"METADATA_ITEM", 169},     {"EXTENT_OWNER_REF", 172},   {"TREE_BLOCK_REF", 176},
    {"EXTENT_DATA_REF", 178},   {"EXTENT_REF_V0", 180},      {"SHARED_BLOCK_REF", 182},
    {"SHARED_DATA_REF", 184},   {"BLOCK_GROUP_ITEM", 192},   {"FREE_SPACE_INFO", 198},
    {"FREE_SPACE_EXTENT", 199}, {"FREE_SPACE_BITMAP", 200},  {"DEV_EXTENT", 204},
    {"DEV_ITEM", 216},          {"CHUNK_ITEM", 228},         {"RAID_STRIPE", 230},
    {"IDENTITY_REMAP", 234},    {"REMAP", 235},              {"REMAP_BACKREF", 236},
    {"QGROUP_STATUS", 240},     {"QGROUP_INFO", 242},        {"QGROUP_LIMIT", 244},
    {"QGROUP_RELATION", 246},   {"TEMPORARY_ITEM", 248},     {"BALANCE_ITEM", 248},
    {"PERSISTENT_ITEM", 249},   {"DEV_STATS", 249},          {"DEV_REPLACE", 250},
    {"UUID_KEY_SUBVOL", 251},   {"UUID_KEY_RECEIVED_SUBVOL", 252},
    {"STRING_ITEM", 253},
}};

template <std::size_t n>
std::optional<std::uint64_t> find(const std::array<Name, n>& names, std::string_view text) {
  for (const auto& name : names) {
    if (name.text == text) return name.number;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "1/256": the level in the top 16 bits, the subvolume below.
std::optional<std::uint64_t> parse_qgroup(std::string_view text, std::size_t slash) {
  const auto level = parse_number(text.substr(0, slash));
  const auto subvolume = parse_number(text.substr(slash + 1));
  if (!level || !subvolume || *level > UINT16_MAX || *subvolume >> 48 != 0) return std::nullopt;
  return *level << 48 | *subvolume;
}

constexpr std::uint8_t persistent_item = 249, qgroup_info = 242, qgroup_limit = 244, qgroup_relation = 246,
                       uuid_subvol = 251, uuid_received = 252;

std::string qgroup_text(std::uint64_t id) { return fmt::format("{}/{}", id >> 48, id & ((std::uint64_t{1} << 48) - 1)); }

std::string objectid_text(std::uint64_t objectid, std::uint8_t type) {
  if (type == persistent_item) return objectid == 0 ? "DEV_STATS" : fmt::format("{}", objectid);
  if (type == btrfs::dev_extent) return fmt::format("{}", objectid);
  if (type == qgroup_relation) return qgroup_text(objectid);
  if (type == uuid_subvol || type == uuid_received) return fmt::format("{:#018x}", objectid);
  if (type == btrfs::dev_item && objectid == btrfs::dev_items) return "DEV_ITEMS";
  if (type == btrfs::chunk_item && objectid == btrfs::first_chunk) return "FIRST_CHUNK_TREE";
  return tree_text(objectid);
}

std::string type_text(std::uint64_t objectid, std::uint8_t type) {
  constexpr std::uint64_t free_space = btrfs::special(-11);
  if (type == 0 && objectid == free_space) return "UNTYPED";
  const auto* const name = std::find_if(types.begin(), types.end(), [&](const Name& n) { return n.number == type; });
  return name != types.end() ? std::string(name->text) : fmt::format("UNKNOWN.{}", type);
}

std::string offset_text(std::uint8_t type, std::uint64_t offset) {
  if (type == qgroup_relation || type == qgroup_info || type == qgroup_limit) return qgroup_text(offset);
  if (type == uuid_subvol || type == uuid_received) return fmt::format("{:#018x}", offset);
  return offset == UINT64_MAX ? "-1" : fmt::format("{}", offset);
}

}  // namespace

std::optional<std::uint64_t> parse_objectid(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() >= '0' && text.front() <= '9') {
    if (text.starts_with("0x")) return parse_number(text.substr(2), 16);
    const auto slash = text.find('/');
    return slash == text.npos ? parse_number(text) : parse_qgroup(text, slash);
  }
  if (text.front() == '-') {
    const auto size = parse_number(text.substr(1));
    return size ? std::optional(std::uint64_t{0} - *size) : std::nullopt;
  }
  for (const TreeNames& tree : known_trees()) {
    if (tree.constant == text) return tree.objectid;
  }
  const auto id = find(objectids, text);
  return id ? id : find(objectids_of_types, text);
}

std::optional<std::uint8_t> parse_key_type(std::string_view text) {
  constexpr std::string_view unknown = "UNKNOWN.";
  std::optional<std::uint64_t> type;
  if (text == "UNTYPED") return std::uint8_t{0};
  if (text.starts_with(unknown))
    type = parse_number(text.substr(unknown.size()));
  else
    type = find(types, text);
  if (!type || *type > UINT8_MAX) return std::nullopt;
  return static_cast<std::uint8_t>(*type);
}

std::optional<Key> parse_key(std::string_view text) {
  const auto first = text.find(' ');
  if (first == text.npos) return std::nullopt;
  const auto second = text.find(' ', first + 1);
  if (second == text.npos) return std::nullopt;
  const auto objectid = parse_objectid(text.substr(0, first));
  const auto type = parse_key_type(text.substr(first + 1, second - first - 1));
  const auto offset = parse_objectid(text.substr(second + 1));
  if (!objectid || !type || !offset) return std::nullopt;
  return Key{*objectid, *type, *offset};
}

std::string key_text(const Key& key) {
  return fmt::format("{} {} {}", objectid_text(key.objectid, key.type), type_text(key.objectid, key.type),
                     offset_text(key.type, key.offset));
}

std::string tree_text(std::uint64_t objectid) {
  for (const TreeNames& tree : known_trees()) {
    if (tree.objectid == objectid) return std::string(tree.constant);
  }
  const auto* const name = std::ranges::find(objectids, objectid, &Name::number);
  return name != objectids.end() ? std::string(name->text) : fmt::format("{}", objectid);
}

}  // namespace headway
