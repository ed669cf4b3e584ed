#include "models/layout/btrfs/image_stream.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/error.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/btrfs/leaf_extents.h"
#include "models/layout/forest_builder.h"
#include "models/layout/forms.h"

namespace headway {

namespace {

// A cluster: a block of a header and items (address, size), then the items' bytes, padded to whole blocks
// (btrfs-progs image/metadump.h).
constexpr std::size_t cluster_block_bytes = 1024;
constexpr std::size_t cluster_header_bytes = 21;  // magic u64, bytenr u64, nritems u32, compress u8
constexpr std::size_t item_bytes = 12;            // bytenr u64, size u32
constexpr std::size_t items_max = (cluster_block_bytes - cluster_header_bytes) / item_bytes;
// btrfs-image joins blocks to at most 256 KiB; compression may add a little.
constexpr std::size_t item_bytes_max = 1 << 20;

class StreamImport {
 public:
  StreamImport(const std::string& name, std::unique_ptr<ByteSource> bytes, const LoadOptions& options)
      : options_(options), bytes_(std::move(bytes)), builder_("byte") {
    builder_.add_file(name);
  }

  Layout run();

 private:
  bool read_cluster();
  void read_item(std::uint64_t address, std::size_t size, bool compressed);
  void read_blocks(std::uint64_t address, disk::Bytes bytes);
  void read_superblock(disk::Bytes bytes);
  void read_block(std::uint64_t address, disk::Bytes block);
  void add_block(const disk::BlockHeader& header, disk::Bytes block);
  void add_root_leaf(disk::Bytes leaf);
  void check_seeds() const;
  void read_exactly(std::span<std::byte> to, std::string_view what);
  InputPlace place(std::uint64_t within = 0) const { return {0, std::min(item_at_ + within, (std::uint64_t{1} << 48) - 1)}; }

