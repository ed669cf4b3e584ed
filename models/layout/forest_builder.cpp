#include "models/layout/forest_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "models/layout/key_text.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

std::size_t slot_of(std::uint64_t address, std::size_t slots) {
  // Fibonacci hashing: addresses are multiples of the node size, so the low bits say nothing.
  return static_cast<std::size_t>((address * 0x9e3779b97f4a7c15u) >> 20) & (slots - 1);
}

// Puts values into another order, one column at a time, so that only one column is in memory twice.
template <typename Column>
void permute(Column& column, const std::vector<BlockId>& order) {
  Column sorted;
  sorted.reserve(order.size());
  for (const BlockId block : order) sorted.push_back(column[block]);
  column = std::move(sorted);
}

template <typename Column>
void permute_pointers(Column& column, const std::vector<BlockId>& order, const std::vector<PointerId>& first) {
  Column sorted;
  sorted.reserve(column.size());
  for (const BlockId block : order)
    sorted.insert(sorted.end(), column.begin() + first[block], column.begin() + first[block + 1]);
  column = std::move(sorted);
}

std::string_view to_string(LeftOut reason) {
  switch (reason) {
    case LeftOut::being_deleted:
      return "being deleted (refs 0)";
    case LeftOut::log:
      return "what was written since the last commit is no tree yet";
    case LeftOut::not_read:
      break;
  }
  return "the blocks are not in what was read";
}

}  // namespace

void AddressTable::reserve(std::size_t blocks) {
  assert(used_ == 0);
  slots_.assign(std::bit_ceil(std::max<std::size_t>(64, blocks + blocks / 3 + 1)), no_block);
}

BlockId AddressTable::find(std::uint64_t address, const std::vector<std::uint64_t>& addresses) const {
  if (slots_.empty()) return no_block;
  for (std::size_t slot = slot_of(address, slots_.size());; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == no_block || addresses[slots_[slot]] == address) return slots_[slot];
  }
}

void AddressTable::insert(BlockId block, const std::vector<std::uint64_t>& addresses) {
  if ((used_ + 1) * 4 > slots_.size() * 3) grow(addresses);
  std::size_t slot = slot_of(addresses[block], slots_.size());
  while (slots_[slot] != no_block) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = block;
  ++used_;
}

void AddressTable::grow(const std::vector<std::uint64_t>& addresses) {
  std::vector<BlockId> old(std::max<std::size_t>(64, slots_.size() * 2), no_block);
  old.swap(slots_);
  for (const BlockId block : old) {
    if (block == no_block) continue;
    std::size_t slot = slot_of(addresses[block], slots_.size());
    while (slots_[slot] != no_block) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = block;
  }
}

std::uint16_t ForestBuilder::add_file(std::string name) {
  if (files_.size() >= UINT16_MAX) throw InputError(name, "", "at most 65535 files", "more");
  files_.push_back(std::move(name));
  return static_cast<std::uint16_t>(files_.size() - 1);
}

void ForestBuilder::reserve(std::size_t blocks) {
  forest_.logical.reserve(blocks);
  forest_.generation.reserve(blocks);
  forest_.level.reserve(blocks);
  forest_.first_pointer.reserve(blocks + 1);
  notes_.owner.reserve(blocks);
  notes_.items.reserve(blocks);
  notes_.free_bytes.reserve(blocks);
  extents_.first.reserve(blocks);
  extents_.known.reserve(blocks);
  place_.reserve(blocks);
  forest_.key_objectid.reserve(blocks);
  forest_.key_type.reserve(blocks);
  forest_.key_offset.reserve(blocks);
  forest_.child_generation.reserve(blocks);
  child_at_.reserve(blocks);
  table_.reserve(blocks);
}

std::string ForestBuilder::file_names() const {
  std::string names;
  for (const auto& file : files_) {
    if (!names.empty()) names += ' ';
    names += std::filesystem::path(file).filename().string();
  }
  return names;
}

std::string ForestBuilder::place_text(InputPlace place) const { return fmt::format("{} {}", unit_, place.at); }

void ForestBuilder::fail(InputPlace place, std::string_view expected, std::string_view found) const {
  throw InputError(files_[place.file], place_text(place), expected, found);
}

InputPlace ForestBuilder::place_of(BlockId block) const {
  return {static_cast<std::uint16_t>(place_[block] >> 48), place_[block] & ((std::uint64_t{1} << 48) - 1)};
}

