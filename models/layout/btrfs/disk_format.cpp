#include "models/layout/btrfs/disk_format.h"

#include <fmt/format.h>
#include <linux/btrfs_tree.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "models/layout/btrfs/file_extent_item.h"

namespace headway::disk {

namespace {

// Offsets within the superblock; struct btrfs_super_block is not in the kernel's exported headers of Debian 12.
namespace super_at {
constexpr std::size_t fsid = 0x20, bytenr = 0x30, flags = 0x38, magic = 0x40, generation = 0x48, root = 0x50,
                      chunk_root = 0x58, log_root = 0x60, device_count = 0x88, node_bytes = 0x94, system_bytes = 0xa0,
                      chunk_root_generation = 0xa4, incompat = 0xbc, checksum_type = 0xc4, root_level = 0xc6,
                      chunk_root_level = 0xc7, devid = 0xc9, device_bytes = 0xd1, device_uuid = 0x10b,
                      metadata_fsid = 0x23b, system_chunks = 0x32b;
}  // namespace super_at
constexpr std::uint64_t magic_number = 0x4d5f53665248425f;  // "_BHRfS_M"
constexpr std::size_t system_bytes_max = 2048;
constexpr std::uint64_t changing_checksums = 1ull << 40;  // of tree blocks, btrfs-progs 6.3 and later
constexpr std::uint64_t incompat_metadata_uuid = 1 << 10;
constexpr std::size_t key_bytes = 17;

Uuid uuid_at(Bytes bytes, std::size_t at) {
  Uuid uuid;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), uuid.size(), uuid.begin());
  return uuid;
}

Key key_at(Bytes bytes, std::size_t at) {
  return {little_endian(bytes, at, 8), static_cast<std::uint8_t>(bytes[at + 8]), little_endian(bytes, at + 9, 8)};
}

std::vector<ChunkItem> parse_system_chunks(Bytes block) {
  const std::size_t bytes = little_endian(block, super_at::system_bytes, 4);
  if (bytes > system_bytes_max)
    throw Malformed(super_at::system_bytes, fmt::format("up to {} bytes of system chunks", system_bytes_max),
                    fmt::format("{}", bytes));
  const Bytes array = block.subspan(super_at::system_chunks, bytes);
  std::vector<ChunkItem> chunks;
  for (std::size_t at = 0; at < bytes;) {
    const std::size_t place = super_at::system_chunks + at;
    if (bytes - at < key_bytes) throw Malformed(place, "a key", "the end of the system chunks");
    const Key key = key_at(array, at);
    if (key.type != BTRFS_CHUNK_ITEM_KEY)
      throw Malformed(place, "the key of a chunk", fmt::format("a key of type {}", key.type));
    at += key_bytes;
    chunks.push_back(parse_chunk(key, array.subspan(at), super_at::system_chunks + at));
    at += offsetof(btrfs_chunk, stripe) + chunks.back().stripes.size() * sizeof(btrfs_stripe);
  }
  return chunks;
}

}  // namespace

