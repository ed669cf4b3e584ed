#include "models/layout/btrfs/image.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/byte_source.h"
#include "core/base/error.h"
#include "models/layout/btrfs/block_reader.h"
#include "models/layout/btrfs/leaf_extents.h"
#include "models/layout/forest_builder.h"
#include "models/layout/forms.h"

namespace headway {

namespace {

class ImageImport {
 public:
  ImageImport(std::span<const std::filesystem::path> paths, const LoadOptions& options)
      : options_(options), images_(paths, options.progress), reader_(images_), builder_("byte") {
    for (const auto& name : images_.names()) builder_.add_file(name);
  }

  Layout run();

 private:
  // A block to read: all of one level, of one tree.
  struct Wanted {
    std::uint64_t logical;
    std::uint64_t generation;
  };
  using OnLeaf = std::function<void(const BlockReader::Found&)>;  // while the leaf is open in the builder

  void walk(Wanted root, std::uint8_t level, const OnLeaf& on_leaf);
  void read_node(Wanted wanted, std::uint8_t level, std::vector<Wanted>& below);
  void read_leaf(Wanted wanted, const OnLeaf& on_leaf);
  void read_chunk_tree();
  void read_root_tree();
  void walk_tree(const FoundRoot& root);
  void add_root_leaf(const BlockReader::Found& leaf);
  Volume system_volume() const;

  const LoadOptions& options_;
  ImageSet images_;
  BlockReader reader_;
  ForestBuilder builder_;
  VolumeParts parts_;
  std::vector<FoundRoot> roots_;
};

// Before the chunk tree is read, only the superblock's own chunks are known, and not how large the devices are.
Volume ImageImport::system_volume() const {
  VolumeParts parts;
  for (const auto& chunk : images_.super().system_chunks) {
    parts.add_chunk(chunk);
    for (const auto& stripe : chunk.stripes) parts.add_device(stripe.devid, 0);
  }
  return parts.make(images_.names().front());
}

void ImageImport::read_node(Wanted wanted, std::uint8_t level, std::vector<Wanted>& below) {
  const auto found = reader_.read(wanted.logical, level, wanted.generation);
  const InputPlace place{found.image, found.at};
  const std::uint32_t room = (images_.super().node_bytes - btrfs::header_bytes) / btrfs::pointer_bytes;
  builder_.add_block({.logical = wanted.logical,
                      .generation = found.header.generation,
                      .level = level,
                      .owner = found.header.owner,
                      .items = found.header.items,
                      .free_bytes = (room - found.header.items) * btrfs::pointer_bytes},
                     place);
  disk::for_each_pointer(found.bytes, [&](const Key& key, std::uint64_t child, std::uint64_t generation) {
    builder_.add_pointer(key, child, generation, place);
    below.push_back({child, generation});
  });
  builder_.end_block();
}

void ImageImport::read_leaf(Wanted wanted, const OnLeaf& on_leaf) {
  const auto found = reader_.read(wanted.logical, 0, wanted.generation);
  const InputPlace place{found.image, found.at};
  builder_.add_block({.logical = wanted.logical,
                      .generation = found.header.generation,
                      .level = 0,
                      .owner = found.header.owner,
                      .items = found.header.items,
                      .free_bytes = disk::leaf_free_bytes(found.bytes)},
                     place);
  try {
    on_leaf(found);
  } catch (const disk::Malformed& malformed) {
    builder_.fail({found.image, found.at + malformed.offset}, malformed.expected, malformed.found);
  }
  builder_.end_block();
}

// Level by level, each in the order of addresses: one sweep over the devices a level. Levels fall from node to node, as
// the reader checks, so that this ends; a block that another tree shares is read once.
void ImageImport::walk(Wanted root, std::uint8_t level, const OnLeaf& on_leaf) {
  std::vector<Wanted> wanted{root};
  for (;; --level) {
    std::sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) { return a.logical < b.logical; });
    std::vector<Wanted> below;
    for (const auto& block : wanted) {
      if (builder_.has_block(block.logical)) continue;
      if (level > 0)
        read_node(block, level, below);
      else
        read_leaf(block, on_leaf);
    }
    wanted = std::move(below);
    if (level == 0 || wanted.empty() || (level == 1 && !on_leaf)) return;
  }
}