BlockId ForestBuilder::append_block(const FoundBlock& block, InputPlace place) {
  if (forest_.logical.size() >= no_block - 1) fail(place, "fewer than 4294967294 blocks", "more");
  forest_.logical.push_back(block.logical);
  forest_.generation.push_back(block.generation);
  forest_.level.push_back(block.level);
  forest_.first_pointer.push_back(static_cast<PointerId>(child_at_.size()));
  notes_.owner.push_back(block.owner);
  notes_.items.push_back(block.items);
  notes_.free_bytes.push_back(block.free_bytes);
  extents_.first.push_back(static_cast<std::uint32_t>(extents_.size()));
  extents_.known.push_back(0);
  place_.push_back(std::uint64_t{place.file} << 48 | place.at);
  return static_cast<BlockId>(forest_.logical.size() - 1);
}

void ForestBuilder::add_block(const FoundBlock& block, InputPlace place) {
  assert(!open_);
  append_block(block, place);
  open_ = true;
}

void ForestBuilder::add_pointer(const Key& key, std::uint64_t child, std::uint64_t child_generation, InputPlace place) {
  assert(open_);
  const std::size_t count = child_at_.size();
  if (count >= UINT32_MAX - 1) fail(place, "fewer than 4294967294 pointers", "more");
  if (count > forest_.first_pointer.back() && key <= forest_.key(static_cast<PointerId>(count - 1)))
    fail(place, "a key above the one before it",
         fmt::format("({}) after ({})", key_text(key), key_text(forest_.key(static_cast<PointerId>(count - 1)))));
  forest_.key_objectid.push_back(key.objectid);
  forest_.key_type.push_back(key.type);
  forest_.key_offset.push_back(key.offset);
  forest_.child_generation.push_back(child_generation);
  child_at_.push_back(child);
}

void ForestBuilder::add_extents(std::span<const FileExtent> extents) {
  assert(open_ && forest_.level.back() == 0);
  if (extents.size() >= UINT32_MAX - extents_.size())
    fail(place_of(static_cast<BlockId>(forest_.blocks() - 1)), "fewer than 4294967295 extents of files", "more");
  extents_.known.back() = 1;
  for (const FileExtent& extent : extents) {
    extents_.logical.push_back(extent.logical);
    extents_.bytes.push_back(extent.bytes);
  }
}

void ForestBuilder::leave_extents_out(std::string_view expected, std::string_view found) {
  assert(open_);
  const auto leaf = static_cast<BlockId>(forest_.logical.size() - 1);
  bad_extents_.try_emplace(
      leaf, fmt::format("behind the one at {}: expected {}, found {}", forest_.logical[leaf], expected, found));
}

void ForestBuilder::end_block() {
  if (!open_) return;
  open_ = false;
  const auto block = static_cast<BlockId>(forest_.logical.size() - 1);
  if (forest_.level[block] > 0 && forest_.first_pointer[block] == child_at_.size())
    fail(place_of(block), "a node with pointers", "none");
  const BlockId first = table_.find(forest_.logical[block], forest_.logical);
  if (first == no_block) {
    table_.insert(block, forest_.logical);
  } else {
    same_again(first, block);
    drop_last_block();
  }
}

void ForestBuilder::same_again(BlockId first, BlockId again) {
  const std::size_t begin = forest_.first_pointer[again];
  const std::size_t count = child_at_.size() - begin;
  const std::size_t first_begin = forest_.first_pointer[first];
  bool same = forest_.level[first] == forest_.level[again] && forest_.generation[first] == forest_.generation[again] &&
              notes_.items[first] == notes_.items[again] &&
              forest_.first_pointer[first + 1] - first_begin == count;
  for (std::size_t i = 0; same && i < count; ++i)
    same = forest_.key(static_cast<PointerId>(first_begin + i)) == forest_.key(static_cast<PointerId>(begin + i)) &&
           child_at_[first_begin + i] == child_at_[begin + i];
  if (same) return;
  const InputPlace other = place_of(first);
  fail(place_of(again), fmt::format("block {} as it stands in {}, {}", forest_.logical[again], files_[other.file],
                                    place_text(other)),
       "another content: dumps of different moments do not fit together");
}

