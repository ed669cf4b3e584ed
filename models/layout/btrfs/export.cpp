#include "models/layout/btrfs/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/layout/btrfs/constants.h"
#include "models/layout/btrfs/volume_parts.h"
#include "models/layout/key_text.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

using namespace btrfs;

constexpr std::uint32_t dev_item_bytes = 98, chunk_item_bytes = 48, stripe_bytes = 32;
constexpr std::size_t flush_bytes = 1 << 16;

// Collects text and passes it on in large pieces.
class Buffer {
 public:
  explicit Buffer(const TextSink& out) : out_(out) {}
  ~Buffer() = default;

  template <typename... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    text_ += '\n';
    if (text_.size() > flush_bytes) flush();
  }
  void flush() {
    out_(text_);
    text_.clear();
  }

 private:
  const TextSink& out_;
  std::string text_;
};

// btrfs-progs cmds/inspect-dump-tree.c.
// `offset` tells trees of one object id apart.
std::string heading(std::uint64_t objectid, std::uint64_t offset) {
  const auto trees = known_trees();
  const auto tree = std::ranges::find(trees, objectid, &TreeNames::objectid);
  const std::string_view name = tree != trees.end() && !tree->heading.empty() ? tree->heading : "file";
  if (objectid == root_tree || objectid == chunk_tree || objectid == tree_log) return fmt::format("{} tree", name);
  return fmt::format("{} tree key ({} ROOT_ITEM {}) ", name, tree_text(objectid), offset);
}

std::string type_text(const Chunk& chunk) {
  std::string text;
  const auto add = [&](std::string_view name) {
    if (!text.empty()) text += '|';
    text += name;
  };
  if (chunk.use & Chunk::data) add("DATA");
  if (chunk.use & Chunk::system) add("SYSTEM");
  if (chunk.use & Chunk::metadata) add("METADATA");
  add(to_string(chunk.profile));
  return text;
}

// The blocks of one tree, level by level from the root, each level in key order, each block once.
class TreeWalk {
 public:
  explicit TreeWalk(const Forest& forest) : forest_(forest), seen_(forest.blocks()) {}

  // Calls found(block, pointer that leads to it or none, parent or no_block).
  template <typename Found>
  void walk(BlockId root, const Found& found) {
    struct Step {
      BlockId block, parent;
      PointerId pointer;
    };
    std::vector<Step> level{{root, no_block, 0}};
    while (!level.empty()) {
      std::vector<Step> below;
      for (const auto& step : level) {
        found(step.block, step.parent, step.pointer);
        for (PointerId p = forest_.first_pointer[step.block]; p < forest_.first_pointer[step.block + 1]; ++p) {
          if (!seen_[forest_.child[p]]) below.push_back({forest_.child[p], step.block, p});
          seen_[forest_.child[p]] = true;
        }
      }
      level = std::move(below);
    }
  }
  void forget() { seen_.assign(seen_.size(), false); }

 private:
  const Forest& forest_;
  std::vector<bool> seen_;
};

class DumpText {
 public:
  DumpText(const Layout& layout, const TextSink& out) : layout_(layout), forest_(layout.forest), out_(out) {}

  void write() {
    std::string source = layout_.source;
    std::replace_if(source.begin(), source.end(), [](char c) { return c >= 0 && c < ' '; }, '?');
    out_.line("{}{}", export_heading, source);
    in_chunk_leaves_ = chunk_leaves_fit();
    if (!in_chunk_leaves_) {
      out_.line("device and chunk items");
      items(items_count());
    }
    TreeWalk walk(forest_);
    std::uint64_t last = 0, offset = 0;
    for (const auto& tree : forest_.trees) {
      offset = tree.objectid == std::exchange(last, tree.objectid) ? offset + 1 : 0;
      out_.line("{}", heading(tree.objectid, offset));
      // What a snapshot shares with the trees before it is not written twice.
      walk.walk(tree.root, [&](BlockId block, BlockId, PointerId) { this->block(block); });
    }
    out_.flush();
  }

 private:
  std::size_t items_count() const { return layout_.volume.devices().size() + layout_.volume.chunks().size(); }

  bool chunk_leaves_fit() const {
    const auto tree = forest_.find_tree(chunk_tree);
    if (!tree || layout_.notes.empty()) return false;
    std::uint64_t room = 0;
    TreeWalk(forest_).walk(forest_.trees[*tree].root, [&](BlockId block, BlockId, PointerId) {
      if (forest_.level[block] > 0) return;
      const auto& notes = layout_.notes;
      room += notes.owner[block] == chunk_tree ? notes.items[block] : std::uint64_t{1} << 40;
    });
    return room == items_count();
  }

  void block(BlockId block) {
    const std::uint64_t logical = forest_.logical[block], generation = forest_.generation[block];
    const bool noted = !layout_.notes.empty();
    const std::string owner = tree_text(noted ? layout_.notes.owner[block] : BlockNotes::unknown_owner);
    const PointerId first = forest_.first_pointer[block], end = forest_.first_pointer[block + 1];
    if (forest_.level[block] > 0) {
      const std::uint32_t room = (forest_.node_bytes - header_bytes) / pointer_bytes;
      out_.line("node {} level {} items {} free space {} generation {} owner {}", logical, forest_.level[block],
                end - first, room - std::min(room, end - first), generation, owner);
      for (PointerId p = first; p < end; ++p)
        out_.line("\tkey ({}) block {} gen {}", key_text(forest_.key(p)), forest_.logical[forest_.child[p]],
                  forest_.child_generation[p]);
      return;
    }
    std::string fill;
    if (noted && layout_.notes.items[block] != BlockNotes::unknown_count)
      fill += fmt::format(" items {}", layout_.notes.items[block]);
    if (noted && layout_.notes.free_bytes[block] != BlockNotes::unknown_count)
      fill += fmt::format(" free space {}", layout_.notes.free_bytes[block]);
    out_.line("leaf {}{} generation {} owner {}", logical, fill, generation, owner);
    if (layout_.extents.knows(block)) extents(block);
    if (in_chunk_leaves_ && layout_.notes.owner[block] == chunk_tree) items(layout_.notes.items[block]);
  }

