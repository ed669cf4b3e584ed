#include "models/layout/grow/grow.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/random_stream.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/forest_builder.h"
#include "models/layout/grow/block_allocator.h"
#include "models/layout/grow/chunk_allocator.h"
#include "models/layout/grow/cow_tree.h"
#include "models/layout/grow/grow_spec.h"

namespace headway {

namespace {

using Random = std::mt19937_64;

using btrfs::header_bytes, btrfs::pointer_bytes;
constexpr double inode_bytes = 240;  // INODE_ITEM and INODE_REF with their heads and a name

[[noreturn]] void devices_full(const JsonNode& spec) {
  spec.at("devices").fail("devices with room for the trees and the data", "ones that are full, or too few");
}

void check_profile(const JsonNode& node, const GrowSpec& spec, const char* key, Profile profile) {
  const std::size_t needed = ChunkAllocator::devices_min(profile);
  if (spec.device_bytes.size() < needed)
    node.at("devices").fail(
        fmt::format("{} devices or more for \"{}\": \"{}\"{}", needed, key, to_string(profile),
                    node.has(key) ? "" : " (the default)"),
        fmt::format("{}", spec.device_bytes.size()));
}

// What no device has room for, whatever it holds, before the allocator finds none.
void check_chunks(const JsonNode& node, const GrowSpec& spec) {
  check_profile(node, spec, "metadata_profile", spec.metadata_profile);
  if (spec.data_bytes_per_file > 0) check_profile(node, spec, "data_profile", spec.data_profile);
  ChunkAllocator trial(spec.device_bytes);
  if (trial.allocate(spec.metadata_profile, Chunk::metadata, spec.metadata_chunk_bytes)) return;
  ChunkAllocator of_the_kernel(spec.device_bytes);
  if (spec.metadata_chunk_bytes != 0 && of_the_kernel.allocate(spec.metadata_profile, Chunk::metadata, 0))
    node.at("metadata_chunk_bytes").fail("1 MiB or more for each stripe that holds data of its own",
                                         fmt::format("{}", spec.metadata_chunk_bytes));
  devices_full(node);
}

// A grown tree's keys are numbers; a real tree's are triples, and of the kinds that its tree has.
Key spread_key(const TreeSpec& tree, std::uint64_t objectid, std::uint64_t key) {
  constexpr std::uint8_t inode_item = 1, extent_data = 108, extent_item = 168;
  if (objectid == btrfs::csum_tree) return {btrfs::extent_csum_objectid, btrfs::extent_csum, key};
  if (tree.use != TreeUse::files) return {(key >> 20) * 4096, extent_item, key & ((1 << 20) - 1)};
  const std::uint64_t rest = key & ((1 << 28) - 1);
  return {256 + (key >> 28), rest == 0 ? inode_item : extent_data, rest << 12};
}

// ---- Ageing.

class Ageing {
 public:
  Ageing(const JsonNode& node, const GrowSpec& spec, std::uint64_t seed, const LoadOptions& options)
      : node_(node),
        spec_(spec),
        options_(options),
        random_(random_stream(seed, RandomPurpose::growth)),
        chunks_(spec.device_bytes),
        blocks_(spec.node_bytes, [this](std::uint64_t& logical, std::uint64_t& bytes) { return grow(logical, bytes); }) {
    for (const auto& tree : spec.trees) trees_.push_back({tree, tree.objectid, CowTree(spec.node_bytes, blocks_)});
  }

  Layout run();

 private:
  struct Growing {
    TreeSpec spec;
    std::uint64_t objectid;
    CowTree tree;
    std::uint64_t holes = 0;      // of extent trees: extents deleted whose place no other has taken
    std::uint64_t first_key = 0;  // of subvolumes: of the first file; below it there are only directories
    std::vector<std::uint64_t> unwritten;  // keys of files whose data are still to be written
  };
  struct Files {
    std::uint64_t creates = 0, deletes = 0, rewrites = 0;
  };

  struct Item {
    std::uint32_t bytes;
    double place;  // in its leaf, from 0 to 1
  };

