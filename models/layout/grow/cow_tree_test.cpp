#include "models/layout/grow/cow_tree.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "models/layout/grow/chunk_allocator.h"

using namespace headway;

namespace {

constexpr std::uint32_t node_bytes = 4096;

// An allocator over one group of `blocks` nodes, from node 256 on.
BlockAllocator allocator_of(std::uint64_t blocks) {
  return BlockAllocator(node_bytes, [blocks, given = false](std::uint64_t& logical, std::uint64_t& bytes) mutable {
    logical = 256 * node_bytes;
    bytes = blocks * node_bytes;
    return !std::exchange(given, true);
  });
}

// What must hold of any tree: levels fall by one, keys ascend, children begin where their pointers say, blocks differ,
// and leaves hold no more than fits.
std::uint64_t check_tree(const CowTree& tree) {
  std::map<std::uint64_t, CowTree::Block> blocks;
  std::uint64_t root = 0;
  tree.visit([&](const CowTree::Block& block) {
    if (blocks.empty()) root = block.block;
    CHECK(blocks.emplace(block.block, block).second);
  });
  CHECK(blocks.size() == tree.blocks());
  std::set<std::uint64_t> pointed{root};
  std::uint64_t leaves = 0, used = 0;
  for (const auto& [place, block] : blocks) {
    leaves += block.level == 0;
    used += block.used_bytes;
    CHECK(block.used_bytes <= tree.leaf_room());
    CHECK(block.pointers.size() <= (node_bytes - 101) / 33);
    for (std::size_t i = 0; i < block.pointers.size(); ++i) {
      const auto& pointer = block.pointers[i];
      if (i > 0) CHECK(pointer.key > block.pointers[i - 1].key);
      CHECK(pointed.insert(pointer.block).second);
      const auto& child = blocks.at(pointer.block);
      CHECK(child.level + 1 == block.level);
      CHECK(child.generation == pointer.generation);
      if (child.level > 0) CHECK(child.pointers.front().key == pointer.key);
      if (child.level > 0 && i + 1 < block.pointers.size())
        CHECK(child.pointers.back().key < block.pointers[i + 1].key);
    }
  }
  CHECK(pointed.size() == blocks.size());
  CHECK(leaves == tree.leaves());
  return used;
}

}  // namespace

TEST_CASE("appending fills leaf after leaf") {
  auto allocator = allocator_of(10000);
  CowTree tree(node_bytes, allocator);
  for (int i = 0; i < 40000; ++i) tree.append(100);
  CHECK(check_tree(tree) == 4000000);
  CHECK(tree.leaves() == 40000 / 39 + 1);  // 39 of 100 bytes fit into 3995
}

TEST_CASE("appending leaves nodes full, and insertions that come by split them in halves") {
  auto allocator = allocator_of(20000);
  CowTree tree(node_bytes, allocator);
  constexpr std::size_t room = (node_bytes - 101) / 33;
  const auto pointers_of_nodes = [&] {
    std::vector<std::size_t> counts;
    tree.visit([&](const CowTree::Block& block) {
      if (block.level == 1) counts.push_back(block.pointers.size());
    });
    return counts;
  };
  for (int i = 0; i < 300000; ++i) tree.append(100);
  const auto appended = pointers_of_nodes();
  REQUIRE(appended.size() > 60);
  // What lies left of the last split is full (push_node_left), but for parents' ends, where there is no left sibling.
  CHECK(std::count(appended.begin(), appended.end(), room) + 4 >= static_cast<std::ptrdiff_t>(appended.size()));
  std::mt19937_64 random(5);
  for (int i = 0; i < 20000; ++i) tree.insert(tree.leaf_at(random()), 0, 0.5);
  check_tree(tree);
  const auto halves = pointers_of_nodes();
  CHECK(*std::max_element(halves.begin(), halves.end()) + 3 < room);
  CHECK(halves.size() > 1.7 * static_cast<double>(appended.size()));
}

TEST_CASE("a key finds its leaf") {
  auto allocator = allocator_of(20000);
  CowTree tree(node_bytes, allocator);
  std::vector<std::uint64_t> keys;
  for (int i = 0; i < 30000; ++i) keys.push_back(tree.append(100));
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  for (const std::uint64_t key : keys) tree.insert_at(key, 60);
  CHECK(check_tree(tree) == 30000 * 160);
  for (const std::uint64_t key : keys) {
    const auto leaf = tree.leaf_of(key);
    const auto next = tree.next_leaf(leaf);
    if (tree.key_of(leaf) > key || (next && tree.key_of(*next) <= key)) FAIL("not its leaf");
  }
}

TEST_CASE("a tree stays one under random changes, and empties to a leaf") {
  auto allocator = allocator_of(20000);
  CowTree tree(node_bytes, allocator);
  std::mt19937_64 random(7);
  for (std::uint32_t transaction = 2; transaction < 60; ++transaction) {
    tree.begin(transaction);
    for (int i = 0; i < 800; ++i) {
      const auto leaf = tree.leaf_at(random());
      const auto bytes = static_cast<std::uint32_t>(20 + random() % 300);
      if (random() % 100 < (transaction < 30 ? 75 : 20))
        tree.insert(leaf, bytes, static_cast<double>(random() % 100) / 100);
      else
        tree.remove(leaf, bytes);
    }
    allocator.commit();
    if (transaction % 10 == 0) check_tree(tree);
  }
  check_tree(tree);
  tree.begin(60);
  while (tree.leaves() > 1 || tree.used_bytes(tree.last_leaf()) > 0) tree.remove(tree.leaf_at(random()), 3000);
  check_tree(tree);
  CHECK(tree.blocks() == 1);
}

