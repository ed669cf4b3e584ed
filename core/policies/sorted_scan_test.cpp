// sorted-scan in small cases worked out by hand from dsl_scan.c and vdev_queue.c, decision by decision.
#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

using Words = std::vector<std::string>;

std::uint64_t slot(std::uint64_t n) { return mib + n * node_bytes; }

Volume one_disk() {
  return make_volume(1, 2, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
}

// Nodes at slots 1, 2, ... under a root at slot 0, each with leaves at the slots given.
World tree(Volume volume, const std::vector<std::vector<std::uint64_t>>& leaves) {
  std::vector<Node> nodes{{.logical = slot(0), .level = 2}};
  for (std::size_t n = 0; n < leaves.size(); ++n) {
    Node node{.logical = slot(n + 1), .level = 1};
    for (std::size_t i = 0; i < leaves[n].size(); ++i) {
      node.pointers.push_back({{n * 10 + i, 0, 0}, slot(leaves[n][i])});
      nodes.push_back({.logical = slot(leaves[n][i])});
    }
    nodes[0].pointers.push_back({{n * 10, 0, 0}, node.logical});
    nodes.push_back(node);
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, const std::map<std::string, ParameterValue>& settings = {}) {
  const Policy* policy = find_policy("sorted-scan");
  REQUIRE(policy);
  Parameters values(policy->parameters);
  for (const auto& [name, value] : settings) values.set(name, value);
  world.make([&](const Context& context) { return policy->make(context, values); });
}

std::string at(const char* what, std::uint64_t n) { return fmt::format("{} 1:{}", what, slot(n)); }

}  // namespace

TEST_CASE("sorted-scan: nodes first, then leaves by address, joined over gaps up to 32 KiB") {
  World world = tree(one_disk(), {{19, 13, 40}, {14, 17, 18}});
  start(world);
  world.add(5, min_key, {12, 0, 0});  // all but the leaf at slot 18
  // Both nodes are known and read at once.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 2)});
  // Leaves are noted, not read, as long as there are nodes to come.
  world.complete_at(slot(1));
  CHECK(world.decisions().empty());
  world.complete_at(slot(2));
  // 13 and 14 are neighbours, then 32 KiB up to 17, then 16 KiB (leaf 18, not wanted) up to 19: one read. 40 is
  // farther.
  CHECK(world.decisions() == Words{at("issue", 13), at("issue", 40)});
  const Read& joined = world.in_flight().front();
  CHECK(joined.blocks == 5);
  CHECK(joined.bytes == 7 * node_bytes);
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
  CHECK(world.memory().holds(world.block_at(slot(18))));  // by-catch
}

TEST_CASE("sorted-scan: bounds on joined reads, on reads at once and on what an SSD joins") {
  World disk = tree(one_disk(), {{10, 11, 12, 15, 18, 21, 24}});
  start(disk, {{"aggregation_bytes", std::int64_t{2 * node_bytes}}, {"read_gap_bytes", std::int64_t{node_bytes}}});
  disk.add(5);
  disk.run();
  // 10 and 11 fill a read; 12 then 15: the gap of 32 KiB is more than 16. Three reads at once: 10-11, 12, 15.
  Words words = disk.decisions();
  CHECK(words == Words{at("hit", 0), at("issue", 1), at("issue", 10), at("issue", 12), at("issue", 15), at("issue", 18),
                       at("issue", 21), at("issue", 24), "finish 0"});
  World ssd = tree(one_disk(), {{10, 11, 12, 13, 14, 15, 16, 17, 18}});
  ssd.traits(0).rotational = false;
  start(ssd);
  ssd.add(5);
  ssd.complete_at(slot(1));
  REQUIRE(ssd.in_flight().size() == 2);  // nine blocks, 128 KiB are eight
  CHECK(ssd.in_flight()[0].blocks == 8);
}

TEST_CASE("sorted-scan: three reads at once, and no more than the window's bytes") {
  World world = tree(one_disk(), {{10, 20, 30, 40, 50}});
  start(world);
  world.add(5);
  world.complete_at(slot(1));
  CHECK(world.in_flight().size() == 3);
  world.complete_at(slot(20));
  CHECK(world.issued().back().logical == slot(40));
  World small = tree(one_disk(), {{10, 20, 30}});
  start(small, {{"in_flight_bytes", std::int64_t{node_bytes + 1}}});
  small.add(5);
  small.complete_at(slot(1));
  // One block is not yet the limit, two are beyond: the source tests before it adds.
  CHECK(small.in_flight().size() == 2);
}

TEST_CASE("sorted-scan: three nodes at once, the others wait in the elevator's order and are joined") {
  // Nodes in key order at slots 50, 10, 90, 20, 95, 70, 60, 61, each without leaves.
  const std::vector<std::uint64_t> slots{50, 10, 90, 20, 95, 70, 60, 61};
  Volume volume = one_disk();
  std::vector<Node> nodes{{.logical = slot(0), .level = 2}};
  for (std::size_t i = 0; i < slots.size(); ++i) {
    nodes[0].pointers.push_back({{i, 0, 0}, slot(slots[i])});
    nodes.push_back({.logical = slot(slots[i]), .level = 1});
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  World world(std::move(volume), std::move(forest));
  start(world);
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 50), at("issue", 10), at("issue", 90)});
  // The last read ended behind 90: on to 95, round to 20, then 60 and 61 in one, then 70.
  world.complete_at(slot(90));
  CHECK(world.decisions() == Words{at("issue", 95)});
  world.complete_at(slot(95));
  CHECK(world.decisions() == Words{at("issue", 20)});
  world.complete_at(slot(50));
  CHECK(world.decisions() == Words{at("issue", 60)});
  CHECK(world.issued().back().blocks == 2);
  // What another reader has brought meanwhile is a hit.
  world.memory().insert(world.block_at(slot(70)));
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("hit", 70)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("sorted-scan: bytes of nodes for each data disk, of which a mirror is one") {
  const auto asked_for = [](Profile profile) {
    const std::vector<DeviceIndex> devices{0, 1, 2, 3};
    const std::size_t count = profile == Profile::single ? 1 : profile == Profile::raid1 ? 2 : 4;
    World world = tree(
        make_volume(4, 1, profile,
                    [&](std::size_t) { return std::vector<DeviceIndex>(devices.begin(), devices.begin() + count); }),
        std::vector<std::vector<std::uint64_t>>(12));
    start(world, {{"in_flight_bytes", std::int64_t{2 * node_bytes}}, {"max_active", std::int64_t{100}}});
    world.add(5);
    return world.in_flight().size();
  };
  CHECK(asked_for(Profile::single) == 8);
  CHECK(asked_for(Profile::raid1) == 4);
  CHECK(asked_for(Profile::raid5) == 6);
}