  bool grow(std::uint64_t& logical, std::uint64_t& bytes);
  double share() { return boost::random::uniform_01<double>()(random_); }
  std::uint32_t bytes_of(double mean);
  Item draw_item(double mean_bytes);
  template <class Fits>
  CowTree::LeafId leaf_of_item(const CowTree& tree, Fits fits);
  CowTree::LeafId leaf_of_item(const CowTree& tree) {
    return leaf_of_item(tree, [](CowTree::LeafId) { return true; });
  }
  CowTree::LeafId leaf_of_file(const Growing& growing);
  CowTree::LeafId leaf_of_entry(const Growing& growing);
  void make_directories(Growing& growing);
  void write_data(Growing& growing);
  Growing& some_subvolume();
  void change(const Files& files);
  void create();
  void remove();
  void rewrite();
  void touch_next(Growing& growing, CowTree::LeafId leaf);
  void change_extents(Growing& growing, const Files& files);
  void store_data(const Files& files);
  void transaction(const Files& files);
  void commit();
  void emit(ForestBuilder& builder, const TreeSpec& spec, std::uint64_t objectid, const CowTree& tree) const;

  const JsonNode& node_;
  const GrowSpec& spec_;
  const LoadOptions& options_;
  Random random_;
  ChunkAllocator chunks_;
  BlockAllocator blocks_;
  std::vector<Growing> trees_;
  std::vector<Growing> snapshots_;
  std::uint32_t transaction_ = 1;
  double data_bytes_ = 0, data_chunk_bytes_ = 0;
};

bool Ageing::grow(std::uint64_t& logical, std::uint64_t& bytes) {
  const auto chunk = chunks_.allocate(spec_.metadata_profile, Chunk::metadata, spec_.metadata_chunk_bytes);
  if (!chunk) return false;
  logical = chunks_.chunks()[*chunk].logical;
  bytes = chunks_.chunks()[*chunk].bytes;
  if ((logical + bytes) / spec_.node_bytes >= UINT32_MAX)
    node_.at("devices").fail(fmt::format("data and metadata below 2^32 nodes of {} bytes", spec_.node_bytes), "more");
  return true;
}

// Items differ: from half to one and a half of their mean.
std::uint32_t Ageing::bytes_of(double mean) {
  return static_cast<std::uint32_t>(std::lround(std::clamp(mean * (0.5 + share()), 1.0, spec_.node_bytes / 4.0)));
}

// A new item: its place first, then its bytes. Each draw is a statement of its own, since C++ leaves open in which order
// a call's arguments are evaluated, and compilers (and one with sanitizers) do differ.
Ageing::Item Ageing::draw_item(double mean_bytes) {
  const double place = share();
  return {bytes_of(mean_bytes), place};
}

// A leaf that fits, with a probability as its items: what a random file or directory entry stands in.
template <class Fits>
CowTree::LeafId Ageing::leaf_of_item(const CowTree& tree, Fits fits) {
  constexpr int tries = 1000;  // a tree may be all but empty, or have few that fit
  for (int i = 0; i < tries; ++i) {
    const CowTree::LeafId leaf = tree.leaf_at(random_());
    if (fits(leaf) && share() * tree.leaf_room() < tree.used_bytes(leaf)) return leaf;
  }
  return tree.leaf_at(random_());
}

CowTree::LeafId Ageing::leaf_of_file(const Growing& growing) {
  return leaf_of_item(growing.tree,
                      [&](CowTree::LeafId leaf) { return growing.tree.key_of(leaf) >= growing.first_key; });
}

CowTree::LeafId Ageing::leaf_of_entry(const Growing& growing) {
  return leaf_of_item(growing.tree, [&](CowTree::LeafId leaf) {
    return growing.first_key == 0 || growing.tree.key_of(leaf) < growing.first_key;
  });
}

void Ageing::make_directories(Growing& growing) {
  CowTree& tree = growing.tree;
  for (std::uint64_t i = 0; i < growing.spec.directories; ++i) tree.append(bytes_of(inode_bytes));
  if (growing.spec.directories == 0) return;
  tree.append_leaf();
  growing.first_key = tree.key_of(tree.last_leaf());
}

Ageing::Growing& Ageing::some_subvolume() {
  const auto is_subvolume = [](const Growing& tree) { return tree.spec.use == TreeUse::files; };
  const auto count = static_cast<std::uint64_t>(std::count_if(trees_.begin(), trees_.end(), is_subvolume));
  std::uint64_t place = random_() % count;
  return *std::find_if(trees_.begin(), trees_.end(),
                       [&](const Growing& tree) { return is_subvolume(tree) && place-- == 0; });
}

void Ageing::create() {
  Growing& growing = some_subvolume();
  const double bytes = growing.spec.item_bytes_per_file, in_directory = bytes * growing.spec.directory_share;
  const Item entry = draw_item(in_directory);
  growing.tree.insert(leaf_of_entry(growing), entry.bytes, entry.place);
  growing.unwritten.push_back(growing.tree.append(bytes_of(std::min(inode_bytes, bytes - in_directory))));
}

// The data of new files are written when the transaction commits, file by file, and only then do they get their extents.
void Ageing::write_data(Growing& growing) {
  const double bytes = growing.spec.item_bytes_per_file * (1 - growing.spec.directory_share) - inode_bytes;
  for (const std::uint64_t key : growing.unwritten) {
    if (bytes > 0) growing.tree.insert_at(key, bytes_of(bytes));
  }
  growing.unwritten.clear();
}

void Ageing::remove() {
  Growing& growing = some_subvolume();
  const double bytes = growing.spec.item_bytes_per_file, in_directory = bytes * growing.spec.directory_share;
  const std::uint32_t entry_bytes = bytes_of(in_directory);
  growing.tree.remove(leaf_of_entry(growing), entry_bytes);
  const CowTree::LeafId leaf = leaf_of_file(growing);
  touch_next(growing, leaf);
  growing.tree.remove(leaf, bytes_of(bytes - in_directory));
}

// The items of a file may begin in one leaf and end in the next: then both change.
void Ageing::touch_next(Growing& growing, CowTree::LeafId leaf) {
  const double bytes = growing.spec.item_bytes_per_file * (1 - growing.spec.directory_share);
  if (share() * growing.tree.used_bytes(leaf) >= bytes) return;
  const auto next = growing.tree.next_leaf(leaf);
  if (!next) return;
  growing.tree.touch(leaf);
  growing.tree.touch(*next);
}

void Ageing::rewrite() {
  Growing& growing = some_subvolume();
  const CowTree::LeafId leaf = leaf_of_file(growing);
  growing.tree.insert(leaf, 0, share());
  touch_next(growing, leaf);
}

// The files of one transaction, in random order.
void Ageing::change(const Files& files) {
  const auto is_subvolume = [](const Growing& tree) { return tree.spec.use == TreeUse::files; };
  if (std::none_of(trees_.begin(), trees_.end(), is_subvolume)) return;
  Files left = files;
  while (const std::uint64_t all = left.creates + left.deletes + left.rewrites) {
    const std::uint64_t pick = random_() % all;
    if (pick < left.creates) {
      --left.creates;
      create();
    } else if (pick < left.creates + left.deletes) {
      --left.deletes;
      remove();
    } else {
      --left.rewrites;
      rewrite();
    }
  }
}

// Extents are added and dropped when the transaction commits, sorted by address (delayed-ref.c); checksums when the data
// are written.
void Ageing::change_extents(Growing& growing, const Files& files) {
  struct Change {
    std::uint64_t key;
    CowTree::LeafId leaf;
    bool adds;
  };
  std::vector<Change> changes;
  CowTree& tree = growing.tree;
  const auto pick = [&](bool adds) {
    const CowTree::LeafId leaf = leaf_of_item(tree);
    changes.push_back({tree.key_of(leaf), leaf, adds});
  };
  for (std::uint64_t i = 0; i < files.deletes + files.rewrites; ++i) pick(false);
  growing.holes += files.deletes + files.rewrites;
  std::uint64_t appended = 0;
  for (std::uint64_t i = 0; i < files.creates + files.rewrites; ++i) {
    if (growing.holes > 0) {
      --growing.holes;
      pick(true);
    } else {
      ++appended;
    }
  }
  if (growing.spec.use == TreeUse::extents)
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.key < b.key; });
  const double bytes = growing.spec.item_bytes_per_file;
  for (const auto& change : changes) {
    const CowTree::LeafId leaf = tree.is_live(change.leaf) ? change.leaf : leaf_of_item(tree);
    if (change.adds) {
      const Item item = draw_item(bytes);
      tree.insert(leaf, item.bytes, item.place);
    } else {
      tree.remove(leaf, bytes_of(bytes));
    }
  }
  for (std::uint64_t i = 0; i < appended; ++i) tree.append(bytes_of(bytes));
}