TEST_CASE("a change moves its path once a transaction, and only that") {
  auto allocator = allocator_of(10000);
  CowTree tree(node_bytes, allocator);
  for (int i = 0; i < 10000; ++i) tree.append(100);
  allocator.commit();
  std::set<std::uint64_t> before, after, again;
  const auto places = [&](std::set<std::uint64_t>& to) {
    tree.visit([&](const CowTree::Block& block) { to.insert(block.block); });
  };
  const auto moved = [](const std::set<std::uint64_t>& from, const std::set<std::uint64_t>& to) {
    return std::count_if(to.begin(), to.end(), [&](std::uint64_t place) { return !from.contains(place); });
  };
  places(before);
  tree.begin(2);
  tree.touch(tree.leaf_at(100));
  places(after);
  CHECK(moved(before, after) == 3);
  tree.touch(tree.leaf_at(100));
  places(again);
  CHECK(again == after);
}

TEST_CASE("a snapshot stays, and its blocks are not given away") {
  auto allocator = allocator_of(3000);
  CowTree tree(node_bytes, allocator);
  for (int i = 0; i < 20000; ++i) tree.append(100);
  const CowTree kept = tree.snapshot();
  std::map<std::uint64_t, std::uint32_t> kept_blocks;
  kept.visit([&](const CowTree::Block& block) { kept_blocks[block.block] = block.generation; });
  std::mt19937_64 random(3);
  for (std::uint32_t transaction = 2; transaction < 30; ++transaction) {
    allocator.commit();
    tree.begin(transaction);
    for (int i = 0; i < 100; ++i) tree.touch(tree.leaf_at(random()));
  }
  check_tree(tree);
  check_tree(kept);
  std::size_t shared = 0;
  tree.visit([&](const CowTree::Block& block) {
    const auto at = kept_blocks.find(block.block);
    if (at == kept_blocks.end()) return;
    ++shared;
    CHECK(at->second == block.generation);
  });
  CHECK(shared > 0);
  CHECK(shared < kept_blocks.size());
}

TEST_CASE("a full allocator says so") {
  auto allocator = allocator_of(100);
  CowTree tree(node_bytes, allocator);
  CHECK_THROWS_AS([&] {
    for (int i = 0; i < 10000; ++i) tree.append(1000);
  }(), NoSpace);
}

TEST_CASE("blocks come from front to back, holes not before the sweep is over") {
  auto allocator = allocator_of(1000);
  std::uint64_t block = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    REQUIRE(allocator.allocate(0, block));
    CHECK(block == 256 + i);
  }
  for (const std::uint64_t hole : {300ull, 310ull}) allocator.release(hole);
  allocator.commit();
  for (std::uint64_t i = 100; i < 1000; ++i) {
    REQUIRE(allocator.allocate(256, block));
    CHECK(block == 256 + i);
  }
  REQUIRE(allocator.allocate(256, block));
  CHECK(block == 300);
  REQUIRE(allocator.allocate(256, block));
  CHECK(block == 310);
  CHECK_FALSE(allocator.allocate(256, block));
  allocator.release(400);
  CHECK_FALSE(allocator.allocate(256, block));  // not before the commit
  allocator.commit();
  REQUIRE(allocator.allocate(256, block));
  CHECK(block == 400);
}

TEST_CASE("chunks go to the devices with most room, as wide as the profile allows") {
  constexpr std::uint64_t gib = 1 << 30;
  ChunkAllocator allocator({100 * gib, 300 * gib, 200 * gib, 300 * gib});
  const auto devices_of = [&](std::size_t chunk) {
    std::vector<int> devices;
    for (const auto& stripe : allocator.chunks()[chunk].stripes) devices.push_back(stripe.device);
    return devices;
  };
  CHECK(devices_of(*allocator.allocate(Profile::raid1, Chunk::metadata, 0)) == std::vector<int>{1, 3});
  CHECK(allocator.chunks()[0].bytes == gib);
  CHECK(devices_of(*allocator.allocate(Profile::raid10, Chunk::metadata, 0)).size() == 4);
  CHECK(allocator.chunks()[1].bytes == 2 * gib);
  CHECK(devices_of(*allocator.allocate(Profile::raid6, Chunk::metadata, 0)).size() == 4);
  CHECK(allocator.chunks()[2].bytes == 2 * gib);
  CHECK(devices_of(*allocator.allocate(Profile::dup, Chunk::metadata, 0)) == std::vector<int>{1, 1});
  CHECK(devices_of(*allocator.allocate(Profile::single, Chunk::data, 0)) == std::vector<int>{3});
  std::size_t chunks = 5;
  while (allocator.allocate(Profile::raid1c3, Chunk::metadata, 0)) ++chunks;
  // Whatever comes out, Volume finds nothing to complain of; and no fourth device has room for a third copy.
  const Volume volume("test", allocator.devices(), allocator.chunks());
  CHECK(volume.chunks().size() == chunks);
  CHECK(allocator.allocate(Profile::raid1c4, Chunk::metadata, 0).has_value() == false);
}

TEST_CASE("what a commit frees is room again: no block group is asked for while one has enough") {
  int groups = 0;
  BlockAllocator allocator(node_bytes, [&groups](std::uint64_t& logical, std::uint64_t& bytes) {
    logical = static_cast<std::uint64_t>(++groups) << 30;
    bytes = 100 * node_bytes;
    return true;
  });
  std::vector<std::uint64_t> taken(60);
  for (auto& block : taken) REQUIRE(allocator.allocate(0, block));
  for (const auto block : taken) allocator.release(block);
  allocator.commit();
  std::uint64_t block = 0;
  for (int i = 0; i < 80; ++i) REQUIRE(allocator.allocate(0, block));
  CHECK(groups == 1);
  REQUIRE(allocator.allocate(0, block));  // four fifths are in use: the next group comes
  CHECK(groups == 2);
}