void ForestBuilder::drop_last_block() {
  const std::size_t pointers = forest_.first_pointer.back();
  bad_extents_.erase(static_cast<BlockId>(forest_.logical.size() - 1));
  extents_.logical.resize(extents_.first.back());
  extents_.bytes.resize(extents_.first.back());
  extents_.first.pop_back();
  extents_.known.pop_back();
  forest_.logical.pop_back();
  forest_.generation.pop_back();
  forest_.level.pop_back();
  forest_.first_pointer.pop_back();
  notes_.owner.pop_back();
  notes_.items.pop_back();
  notes_.free_bytes.pop_back();
  place_.pop_back();
  forest_.key_objectid.resize(pointers);
  forest_.key_type.resize(pointers);
  forest_.key_offset.resize(pointers);
  forest_.child_generation.resize(pointers);
  child_at_.resize(pointers);
}

FoundBlock ForestBuilder::block_at(std::uint64_t logical) const {
  const BlockId block = table_.find(logical, forest_.logical);
  assert(block != no_block);
  return {logical, forest_.generation[block], forest_.level[block], notes_.owner[block], notes_.items[block],
          notes_.free_bytes[block]};
}

std::vector<FoundBlock> ForestBuilder::unpointed() const {
  std::vector<bool> pointed(forest_.logical.size());
  for (const std::uint64_t address : child_at_) {
    const BlockId child = table_.find(address, forest_.logical);
    if (child != no_block) pointed[child] = true;
  }
  std::vector<FoundBlock> all;
  for (BlockId block = 0; block < pointed.size(); ++block) {
    if (!pointed[block]) all.push_back(block_at(forest_.logical[block]));
  }
  return all;
}

void ForestBuilder::add_root(const FoundRoot& root) {
  const auto again = [&](const FoundRoot& known) {
    return known.objectid == root.objectid && (known.offset == root.offset || known.logical == root.logical);
  };
  if (std::ranges::none_of(roots_, again)) roots_.push_back(root);
}

void ForestBuilder::leave_out(std::uint64_t objectid, LeftOut reason) { left_out_[reason].insert(objectid); }

// A sentence a reason, however many trees it has.
std::vector<std::string> ForestBuilder::left_out() const {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> sentences;
  for (const auto& [reason, trees] : left_out_) {
    std::string names;
    std::size_t named = 0;
    for (const std::uint64_t tree : trees) {
      if (named == most_named) break;
      names += fmt::format("{}{}", named++ == 0 ? "" : ", ", tree_text(tree));
    }
    if (trees.size() > most_named) names += fmt::format(" and {} more", trees.size() - most_named);
    sentences.push_back(fmt::format("tree{} {} left out: {}", trees.size() == 1 ? "" : "s", names, to_string(reason)));
  }
  if (!bad_extents_.empty())
    sentences.push_back(fmt::format("file data behind {} left out; {}",
                                    bad_extents_.size() == 1 ? "a leaf" : fmt::format("{} leaves", bad_extents_.size()),
                                    bad_extents_.begin()->second));
  return sentences;
}

bool ForestBuilder::is_root(std::uint64_t logical) const {
  return std::any_of(roots_.begin(), roots_.end(), [&](const FoundRoot& root) { return root.logical == logical; });
}

const FoundRoot* ForestBuilder::find_root(std::uint64_t objectid, std::optional<std::uint64_t> offset) const {
  const auto at = std::find_if(roots_.begin(), roots_.end(), [&](const FoundRoot& root) {
    return root.objectid == objectid && root.offset == offset.value_or(root.offset);
  });
  return at == roots_.end() ? nullptr : &*at;
}

// Of the roots that were found, those that are wanted; a root that is a leaf need not have been read.
void ForestBuilder::choose_roots(const LoadOptions& options) {
  std::sort(roots_.begin(), roots_.end(),
            [](const FoundRoot& a, const FoundRoot& b) {
              return std::pair(a.objectid, a.offset) < std::pair(b.objectid, b.offset);
            });
  for (const auto& root : roots_) {
    const auto wanted = [&](std::uint64_t objectid) { return objectid == root.objectid; };
    if (!options.trees.empty() && std::none_of(options.trees.begin(), options.trees.end(), wanted)) continue;
    BlockId block = table_.find(root.logical, forest_.logical);
    if (block == no_block && root.level > 0) {
      leave_out(root.objectid, LeftOut::not_read);
      continue;
    }
    if (block == no_block) {
      block = append_block({.logical = root.logical, .generation = root.generation}, root.place);
      table_.insert(block, forest_.logical);
    } else if (forest_.level[block] != root.level) {
      fail(place_of(block), fmt::format("the root of tree {} at level {}", tree_text(root.objectid), root.level),
           fmt::format("level {}", forest_.level[block]));
    }
    forest_.trees.push_back({root.objectid, block});
  }
  for (const std::uint64_t wanted : options.trees) {
    if (forest_.find_tree(wanted)) continue;
    std::vector<std::uint64_t> found;
    for (const auto& root : roots_) found.push_back(root.objectid);
    throw InputError(files_.empty() ? "" : files_.front(), "", fmt::format("the tree {}", tree_name(wanted)),
                     tree_list(found));
  }
}