void Ageing::store_data(const Files& files) {
  data_bytes_ += (static_cast<double>(files.creates) - static_cast<double>(files.deletes)) * spec_.data_bytes_per_file;
  while (data_bytes_ > data_chunk_bytes_) {
    const auto chunk = chunks_.allocate(spec_.data_profile, Chunk::data, 0);
    if (!chunk) devices_full(node_);
    data_chunk_bytes_ += static_cast<double>(chunks_.chunks()[*chunk].bytes);
  }
}

void Ageing::commit() {
  for (const auto& snapshot : spec_.snapshots) {
    if (snapshot.after_commit != transaction_) continue;
    for (auto& growing : trees_) {
      if (growing.objectid == snapshot.of)
        snapshots_.push_back({growing.spec, snapshot.objectid, growing.tree.snapshot()});
    }
  }
  blocks_.commit();
  ++transaction_;
  for (auto& growing : trees_) growing.tree.begin(transaction_);
}

void Ageing::emit(ForestBuilder& builder, const TreeSpec& spec, std::uint64_t objectid, const CowTree& tree) const {
  bool root = true;
  tree.visit([&](const CowTree::Block& block) {
    const std::uint64_t logical = block.block * spec_.node_bytes;
    const InputPlace place{0, block.block};
    if (root) builder.add_root({objectid, logical, block.generation, block.level, place});
    root = false;
    const std::uint32_t room = (spec_.node_bytes - header_bytes) / pointer_bytes;
    const auto pointers = static_cast<std::uint32_t>(block.pointers.size());
    builder.add_block({.logical = logical,
                       .generation = block.generation,
                       .level = block.level,
                       .owner = spec.objectid,
                       .items = block.level > 0 ? pointers : BlockNotes::unknown_count,
                       .free_bytes = block.level > 0 ? (room - pointers) * pointer_bytes
                                                     : tree.leaf_room() - block.used_bytes},
                      place);
    for (const auto& pointer : block.pointers)
      builder.add_pointer(spread_key(spec, objectid, pointer.key), pointer.block * spec_.node_bytes,
                          pointer.generation, place);
    builder.end_block();
  });
}