  // btrfs-progs have these in the items, which layouts do not keep.
  void extents(BlockId leaf) {
    const FileExtents& all = layout_.extents;
    out_.line("\tfile data extents {}", all.first[leaf + 1] - all.first[leaf]);
    for (std::uint32_t i = all.first[leaf]; i < all.first[leaf + 1]; ++i)
      out_.line("\tfile data at {} bytes {}", all.logical[i], all.bytes[i]);
  }

  // The next `count` items of the chunk tree: devices, then chunks.
  void items(std::size_t count) {
    const auto devices = layout_.volume.devices();
    std::uint32_t data_at = forest_.node_bytes - header_bytes;
    for (std::size_t i = 0; i < count && next_item_ < items_count(); ++i, ++next_item_) {
      const bool device = next_item_ < devices.size();
      const Chunk* const chunk = device ? nullptr : &layout_.volume.chunks()[next_item_ - devices.size()];
      const auto bytes = device ? dev_item_bytes
                                : static_cast<std::uint32_t>(chunk_item_bytes + stripe_bytes * chunk->stripes.size());
      // In a real leaf this never runs out; without one the place has no meaning after the first.
      data_at -= std::min(bytes, data_at);
      const Key key = device ? Key{dev_items, dev_item, devices[next_item_].devid} : Key{first_chunk, chunk_item, chunk->logical};
      out_.line("\titem {} key ({}) itemoff {} itemsize {}", i, key_text(key), data_at, bytes);
      if (device)
        out_.line("\t\tdevid {} total_bytes {}", devices[next_item_].devid, devices[next_item_].bytes);
      else
        chunk_details(*chunk);
    }
  }

  void chunk_details(const Chunk& chunk) {
    out_.line("\t\tlength {} owner {} stripe_len {} type {}", chunk.bytes, extent_tree, chunk.stripe_bytes, type_text(chunk));
    out_.line("\t\tnum_stripes {} sub_stripes {}", chunk.stripes.size(), chunk.sub_stripes);
    for (std::size_t s = 0; s < chunk.stripes.size(); ++s)
      out_.line("\t\t\tstripe {} devid {} offset {}", s, layout_.volume.devices()[chunk.stripes[s].device].devid,
                chunk.stripes[s].physical);
  }

  const Layout& layout_;
  const Forest& forest_;
  Buffer out_;
  bool in_chunk_leaves_ = false;
  std::size_t next_item_ = 0;
};

class Csv {
 public:
  Csv(const Layout& layout, const TextSink& out) : layout_(layout), out_(out) {
    for (const auto& chunk : layout.volume.chunks()) copies_ = std::max(copies_, Volume::copies_of(chunk.profile));
  }

  void write() {
    std::string head = "tree,level,position,logical,generation,parent,key_objectid,key_type,key_offset,items,free_bytes";
    for (int i = 1; i <= copies_; ++i) head += fmt::format(",devid_{},physical_{}", i, i);
    out_.line("{}", head);
    TreeWalk walk(layout_.forest);
    for (const auto& tree : layout_.forest.trees) {
      walk.forget();
      std::uint64_t position = 0;
      int level = -1;
      walk.walk(tree.root, [&](BlockId block, BlockId parent, PointerId pointer) {
        position = layout_.forest.level[block] == level ? position + 1 : 0;
        level = layout_.forest.level[block];
        row(tree.objectid, position, block, parent, pointer);
      });
    }
    out_.flush();
  }

 private:
  void row(std::uint64_t tree, std::uint64_t position, BlockId block, BlockId parent, PointerId pointer) {
    const Forest& forest = layout_.forest;
    std::string text = fmt::format("{},{},{},{},{},", tree, forest.level[block], position, forest.logical[block],
                                   forest.generation[block]);
    if (parent == no_block)
      text += ",,,";
    else
      text += fmt::format("{},{},{},{}", forest.logical[parent], forest.key_objectid[pointer],
                          forest.key_type[pointer], forest.key_offset[pointer]);
    for (const auto* column : {&layout_.notes.items, &layout_.notes.free_bytes}) {
      const bool known = !layout_.notes.empty() && (*column)[block] != BlockNotes::unknown_count;
      text += known ? fmt::format(",{}", (*column)[block]) : ",";
    }
    const Mapping mapping = layout_.volume.map(forest.logical[block]);
    for (int i = 0; i < copies_; ++i) {
      const auto& copy = mapping.copy[static_cast<std::size_t>(i)];
      text += i < mapping.copies
                  ? fmt::format(",{},{}", layout_.volume.devices()[copy.device].devid, copy.physical)
                  : std::string(",,");
    }
    out_.line("{}", text);
  }

  const Layout& layout_;
  Buffer out_;
  int copies_ = 1;
};

}  // namespace

void export_dump_text(const Layout& layout, const TextSink& out) { DumpText(layout, out).write(); }

void export_csv(const Layout& layout, const TextSink& out) { Csv(layout, out).write(); }

}  // namespace headway