// Only from the roots on: what a tree that is being deleted still points to may be gone, or be another tree's by now.
std::vector<BlockId> ForestBuilder::join_from_roots() {
  std::vector<bool> seen(forest_.blocks());
  std::vector<BlockId> reached;
  const auto reach = [&](BlockId block) {
    if (block == seen.size()) seen.push_back(false);
    if (!seen[block]) reached.push_back(block);
    seen[block] = true;
  };
  for (const auto& tree : forest_.trees) reach(tree.root);
  forest_.child.assign(child_at_.size(), no_block);
  for (std::size_t next = 0; next < reached.size(); ++next) {
    const BlockId block = reached[next];
    const std::size_t end = block + 1 < forest_.blocks() ? forest_.first_pointer[block + 1] : child_at_.size();
    for (std::size_t pointer = forest_.first_pointer[block]; pointer < end; ++pointer) {
      BlockId child = table_.find(child_at_[pointer], forest_.logical);
      if (child == no_block && forest_.level[block] == 1) {
        child = append_block({.logical = child_at_[pointer], .generation = forest_.child_generation[pointer]},
                             place_of(block));
        table_.insert(child, forest_.logical);
      }
      if (child == no_block)
        fail(place_of(block), fmt::format("the node at {} that this one points to", child_at_[pointer]),
             "no such node in what was read");
      forest_.child[pointer] = child;
      reach(child);
    }
  }
  forest_.first_pointer.push_back(static_cast<PointerId>(child_at_.size()));
  child_at_ = {};
  for (const BlockId block : reached) {
    for (PointerId pointer = forest_.first_pointer[block]; pointer < forest_.first_pointer[block + 1]; ++pointer)
      check_child(block, pointer, forest_.child[pointer]);
  }
  return reached;
}

void ForestBuilder::check_child(BlockId parent, PointerId pointer, BlockId child) const {
  if (forest_.level[child] + 1 != forest_.level[parent])
    fail(place_of(parent), fmt::format("a pointer to a block of level {}", forest_.level[parent] - 1),
         child == parent ? "one to the node itself"
                         : fmt::format("one to block {} of level {}", forest_.logical[child], forest_.level[child]));
  const PointerId first = forest_.first_pointer[child];
  const PointerId end = forest_.first_pointer[child + 1];
  if (first == end) return;
  if (forest_.key(first) < forest_.key(pointer))
    fail(place_of(child), fmt::format("keys from ({}) on, as the node above says", key_text(forest_.key(pointer))),
         fmt::format("({})", key_text(forest_.key(first))));
  if (pointer + 1 < forest_.first_pointer[parent + 1] && forest_.key(end - 1) >= forest_.key(pointer + 1))
    fail(place_of(child), fmt::format("keys below ({}), as the node above says", key_text(forest_.key(pointer + 1))),
         fmt::format("({})", key_text(forest_.key(end - 1))));
}

void ForestBuilder::sort_by_zone(std::vector<BlockId>& blocks, const Volume& volume, std::uint32_t node_bytes) {
  forest_.stripe_set.assign(forest_.blocks(), 0);
  for (const BlockId block : blocks) {
    const std::int64_t chunk = volume.find_chunk(forest_.logical[block]);
    if (chunk < 0)
      fail(place_of(block), fmt::format("a chunk that holds block {}", forest_.logical[block]), "none there");
    const auto& held = volume.chunks()[static_cast<std::size_t>(chunk)];
    if (held.bytes - (forest_.logical[block] - held.logical) < node_bytes)
      fail(place_of(block), fmt::format("a chunk that holds all of block {}", forest_.logical[block]),
           fmt::format("the chunk at {}, which ends inside it", held.logical));
    forest_.stripe_set[block] =
        volume.map_in(static_cast<std::uint32_t>(chunk), forest_.logical[block]).stripe_set;
  }
  std::sort(blocks.begin(), blocks.end(), [this](BlockId a, BlockId b) {
    return std::pair(forest_.stripe_set[a], forest_.logical[a]) < std::pair(forest_.stripe_set[b], forest_.logical[b]);
  });
}