std::uint64_t little_endian(Bytes bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

std::string uuid_text(const Uuid& uuid) {
  std::string text;
  for (std::size_t i = 0; i < uuid.size(); ++i)
    text +=
        fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", std::to_integer<unsigned>(uuid[i]));
  return text;
}

bool is_superblock(Bytes block) {
  return block.size() >= superblock_bytes && little_endian(block, super_at::magic, 8) == magic_number;
}

Superblock parse_superblock(Bytes block, std::uint64_t at) {
  if (!is_superblock(block)) throw Malformed(super_at::magic, "the magic number _BHRfS_M", "another");
  Superblock super;
  const std::uint64_t type = little_endian(block, super_at::checksum_type, 2);
  if (type > static_cast<std::uint64_t>(ChecksumType::blake2b))
    throw Malformed(super_at::checksum_type, "a checksum type from 0 to 3", fmt::format("{}", type));
  super.checksum_type = static_cast<ChecksumType>(type);
  if (!checksum_fits(super.checksum_type, block.first(superblock_bytes)))
    throw Malformed(0, fmt::format("a superblock with its {} checksum", to_string(super.checksum_type)), "another");
  if (const auto own = little_endian(block, super_at::bytenr, 8); own != at)
    throw Malformed(super_at::bytenr, fmt::format("the superblock of byte {}", at), fmt::format("that of byte {}", own));
  super.fsid = uuid_at(block, super_at::fsid);
  const bool own_metadata_fsid = (little_endian(block, super_at::incompat, 8) & incompat_metadata_uuid) != 0;
  super.metadata_fsid = own_metadata_fsid ? uuid_at(block, super_at::metadata_fsid) : super.fsid;
  super.flags = little_endian(block, super_at::flags, 8);
  super.seeding = (super.flags & BTRFS_SUPER_FLAG_SEEDING) != 0;
  super.changing_fsid = (super.flags & BTRFS_SUPER_FLAG_CHANGING_FSID_V2) != 0;
  super.generation = little_endian(block, super_at::generation, 8);
  super.root = little_endian(block, super_at::root, 8);
  super.chunk_root = little_endian(block, super_at::chunk_root, 8);
  super.log_root = little_endian(block, super_at::log_root, 8);
  super.chunk_root_generation = little_endian(block, super_at::chunk_root_generation, 8);
  super.root_level = static_cast<std::uint8_t>(block[super_at::root_level]);
  super.chunk_root_level = static_cast<std::uint8_t>(block[super_at::chunk_root_level]);
  if (super.root_level > level_max || super.chunk_root_level > level_max)
    throw Malformed(super_at::root_level, "levels from 0 to 7", "higher ones");
  super.device_count = little_endian(block, super_at::device_count, 8);
  const std::uint64_t node_bytes = little_endian(block, super_at::node_bytes, 4);
  if (!std::has_single_bit(node_bytes) || node_bytes < 4096 || node_bytes > 65536)
    throw Malformed(super_at::node_bytes, "a node size of 4096 to 65536 bytes", fmt::format("{}", node_bytes));
  super.node_bytes = static_cast<std::uint32_t>(node_bytes);
  super.devid = little_endian(block, super_at::devid, 8);
  super.device_bytes = little_endian(block, super_at::device_bytes, 8);
  super.device_uuid = uuid_at(block, super_at::device_uuid);
  super.system_chunks = parse_system_chunks(block);
  return super;
}

void check_finished(const Superblock& super) {
  struct Change {
    std::uint64_t flag;
    std::string_view what, by;
  };
  constexpr std::array<Change, 2> changes{{{BTRFS_SUPER_FLAG_CHANGING_FSID, "id (fsid)", "btrfstune -u"},
                                           {changing_checksums, "checksums", "btrfstune --csum"}}};
  for (const auto& [flag, what, by] : changes) {
    if ((super.flags & flag) == 0) continue;
    throw Malformed(super_at::flags, fmt::format("a file system with one kind of {}", what),
                    fmt::format("a change of it by {} that was cut off midway; the same command ends it", by));
  }
}

BlockHeader parse_header(Bytes block) {
  BlockHeader header;
  header.fsid = uuid_at(block, 0x20);
  header.logical = little_endian(block, 0x30, 8);
  header.generation = little_endian(block, 0x50, 8);
  header.owner = little_endian(block, 0x58, 8);
  header.items = static_cast<std::uint32_t>(little_endian(block, 0x60, 4));
  header.level = static_cast<std::uint8_t>(block[0x64]);
  return header;
}

BlockHeader check_block(Bytes block, const Superblock& super, std::uint64_t logical) {
  const BlockHeader header = parse_header(block);
  if (header.logical != logical)
    throw Malformed(0x30, fmt::format("the tree block of address {}", logical),
                    fmt::format("one of address {}", header.logical));
  if (header.fsid != super.metadata_fsid && !super.seeds.contains(header.fsid))
    throw Malformed(0x20, "a block of this file system", fmt::format("one of {}", uuid_text(header.fsid)));
  if (!checksum_fits(super.checksum_type, block))
    throw Malformed(0, fmt::format("a block with its {} checksum", to_string(super.checksum_type)), "another");
  if (header.level > level_max) throw Malformed(0x64, "a level from 0 to 7", fmt::format("{}", header.level));
  const std::uint32_t each = header.level > 0 ? btrfs::pointer_bytes : btrfs::item_bytes;
  const std::uint64_t most = (block.size() - btrfs::header_bytes) / each;
  if (header.items > most)
    throw Malformed(0x60, fmt::format("up to {} items in a block", most), fmt::format("{}", header.items));
  return header;
}

void for_each_pointer(Bytes node,
                      const std::function<void(const Key&, std::uint64_t, std::uint64_t)>& found) {
  const std::uint32_t count = parse_header(node).items;
  for (std::size_t i = 0, at = btrfs::header_bytes; i < count; ++i, at += btrfs::pointer_bytes)
    found(key_at(node, at), little_endian(node, at + key_bytes, 8), little_endian(node, at + key_bytes + 8, 8));
}

void for_each_item(Bytes leaf, const std::function<void(const Key&, Bytes, std::size_t)>& found) {
  const std::uint32_t count = parse_header(leaf).items;
  for (std::size_t i = 0, at = btrfs::header_bytes; i < count; ++i, at += btrfs::item_bytes) {
    const std::uint64_t begin = btrfs::header_bytes + little_endian(leaf, at + key_bytes, 4);
    const std::uint64_t size = little_endian(leaf, at + key_bytes + 4, 4);
    if (begin > leaf.size() || size > leaf.size() - begin)
      throw Malformed(at + key_bytes, "an item within its leaf", fmt::format("{} bytes at {}", size, begin));
    found(key_at(leaf, at), leaf.subspan(begin, size), begin);
  }
}

std::uint32_t leaf_free_bytes(Bytes leaf) {
  const std::uint32_t count = parse_header(leaf).items;
  const std::uint64_t items_end = btrfs::header_bytes + std::uint64_t{count} * btrfs::item_bytes;
  if (count == 0) return static_cast<std::uint32_t>(leaf.size() - btrfs::header_bytes);
  const std::uint64_t last_data = btrfs::header_bytes + little_endian(leaf, items_end - btrfs::item_bytes + key_bytes, 4);
  return last_data < items_end ? 0 : static_cast<std::uint32_t>(last_data - items_end);
}

ChunkItem parse_chunk(const Key& key, Bytes data, std::size_t data_at) {
  constexpr std::size_t head = offsetof(btrfs_chunk, stripe);
  if (data.size() < head + sizeof(btrfs_stripe))
    throw Malformed(data_at, "a chunk item with a stripe", fmt::format("{} bytes", data.size()));
  ChunkItem chunk;
  chunk.logical = key.offset;
  chunk.bytes = little_endian(data, offsetof(btrfs_chunk, length), 8);
  chunk.stripe_bytes = little_endian(data, offsetof(btrfs_chunk, stripe_len), 8);
  chunk.type = little_endian(data, offsetof(btrfs_chunk, type), 8);
  chunk.sub_stripes = static_cast<std::uint16_t>(little_endian(data, offsetof(btrfs_chunk, sub_stripes), 2));
  const std::uint64_t stripes = little_endian(data, offsetof(btrfs_chunk, num_stripes), 2);
  if (stripes == 0 || data.size() < head + stripes * sizeof(btrfs_stripe))
    throw Malformed(data_at + offsetof(btrfs_chunk, num_stripes), "as many stripes as the item has room for",
                    fmt::format("{}", stripes));
  for (std::size_t i = 0, at = head; i < stripes; ++i, at += sizeof(btrfs_stripe))
    chunk.stripes.push_back({little_endian(data, at, 8), little_endian(data, at + offsetof(btrfs_stripe, offset), 8)});
  return chunk;
}

std::vector<FileExtent> extents_behind(Bytes leaf) {
  std::vector<FileExtent> extents;
  for_each_item(leaf, [&](const Key& key, Bytes data, std::size_t data_at) {
    if (key.type != BTRFS_EXTENT_DATA_KEY) return;
    constexpr std::size_t head = offsetof(btrfs_file_extent_item, disk_bytenr);  // all that one inside the leaf has
    const bool whole = data.size() >= head &&
                       (data[offsetof(btrfs_file_extent_item, type)] == std::byte{BTRFS_FILE_EXTENT_INLINE} ||
                        data.size() >= sizeof(btrfs_file_extent_item));
    if (!whole) throw Malformed(data_at, "a whole file extent item", fmt::format("{} bytes", data.size()));
    if (data[offsetof(btrfs_file_extent_item, type)] != std::byte{BTRFS_FILE_EXTENT_REG}) return;
    btrfs::FileExtentItem item;
    item.compressed = data[offsetof(btrfs_file_extent_item, compression)] != std::byte{0};
    item.disk_at = little_endian(data, offsetof(btrfs_file_extent_item, disk_bytenr), 8);
    item.disk_bytes = little_endian(data, offsetof(btrfs_file_extent_item, disk_num_bytes), 8);
    item.offset = little_endian(data, offsetof(btrfs_file_extent_item, offset), 8);
    item.bytes = little_endian(data, offsetof(btrfs_file_extent_item, num_bytes), 8);
    if (item.is_hole()) return;
    if (!item.fits()) throw Malformed(data_at, std::string(btrfs::FileExtentItem::expected), item.text());
    extents.push_back(item.read());
  });
  return extents;
}

void for_each_root(Bytes leaf, const std::function<void(const Key&, const RootItem&, std::size_t)>& found) {
  for_each_item(leaf, [&](const Key& key, Bytes data, std::size_t data_at) {
    if (key.type != BTRFS_ROOT_ITEM_KEY) return;
    if (data.size() < offsetof(btrfs_root_item, level) + 1)
      throw Malformed(data_at, "a whole root item", fmt::format("{} bytes", data.size()));
    RootItem root;
    root.bytenr = little_endian(data, offsetof(btrfs_root_item, bytenr), 8);
    root.generation = little_endian(data, offsetof(btrfs_root_item, generation), 8);
    root.level = static_cast<std::uint8_t>(data[offsetof(btrfs_root_item, level)]);
    root.being_deleted =
        btrfs::means_deletion(key.objectid) && little_endian(data, offsetof(btrfs_root_item, refs), 4) == 0;
    if (root.level > level_max)
      throw Malformed(data_at + offsetof(btrfs_root_item, level), "a level from 0 to 7", fmt::format("{}", root.level));
    if (root.bytenr != 0) found(key, root, data_at);
  });
}

void add_chunk_leaf(Bytes leaf, VolumeParts& parts, const std::function<void(const DeviceItem&)>& found) {
  for_each_item(leaf, [&](const Key& key, Bytes data, std::size_t data_at) {
    if (key.type == BTRFS_DEV_ITEM_KEY) {
      if (data.size() < sizeof(btrfs_dev_item))
        throw Malformed(data_at, "a whole device item", fmt::format("{} bytes", data.size()));
      const DeviceItem device{key.offset, little_endian(data, offsetof(btrfs_dev_item, total_bytes), 8),
                              uuid_at(data, offsetof(btrfs_dev_item, uuid)),
                              uuid_at(data, offsetof(btrfs_dev_item, fsid))};
      parts.add_device(device.devid, device.bytes);
      found(device);
    }
    if (key.type != BTRFS_CHUNK_ITEM_KEY) return;
    const ChunkItem chunk = parse_chunk(key, data, data_at);
    if (!parts.add_chunk(chunk))
      throw Malformed(data_at, fmt::format("chunk {} as it was before", chunk.logical), "another");
  });
}

}  // namespace headway::disk