void Ageing::transaction(const Files& files) {
  store_data(files);
  change(files);
  for (auto& growing : trees_) write_data(growing);
  for (const auto use : {TreeUse::checksums, TreeUse::extents}) {
    for (auto& growing : trees_)
      if (growing.spec.use == use) change_extents(growing, files);
  }
  commit();
}

Layout Ageing::run() {
  std::uint64_t commits = 0;
  for (const auto& round : spec_.rounds) commits += round.commits;
  double creates = 0, deletes = 0, rewrites = 0;  // what is due, with its fractions
  const auto due = [](double& amount, double more) {
    amount += more;
    const double whole = std::floor(amount);
    amount -= whole;
    return static_cast<std::uint64_t>(whole);
  };
  for (auto& growing : trees_) make_directories(growing);
  for (const auto& round : spec_.rounds) {
    for (std::uint64_t i = 0; i < round.commits; ++i) {
      transaction({due(creates, round.creates), due(deletes, round.deletes), due(rewrites, round.rewrites)});
      if (options_.progress) options_.progress(0.9 * transaction_ / static_cast<double>(commits));
    }
  }
  ForestBuilder builder("block");
  builder.add_file(spec_.source);
  std::uint64_t blocks = 0;
  for (const auto& growing : trees_) blocks += growing.tree.blocks();
  builder.reserve(blocks);
  for (const auto* all : {&trees_, &snapshots_})
    for (const auto& growing : *all) emit(builder, growing.spec, growing.objectid, growing.tree);
  trees_.clear();
  snapshots_.clear();
  return builder.finish(Volume(spec_.source, chunks_.devices(), chunks_.chunks()), spec_.node_bytes, options_);
}