  const LoadOptions& options_;
  std::unique_ptr<ByteSource> bytes_;
  std::uint64_t offset_ = 0;   // of the next byte
  std::uint64_t item_at_ = 0;  // where the item that is being read begins
  std::vector<std::byte> packed_, plain_;
  std::optional<disk::Superblock> super_;
  std::map<disk::Uuid, InputPlace> other_fsids_;  // of blocks, and where the first of each came
  std::set<disk::Uuid> device_fsids_;             // by the chunk tree
  ForestBuilder builder_;
  VolumeParts parts_;
};

void StreamImport::read_exactly(std::span<std::byte> to, std::string_view what) {
  const std::size_t got = bytes_->read(to);
  offset_ += got;
  if (got < to.size()) builder_.fail({0, offset_}, what, "the stream's end: it is truncated");
}

bool StreamImport::read_cluster() {
  std::array<std::byte, cluster_block_bytes> head;
  item_at_ = offset_;
  const std::size_t got = bytes_->read(head);
  offset_ += got;
  if (got == 0) return false;
  if (got < head.size()) builder_.fail({0, offset_}, "a cluster of 1024 bytes", "the stream's end: it is truncated");
  if (disk::little_endian(head, 0, 8) != image_stream_magic)
    builder_.fail(place(), "a cluster of btrfs-image", "another magic number");
  if (const auto own = disk::little_endian(head, 8, 8); own != item_at_)
    builder_.fail(place(8), fmt::format("the cluster of byte {}", item_at_), fmt::format("that of byte {}", own));
  const std::uint64_t items = disk::little_endian(head, 16, 4);
  const unsigned compress = std::to_integer<unsigned>(head[20]);
  if (items > items_max) builder_.fail(place(16), fmt::format("up to {} items", items_max), fmt::format("{}", items));
  if (compress > 1) builder_.fail(place(20), "no compression (0) or zlib (1)", fmt::format("{}", compress));
  for (std::size_t i = 0, at = cluster_header_bytes; i < items; ++i, at += item_bytes)
    read_item(disk::little_endian(head, at, 8), disk::little_endian(head, at + 8, 4), compress == 1);
  const std::size_t padding = (cluster_block_bytes - offset_ % cluster_block_bytes) % cluster_block_bytes;
  std::array<std::byte, cluster_block_bytes> ignored;
  offset_ += bytes_->read(std::span(ignored).first(padding));  // the last cluster's may be missing
  if (options_.progress) options_.progress(bytes_->progress());
  return true;
}

void StreamImport::read_item(std::uint64_t address, std::size_t size, bool compressed) {
  item_at_ = offset_;
  if (size == 0 || size > item_bytes_max)
    builder_.fail(place(), fmt::format("an item of 1 to {} bytes", item_bytes_max), fmt::format("{}", size));
  packed_.resize(size);
  read_exactly(packed_, fmt::format("an item of {} bytes", size));
  if (!compressed) return read_blocks(address, packed_);
  plain_.resize(item_bytes_max);
  uLongf plain_bytes = plain_.size();
  const int result = ::uncompress(reinterpret_cast<Bytef*>(plain_.data()), &plain_bytes,
                                  reinterpret_cast<const Bytef*>(packed_.data()), size);
  if (result != Z_OK)
    builder_.fail(place(), fmt::format("zlib data of up to {} bytes", item_bytes_max), ::zError(result));
  read_blocks(address, std::span(plain_).first(plain_bytes));
}

void StreamImport::read_blocks(std::uint64_t address, disk::Bytes bytes) {
  if (address == disk::superblock_at[0]) return read_superblock(bytes);
  if (!super_) builder_.fail(place(), "the superblock as the first item", fmt::format("the bytes at {}", address));
  for (std::size_t at = 0; bytes.size() - at >= super_->node_bytes; at += super_->node_bytes)
    read_block(address + at, bytes.subspan(at, super_->node_bytes));
}

void StreamImport::read_superblock(disk::Bytes bytes) {
  if (super_) builder_.fail(place(), "one superblock", "a second one");
  if (bytes.size() < disk::superblock_bytes)
    builder_.fail(place(), "a superblock of 4096 bytes", fmt::format("{}", bytes.size()));
  try {
    super_ = disk::parse_superblock(bytes, disk::superblock_at[0]);
    disk::check_finished(*super_);
  } catch (const disk::Malformed& malformed) {
    builder_.fail(place(malformed.offset), malformed.expected, malformed.found);
  }
}

void StreamImport::read_block(std::uint64_t address, disk::Bytes block) {
  disk::BlockHeader header = disk::parse_header(block);
  const bool other = header.fsid != super_->metadata_fsid;
  if (header.logical != address || (other && !checksum_fits(super_->checksum_type, block))) return;  // no tree block
  if (other && other_fsids_.emplace(header.fsid, place(0x20)).second) super_->seeds.insert(header.fsid);
  try {
    if (header.level > 0) header = disk::check_block(block, *super_, address);
    add_block(header, block);
  } catch (const disk::Malformed& malformed) {
    builder_.fail(place(malformed.offset), malformed.expected, malformed.found);
  }
}

void StreamImport::add_block(const disk::BlockHeader& header, disk::Bytes block) {
  const std::uint64_t room = block.size() - btrfs::header_bytes;
  const bool leaf = header.level == 0;
  if (header.items > room / (leaf ? btrfs::item_bytes : btrfs::pointer_bytes))
    throw disk::Malformed(0x60, "as many items as fit into the block", fmt::format("{}", header.items));
  const std::uint64_t free = leaf ? disk::leaf_free_bytes(block)
                                  : (room / btrfs::pointer_bytes - header.items) * btrfs::pointer_bytes;
  builder_.add_block({.logical = header.logical,
                      .generation = header.generation,
                      .level = header.level,
                      .owner = header.owner,
                      .items = header.items,
                      .free_bytes = static_cast<std::uint32_t>(free)},
                     place());
  if (!leaf)
    disk::for_each_pointer(block, [&](const Key& key, std::uint64_t child, std::uint64_t generation) {
      builder_.add_pointer(key, child, generation, place());
    });
  if (leaf && btrfs::is_tree_of_files(header.owner) && options_.extents != LoadOptions::Extents::none)
    add_extents_behind(block, builder_);
  builder_.end_block();
  if (leaf && header.owner == btrfs::chunk_tree)
    disk::add_chunk_leaf(block, parts_, [this](const auto& device) { device_fsids_.insert(device.fsid); });
  if (leaf && header.owner == btrfs::root_tree) add_root_leaf(block);
}

void StreamImport::add_root_leaf(disk::Bytes leaf) {
  disk::for_each_root(leaf, [&](const Key& key, const disk::RootItem& root, std::size_t data_at) {
    if (root.being_deleted) return builder_.leave_out(key.objectid, LeftOut::being_deleted);
    builder_.add_root({key.objectid, root.bytenr, root.generation, root.level, place(data_at), key.offset});
  });
}

// Blocks of other ids than the file system's are a seed's, which the chunk tree names.
void StreamImport::check_seeds() const {
  for (const auto& [fsid, where] : other_fsids_) {
    if (!device_fsids_.contains(fsid))
      builder_.fail(
          where,
          fmt::format("a block of this file system, {}, or of a seed of it", disk::uuid_text(super_->metadata_fsid)),
          fmt::format("one of {}", disk::uuid_text(fsid)));
  }
}

Layout StreamImport::run() {
  while (read_cluster()) {
  }
  if (!super_) builder_.fail({0, offset_}, "the superblock as the first item", "the stream's end");
  if (parts_.empty()) builder_.fail({0, offset_}, "the chunk tree in the stream", "no chunk");
  check_seeds();
  if (super_->log_root != 0) builder_.leave_out(btrfs::tree_log, LeftOut::log);
  builder_.add_root({btrfs::chunk_tree, super_->chunk_root, super_->chunk_root_generation, super_->chunk_root_level, {}});
  builder_.add_root({btrfs::root_tree, super_->root, super_->generation, super_->root_level, {}});
  return builder_.finish(parts_.make(builder_.file_names()), super_->node_bytes, options_);
}

}  // namespace

Layout read_image_stream(const std::string& name, std::unique_ptr<ByteSource> bytes, const LoadOptions& options) {
  return StreamImport(name, std::move(bytes), options).run();
}

extern const LayoutForm layout_form_image_stream{
    .name = "a btrfs-image stream",
    .sentence = "what btrfs-image writes (-c0 to -c9), also as " + std::string(compressed_endings) + ".",
    .recognizes =
        [](const std::filesystem::path&, std::string_view begin) {
          return begin.size() >= 8 &&
                 disk::little_endian(std::as_bytes(std::span(begin)), 0, 8) == image_stream_magic;
        },
    .read =
        [](std::span<const std::filesystem::path> files, const LoadOptions& options) {
          return read_image_stream(files.front().string(), open_bytes(files.front()), options);
        }};

}  // namespace headway
