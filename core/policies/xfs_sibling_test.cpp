// xfs-sibling and level-order on one small tree, decision by decision.
#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

using Words = std::vector<std::string>;

std::uint64_t slot(std::uint64_t n) { return mib + n * node_bytes; }

// Root at slot 0; nodes at 4 and 1; leaves at 6, 2 (under 4) and 5, 3 (under 1).
World two_levels() {
  Volume volume = make_volume(1, 1, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 2, .pointers = {{{0}, slot(4)}, {{20}, slot(1)}}},
                          {.logical = slot(4), .level = 1, .pointers = {{{0}, slot(6)}, {{10}, slot(2)}}},
                          {.logical = slot(1), .level = 1, .pointers = {{{20}, slot(5)}, {{30}, slot(3)}}}};
  for (const std::uint64_t leaf : {6, 2, 5, 3}) nodes.push_back({.logical = slot(leaf)});
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, const char* name, const char* siblings = nullptr) {
  const Policy* policy = find_policy(name);
  REQUIRE(policy);
  Parameters values(policy->parameters);
  if (siblings) values.set("siblings", std::string(siblings));
  world.make([&](const Context& context) { return policy->make(context, values); });
}

std::string at(const char* what, std::uint64_t n) { return fmt::format("{} 1:{}", what, slot(n)); }

}  // namespace

TEST_CASE("xfs-sibling: of each leaf its right neighbour, of a node when its last child is left") {
  World world = two_levels();
  start(world, "xfs-sibling");
  world.add(5);
  // The root has no siblings; the walk asks for its first child.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 4)});
  // Node 4 has a right sibling, but is not at its end. Its first leaf.
  world.complete_at(slot(4));
  CHECK(world.decisions() == Words{at("issue", 6)});
  // Leaf 6: right sibling 2, which is also what the walk wants next: it waits for that read.
  world.complete_at(slot(6));
  CHECK(world.decisions() == Words{at("issue", 2)});
  // Leaf 2: right sibling 5, which leaf 2 names though node 1 is not there yet. Node 4 is at its end: its right sibling
  // 1, for which the walk then waits.
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 5), at("issue", 1)});
  // Node 1: leaf 5 is in flight.
  world.complete_at(slot(1));
  CHECK(world.decisions().empty());
  world.complete_at(slot(5));
  CHECK(world.decisions() == Words{at("issue", 3)});
  // Leaf 3 and node 1 are the last of their levels.
  world.complete_at(slot(3));
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("xfs-sibling: where two nodes end at once, both right siblings, from below") {
  // Root 0; 1 and 2 under it, 3 under 1, 4 under 2, leaves 5 under 3 and 6 under 4.
  Volume volume = make_volume(1, 1, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  const std::vector<Node> nodes{{.logical = slot(0), .level = 3, .pointers = {{{0}, slot(1)}, {{10}, slot(2)}}},
                                {.logical = slot(1), .level = 2, .pointers = {{{0}, slot(3)}}},
                                {.logical = slot(2), .level = 2, .pointers = {{{10}, slot(4)}}},
                                {.logical = slot(3), .level = 1, .pointers = {{{0}, slot(5)}}},
                                {.logical = slot(4), .level = 1, .pointers = {{{10}, slot(6)}}},
                                {.logical = slot(5)},
                                {.logical = slot(6)}};
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  World world(std::move(volume), std::move(forest));
  start(world, "xfs-sibling");
  world.add(5);
  for (const std::uint64_t block : {1, 3}) world.complete_at(slot(block));
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 3), at("issue", 5)});
  // Leaf 5 names 6; node 3 is at its end and names 4; so is 1, which names 2. The walk waits for 2.
  world.complete_at(slot(5));
  CHECK(world.decisions() == Words{at("issue", 6), at("issue", 4), at("issue", 2)});
  world.run();
  CHECK(world.decisions() == Words{at("hit", 4), at("hit", 6), "finish 0"});
}

TEST_CASE("xfs-sibling, both: left before right; a range does not bound it") {
  World world = two_levels();
  start(world, "xfs-sibling", "both");
  world.add(5, {20, 0, 0}, {21, 0, 0});
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 5)});
  // Leaf 5: left sibling 2 under the other node, right sibling 3. The range ends: the walk is done.
  world.complete_at(slot(5));
  CHECK(world.decisions() == Words{at("issue", 2), at("issue", 3), "finish 0"});
  world.run();
  CHECK(world.decisions().empty());
}

TEST_CASE("level-order: a level at once, by address, when the last block of the one above is there") {
  World world = two_levels();
  start(world, "level-order");
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 4)});
  world.complete_at(slot(4));
  CHECK(world.decisions().empty());
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 2), at("issue", 3), at("issue", 5), at("issue", 6)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("level-order: what is in memory is passed through, what another readahead reads is waited for") {
  World world = two_levels();
  world.memory().insert(world.block_at(slot(1)));
  world.memory().insert(world.block_at(slot(3)));
  start(world, "level-order");
  world.add(5, {20, 0, 0}, max_key);  // node 1, leaves 5 and 3: two hits on the way, and one more
  CHECK(world.decisions() == Words{at("hit", 0), at("hit", 1), at("hit", 3), at("issue", 5)});
  world.add(5, {20, 0, 0}, {21, 0, 0});
  CHECK(world.decisions() == Words{at("hit", 0), at("hit", 1)});
  world.complete_at(slot(5));
  CHECK(world.decisions() == Words{"finish 0", "finish 1"});
}

TEST_CASE("level-order: the branch under a node that cannot be read is left out") {
  World world = two_levels();
  start(world, "level-order");
  world.add(5);
  world.complete_at(slot(4), 5);  // there is no other copy
  world.decisions();
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 3), at("issue", 5)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE(
    "xfs-sibling: a sibling that others brought into memory meanwhile is not read, and a hit when its turn comes") {
  World world = two_levels();
  start(world, "xfs-sibling");
  world.add(5);
  world.decisions();
  world.memory().insert(world.block_at(slot(1)));
  world.complete_at(slot(4));
  CHECK(world.decisions() == Words{at("issue", 6)});
  world.complete_at(slot(6));
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 2), at("issue", 5), at("hit", 1)});
}

TEST_CASE("level-order: what others bring into memory while a level is read is a hit in the next") {
  World world = two_levels();
  start(world, "level-order");
  world.add(5);
  world.decisions();
  world.complete_at(slot(4));
  world.memory().insert(world.block_at(slot(3)));  // of the next level
  world.memory().insert(world.block_at(slot(1)));  // in flight: its completion is waited for
  CHECK(world.decisions().empty());
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 2), at("hit", 3), at("issue", 5), at("issue", 6)});
}

TEST_CASE("level-order: a read that fails although others have brought its block cuts no branch") {
  World world = two_levels();
  start(world, "level-order");
  world.add(5, min_key, {20, 0, 0});
  world.decisions();
  world.memory().insert(world.block_at(slot(4)));
  world.complete_at(slot(4), 5);
  CHECK(world.decisions() == Words{at("issue", 2), at("issue", 6)});
}