// ---- Reference placements.

class Placed {
 public:
  Placed(const JsonNode& node, const GrowSpec& spec, std::uint64_t seed, const LoadOptions& options)
      : node_(node), spec_(spec), options_(options), random_(random_stream(seed, RandomPurpose::growth)), chunks_(spec.device_bytes) {}

  Layout run();

 private:
  struct Shape {
    std::uint32_t fanout;
    std::vector<std::uint64_t> level_blocks;  // from leaves up
  };
  Shape shape_of(const TreeSpec& tree) const;
  void make_chunks(std::uint64_t slots);
  void make_order(std::uint64_t blocks);
  std::uint64_t address(std::uint64_t index) const;
  std::uint64_t write(ForestBuilder& builder, const TreeSpec& tree, const Shape& shape, std::uint8_t level,
                      std::uint64_t place);

  const JsonNode& node_;
  const GrowSpec& spec_;
  const LoadOptions& options_;
  Random random_;
  ChunkAllocator chunks_;
  std::vector<std::uint32_t> order_;  // slot of the i-th block in key order; empty: itself
  struct Part {
    std::uint64_t first_slot, first_address;
  };
  std::vector<Part> parts_;  // slots to addresses, a chunk each
  std::uint64_t blocks_ = 0, slots_ = 0;
  std::uint64_t next_ = 0;  // block in key order
};

Placed::Shape Placed::shape_of(const TreeSpec& tree) const {
  const std::uint32_t room = (spec_.node_bytes - header_bytes) / pointer_bytes;
  Shape shape{std::clamp(static_cast<std::uint32_t>(std::lround(room * tree.node_fill)), 2u, room), {tree.leaves}};
  while (shape.level_blocks.back() > 1) {
    if (shape.level_blocks.size() > 7) node_.at("trees").fail("trees of up to 8 levels", "one that is higher");
    shape.level_blocks.push_back((shape.level_blocks.back() + shape.fanout - 1) / shape.fanout);
  }
  return shape;
}

void Placed::make_chunks(std::uint64_t slots) {
  for (std::uint64_t made = 0; made < slots;) {
    const auto place = chunks_.allocate(spec_.metadata_profile, Chunk::metadata, spec_.metadata_chunk_bytes);
    if (!place) devices_full(node_);
    const Chunk& chunk = chunks_.chunks()[*place];
    const std::uint64_t first = (chunk.logical + spec_.node_bytes - 1) / spec_.node_bytes;
    const std::uint64_t end = (chunk.logical + chunk.bytes) / spec_.node_bytes;
    if (end <= first) continue;
    parts_.push_back({made, first * spec_.node_bytes});
    made += end - first;
  }
}

void Placed::make_order(std::uint64_t blocks) {
  if (spec_.placement != Placement::random) return;
  order_.resize(blocks);
  std::iota(order_.begin(), order_.end(), 0u);
  for (std::uint64_t i = blocks; i > 1; --i) std::swap(order_[i - 1], order_[random_() % i]);
}

std::uint64_t Placed::address(std::uint64_t index) const {
  std::uint64_t slot = index;
  if (spec_.placement == Placement::random) slot = order_[index];
  if (spec_.placement == Placement::reverse) slot = blocks_ - 1 - index;
  if (spec_.placement == Placement::strided) {
    const std::uint64_t sweep = slots_ / spec_.stride_nodes;
    slot = index % sweep * spec_.stride_nodes + index / sweep;
  }
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), slot,
                                      [](std::uint64_t at, const Part& part) { return at < part.first_slot; });
  const Part& part = *(after - 1);
  return part.first_address + (slot - part.first_slot) * spec_.node_bytes;
}

