// Numbers of btrfs's format that more than one file needs (Linux include/uapi/linux/btrfs_tree.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace headway::btrfs {

// Of a tree block: what stands before its items or pointers, and what each of them takes.
inline constexpr std::uint32_t header_bytes = 101, item_bytes = 25, pointer_bytes = 33;

// Object ids of trees; names: trees.h.
constexpr std::uint64_t special(std::int64_t id) { return static_cast<std::uint64_t>(id); }
inline constexpr std::uint64_t root_tree = 1, extent_tree = 2, chunk_tree = 3, dev_tree = 4, fs_tree = 5, csum_tree = 7,
                               quota_tree = 8, uuid_tree = 9, free_space_tree = 10, block_group_tree = 11,
                               raid_stripe_tree = 12, remap_tree = 13, tree_log = special(-6), tree_reloc = special(-8),
                               data_reloc_tree = special(-9);
// Whether `refs 0` in the root item of a tree says that it is being deleted: of subvolumes, and of relocation trees that
// a balance left. Of the others mkfs (-O quota) and btrfstune write it for trees that are in use, and Linux keeps it.
constexpr bool means_deletion(std::uint64_t tree) {
  return tree == fs_tree || tree == tree_reloc || static_cast<std::int64_t>(tree) >= 256;
}

// Whether files' data lie behind leaves of this owner: the file system's own tree and subvolumes.
constexpr bool is_tree_of_files(std::uint64_t tree) {
  return tree == fs_tree || static_cast<std::int64_t>(tree) >= 256;
}

// Object ids of keys.
inline constexpr std::uint64_t dev_items = 1, first_chunk = 256, extent_csum_objectid = special(-10);

// Types of keys.
inline constexpr std::uint8_t extent_data = 108, extent_csum = 128, root_item = 132, dev_extent = 204, dev_item = 216,
                              chunk_item = 228;

}  // namespace headway::btrfs