TEST_CASE("sorted-scan: with memory full the best extent goes first, until the soft limit; at the end by address") {
  // 5 % of RAM are three entries of 64 KiB; the soft limit is 5 % less, so that one must go before collecting goes on.
  World world = tree(one_disk(), {{10, 40, 41}, {5, 50}});
  start(world, {{"ram_bytes", std::int64_t{20 * 3 * 65536}},
                {"entry_bytes", std::int64_t{65536}},
                {"extent_gap_bytes", std::int64_t{0}},
                {"prefetch", false}});
  world.add(5);
  // Without prefetch one node at a time.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1)});
  // Full. Extents: {10} with 16 KiB fill, all of it, score 16 + 16 x 3 = 64 KiB; {40, 41} with 128 KiB: it is first.
  // One block moves to the window, and memory is below the soft limit.
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 40)});
  // Issuing is over, collecting goes on.
  world.complete_at(slot(40));
  CHECK(world.decisions() == Words{at("issue", 2)});
  // The walk is at its end: all that is left, by address, beginning where the last read ended, which was the node at 2.
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 5), at("issue", 10), at("issue", 41)});
  world.complete_at(slot(41));
  CHECK(world.decisions() == Words{at("issue", 50)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("sorted-scan: leaves by address from where the last read ended, then round") {
  // As above, but the second node is in memory: the last read is that of the leaf at 40.
  World world = tree(one_disk(), {{10, 40, 41}, {5, 50}});
  start(world, {{"ram_bytes", std::int64_t{20 * 3 * 65536}},
                {"entry_bytes", std::int64_t{65536}},
                {"extent_gap_bytes", std::int64_t{0}},
                {"prefetch", false}});
  world.memory().insert(world.block_at(slot(2)));
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  world.complete_at(slot(40));
  CHECK(world.decisions() == Words{at("hit", 2), at("issue", 41), at("issue", 50), at("issue", 5)});
  world.complete_at(slot(41));
  CHECK(world.decisions() == Words{at("issue", 10)});
}

TEST_CASE("sorted-scan: extents of one size by address, of different density by score") {
  // Gap 64 KiB: {10, 14} has fill 32 of 80 KiB, 40 %: 32 + 32 x 1.2 = 70.4 KiB, binary logarithm 16. {30, 31} is full:
  // 128 KiB, 17. {50, 51} likewise, at a higher offset.
  World world = tree(one_disk(), {{10, 14, 50, 51, 30, 31}, {60}});
  start(world, {{"ram_bytes", std::int64_t{20 * 6 * 65536}},
                {"entry_bytes", std::int64_t{65536}},
                {"soft_limit_percent", std::int64_t{100}},
                {"extent_gap_bytes", std::int64_t{65536}},
                {"in_flight_bytes", std::int64_t{1}},
                {"prefetch", false}});
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  std::vector<std::uint64_t> order;
  while (world.in_flight().front().logical != slot(2)) {
    order.push_back((world.in_flight().front().logical - mib) / node_bytes);
    world.complete(Read(world.in_flight().front()));
  }
  CHECK(order == std::vector<std::uint64_t>{30, 31, 50, 51, 10, 14});
}

TEST_CASE("sorted-scan: a joined read that fails is repeated block by block; then the other copy; then left out") {
  World world = tree(make_volume(2, 1, Profile::raid1,
                                 [](std::size_t) {
                                   return std::vector<DeviceIndex>{0, 1};
                                 }),
                     {{10, 11}});
  start(world, {{"copy", std::string("first")}});
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  world.complete_at(slot(10), 5);
  CHECK(world.decisions() == Words{at("issue", 10), at("issue", 11)});
  world.complete_at(slot(10), 5);
  CHECK(world.decisions() == Words{fmt::format("issue 2:{}", slot(10))});
  world.complete_at(slot(11));
  world.complete_at(slot(10), 5);
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("sorted-scan: what another reader has brought into memory meanwhile is a hit") {
  World world = tree(one_disk(), {{10, 20, 30, 40}});
  start(world);
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  world.memory().insert(world.block_at(slot(40)));
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("hit", 40)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("sorted-scan: readaheads that are added while it issues are collected when it has issued all") {
  World world = tree(one_disk(), {{10, 20}, {30}});
  start(world);
  world.add(5, min_key, {1, 0, 0});
  world.complete_at(slot(1));
  world.decisions();
  world.add(5);
  CHECK(world.decisions().empty());
  world.complete_at(slot(10));
  // The first is done. The second finds node 1 and leaf 10 in memory, and node 2 to be read before anything else.
  CHECK(world.decisions() == Words{"finish 0", at("hit", 0), at("hit", 1), at("hit", 10), at("issue", 2)});
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 20), at("issue", 30)});
  world.run();
  CHECK(world.decisions() == Words{"finish 1"});
}

TEST_CASE("sorted-scan: the branch under a node that cannot be read is left out") {
  World world = tree(one_disk(), {{10}, {20}});
  start(world);
  world.add(5);
  world.complete_at(slot(1), 5);
  world.decisions();
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 20)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("sorted-scan: pieces within the gap are one extent, which may win by its size") {
  // Every second slot from 50 to 64: fill 128 of 240 KiB, 53 %, score 128 + 128 x 1.59 = 331 KiB. {30, 31} has 128 KiB.
  // Each of the eight alone would have 64 and come last.
  World world = tree(one_disk(), {{30, 31, 50, 52, 54, 56, 58, 60, 62, 64}, {70}});
  start(world, {{"ram_bytes", std::int64_t{20 * 10 * 65536}},
                {"entry_bytes", std::int64_t{65536}},
                {"extent_gap_bytes", std::int64_t{node_bytes}},
                {"prefetch", false}});
  world.add(5);
  world.complete_at(slot(1));
  // One goes, and memory is below the soft limit.
  CHECK(world.decisions().back() == at("issue", 50));
}

TEST_CASE("sorted-scan: a joined read neither begins nor ends with what others have brought into memory") {
  World world = tree(one_disk(), {{10, 30, 31, 32}});
  start(world, {{"max_active", std::int64_t{1}}});
  world.add(5);
  world.complete_at(slot(1));
  world.memory().insert(world.block_at(slot(30)));
  world.memory().insert(world.block_at(slot(32)));
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 10), at("hit", 30), at("issue", 31)});
  CHECK(world.issued().back().blocks == 1);
  world.complete_at(slot(31));
  CHECK(world.decisions() == Words{at("hit", 32), "finish 0"});
}

TEST_CASE("sorted-scan: a read that fails although others have brought its block is not tried again") {
  World world = tree(make_volume(2, 1, Profile::raid1,
                                 [](std::size_t) {
                                   return std::vector<DeviceIndex>{0, 1};
                                 }),
                     {{10}});
  start(world, {{"copy", std::string("first")}});
  world.add(5);
  world.decisions();
  world.memory().insert(world.block_at(slot(1)));
  world.complete_at(slot(1), 5);
  CHECK(world.decisions() == Words{at("issue", 10)});
}