void ForestBuilder::reorder(const std::vector<BlockId>& order) {
  std::vector<BlockId> place_in_order(forest_.blocks(), no_block);
  for (std::size_t i = 0; i < order.size(); ++i) place_in_order[order[i]] = static_cast<BlockId>(i);
  for (BlockId& child : forest_.child) child = child == no_block ? no_block : place_in_order[child];
  for (auto& tree : forest_.trees) tree.root = place_in_order[tree.root];
  place_in_order = {};

  const auto first = std::move(forest_.first_pointer);
  forest_.first_pointer = {};
  forest_.first_pointer.reserve(order.size() + 1);
  PointerId next = 0;
  for (const BlockId block : order) {
    forest_.first_pointer.push_back(next);
    next += first[block + 1] - first[block];
  }
  forest_.first_pointer.push_back(next);
  permute_pointers(forest_.key_objectid, order, first);
  permute_pointers(forest_.key_type, order, first);
  permute_pointers(forest_.key_offset, order, first);
  permute_pointers(forest_.child, order, first);
  permute_pointers(forest_.child_generation, order, first);
  permute(forest_.logical, order);
  permute(forest_.generation, order);
  permute(forest_.level, order);
  if (notes_.empty()) return;
  permute(notes_.owner, order);
  permute(notes_.items, order);
  permute(notes_.free_bytes, order);
}

// Whether those behind the leaf are known and can be; then they are there.
bool ForestBuilder::append_extents(const FileExtents& found, BlockId leaf, const Volume& volume, FileExtents& sorted) {
  if (found.known[leaf] == 0 || bad_extents_.contains(leaf)) return false;
  const std::size_t begin = sorted.size();
  const std::size_t end = leaf + 1 < found.first.size() ? found.first[leaf + 1] : found.size();
  for (std::size_t i = found.first[leaf]; i < end; ++i) {
    const FileExtent extent{found.logical[i], found.bytes[i]};
    if (const auto expected = extent_fault(volume, extent)) {
      bad_extents_[leaf] = fmt::format("behind the one at {}: expected {}, found {}", forest_.logical[leaf], *expected,
                                       extent_text(extent));
      sorted.logical.resize(begin);
      sorted.bytes.resize(begin);
      return false;
    }
    append_extent(sorted, begin, extent, volume);
  }
  return true;
}

// Those behind the blocks, in their order; nothing when none of them says.
FileExtents ForestBuilder::extents_in(const std::vector<BlockId>& order, const Volume& volume) {
  const FileExtents found = std::exchange(extents_, {});
  if (std::map<BlockId, std::string> bad; !bad_extents_.empty()) {  // of those that are kept
    for (const BlockId block : order) bad.insert(bad_extents_.extract(block));
    bad_extents_ = std::move(bad);
  }
  FileExtents sorted;
  sorted.first.reserve(order.size() + 1);
  for (const BlockId block : order) {
    sorted.first.push_back(static_cast<std::uint32_t>(sorted.size()));
    sorted.known.push_back(append_extents(found, block, volume, sorted));
  }
  sorted.first.push_back(static_cast<std::uint32_t>(sorted.size()));
  if (std::ranges::find(sorted.known, 1) == sorted.known.end()) return {};
  return sorted;
}

Layout ForestBuilder::finish(Volume volume, std::uint32_t node_bytes, const LoadOptions& options) {
  assert(!open_);
  choose_roots(options);
  std::vector<BlockId> blocks = join_from_roots();
  if (!options.notes) notes_ = {};
  sort_by_zone(blocks, volume, node_bytes);
  FileExtents extents = extents_in(blocks, volume);
  reorder(blocks);
  forest_.node_bytes = node_bytes;
  Layout layout{.volume = std::move(volume),
                .forest = std::move(forest_),
                .notes = std::move(notes_),
                .extents = std::move(extents),
                .source = file_names(),
                .left_out = left_out()};
  check_and_index(layout.source, layout.volume, layout.forest);
  check_file_extents(layout.source, layout.volume, layout.forest, layout.extents);
  return layout;
}

}  // namespace headway