// Writes the block at `place` of `level`, and before the next of its level all below it; returns its address. Blocks
// count in the order in which a traversal meets them: a node, then what it points to.
std::uint64_t Placed::write(ForestBuilder& builder, const TreeSpec& tree, const Shape& shape, std::uint8_t level,
                            std::uint64_t place) {
  const std::uint64_t logical = address(next_++);
  const std::uint32_t room = spec_.node_bytes - header_bytes;
  if (level == 0) {
    const auto free = static_cast<std::uint32_t>(std::lround(room * (1 - tree.leaf_fill)));
    builder.add_block({.logical = logical, .generation = 1, .level = 0, .owner = tree.objectid,
                       .items = BlockNotes::unknown_count, .free_bytes = free},
                      {0, next_});
    builder.end_block();
    return logical;
  }
  const std::uint64_t begin = place * shape.fanout;
  const std::uint64_t end = std::min(begin + shape.fanout, shape.level_blocks[level - 1u]);
  std::vector<std::uint64_t> children;
  for (std::uint64_t child = begin; child < end; ++child)
    children.push_back(write(builder, tree, shape, static_cast<std::uint8_t>(level - 1), child));
  std::uint64_t leaves_below = 1;
  for (std::uint8_t l = 1; l < level; ++l) leaves_below *= shape.fanout;
  const auto count = static_cast<std::uint32_t>(end - begin);
  builder.add_block({.logical = logical, .generation = 1, .level = level, .owner = tree.objectid, .items = count,
                     .free_bytes = (room / pointer_bytes - count) * pointer_bytes},
                    {0, next_});
  for (std::uint32_t i = 0; i < count; ++i)
    builder.add_pointer(spread_key(tree, tree.objectid, ((begin + i) * leaves_below) << 32), children[i], 1, {0, next_});
  builder.end_block();
  return logical;
}

Layout Placed::run() {
  std::vector<Shape> shapes;
  for (const auto& tree : spec_.trees) {
    shapes.push_back(shape_of(tree));
    blocks_ += std::accumulate(shapes.back().level_blocks.begin(), shapes.back().level_blocks.end(), std::uint64_t{0});
  }
  if (blocks_ >= UINT32_MAX) node_.at("trees").fail("fewer than 2^32 blocks", fmt::format("{}", blocks_));
  const std::uint64_t stride = spec_.placement == Placement::strided ? spec_.stride_nodes : 1;
  slots_ = (blocks_ + stride - 1) / stride * stride;
  make_chunks(slots_);
  make_order(blocks_);
  ForestBuilder builder("block");
  builder.add_file(spec_.source);
  builder.reserve(blocks_);
  for (std::size_t i = 0; i < spec_.trees.size(); ++i) {
    const auto level = static_cast<std::uint8_t>(shapes[i].level_blocks.size() - 1);
    const std::uint64_t root = write(builder, spec_.trees[i], shapes[i], level, 0);
    builder.add_root({spec_.trees[i].objectid, root, 1, level, {0, 0}});
    if (options_.progress) options_.progress(0.9 * static_cast<double>(i + 1) / static_cast<double>(shapes.size()));
  }
  order_ = {};
  return builder.finish(Volume(spec_.source, chunks_.devices(), chunks_.chunks()), spec_.node_bytes, options_);
}

}  // namespace

Layout grow_layout(const JsonNode& node, std::uint64_t seed, const LoadOptions& options) {
  const GrowSpec spec = read_grow_spec(node);
  check_chunks(node, spec);
  if (spec.placement != Placement::aged) return Placed(node, spec, seed, options).run();
  try {
    return Ageing(node, spec, seed, options).run();
  } catch (const NoSpace&) {
    devices_full(node);
  }
}

}  // namespace headway