void ImageImport::read_chunk_tree() {
  const auto& super = images_.super();
  reader_.use(system_volume());
  walk({super.chunk_root, super.chunk_root_generation}, super.chunk_root_level, [this](const BlockReader::Found& leaf) {
    disk::add_chunk_leaf(leaf.bytes, parts_, [this](const auto& device) { images_.check_device(device); });
  });
  images_.check_seeds();
  // The superblock's chunks are a copy of some of the chunk tree's.
  for (const auto& chunk : super.system_chunks) {
    if (!parts_.add_chunk(chunk))
      throw InputError(images_.names().front(), fmt::format("chunk {}", chunk.logical),
                       "the same in superblock and chunk tree", "two different ones");
  }
  reader_.use(parts_.make(images_.names().front()));
  builder_.add_root({btrfs::chunk_tree, super.chunk_root, super.chunk_root_generation, super.chunk_root_level, {}});
}

void ImageImport::add_root_leaf(const BlockReader::Found& leaf) {
  disk::for_each_root(leaf.bytes, [&](const Key& key, const disk::RootItem& root, std::size_t data_at) {
    if (root.being_deleted) return builder_.leave_out(key.objectid, LeftOut::being_deleted);
    roots_.push_back({key.objectid, root.bytenr, root.generation, root.level, {leaf.image, leaf.at + data_at},
                      key.offset});
  });
}

void ImageImport::read_root_tree() {
  const auto& super = images_.super();
  walk({super.root, super.generation}, super.root_level,
       [this](const BlockReader::Found& leaf) { add_root_leaf(leaf); });
  builder_.add_root({btrfs::root_tree, super.root, super.generation, super.root_level, {}});
  if (super.log_root != 0) builder_.leave_out(btrfs::tree_log, LeftOut::log);
}

// The leaves of a tree are read only where what lies behind them is wanted.
void ImageImport::walk_tree(const FoundRoot& root) {
  const bool files = btrfs::is_tree_of_files(root.objectid) && options_.extents == LoadOptions::Extents::all;
  if (root.level == 0 && !files) return;
  OnLeaf on_leaf;
  if (files) on_leaf = [this](const auto& leaf) { add_extents_behind(leaf.bytes, builder_); };
  walk({root.logical, root.generation}, root.level, on_leaf);
}

Layout ImageImport::run() {
  read_chunk_tree();
  read_root_tree();
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    const auto& root = roots_[i];
    const auto& keep = options_.trees;
    const bool wanted = keep.empty() || std::find(keep.begin(), keep.end(), root.objectid) != keep.end();
    if (wanted && builder_.find_root(root.objectid, root.offset) == nullptr) {
      walk_tree(root);
      builder_.add_root(root);
    }
    if (options_.progress) options_.progress(static_cast<double>(i + 1) / static_cast<double>(roots_.size()));
  }
  Layout layout = builder_.finish(parts_.make(images_.names().front()), images_.super().node_bytes, options_);
  layout.left_out.insert(layout.left_out.end(), images_.notes().begin(), images_.notes().end());
  return layout;
}

}  // namespace

Layout read_images(std::span<const std::filesystem::path> paths, const LoadOptions& options) {
  return ImageImport(paths, options).run();
}

extern const LayoutForm layout_form_image{
    .name = "a btrfs device image",
    .sentence =
        "a device or a copy of one, opened read-only; several where the file system has several, or a seed. Also "
        "as " +
        std::string(compressed_endings) + ", which is unpacked into TMPDIR or else /var/tmp.",
    .several = true,
    .recognizes = ImageSet::is_image,
    .read = read_images};

}  // namespace headway
