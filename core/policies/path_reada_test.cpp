// path-reada in small cases worked out by hand from reada_for_search, decision by decision.
#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

using Words = std::vector<std::string>;

std::uint64_t slot(std::uint64_t n) { return mib + n * node_bytes; }

// A tree of one node, at slot 0, whose leaves lie at these slots in key order; all keys of one objectid each.
World star(const std::vector<std::uint64_t>& leaves) {
  Volume volume = make_volume(1, 8, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 1}};
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    nodes[0].pointers.push_back({{i / 4 + 1, 0, i}, slot(leaves[i])});
    nodes.push_back({.logical = slot(leaves[i])});
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, const char* name = nullptr, const ParameterValue& value = true, const char* other = nullptr,
           const ParameterValue& other_value = true) {
  const Policy* policy = find_policy("path-reada");
  REQUIRE(policy);
  Parameters values(policy->parameters);
  if (name) values.set(name, value);
  if (other) values.set(other, other_value);
  world.make([&](const Context& context) { return policy->make(context, values); });
}

std::string at(const char* what, std::uint64_t n) { return fmt::format("{} 1:{}", what, slot(n)); }

}  // namespace

TEST_CASE("path-reada: neighbours within 64 KiB before the missing leaf itself") {
  World world = star({10, 12, 20, 11, 14, 15, 7, 13, 9, 16});
  start(world);
  world.add(5);
  // Leaf 10 is missing. 64 KiB are 4 slots. The scan forward: 12 yes (16 KiB asked), 20 no, 11 yes (32), 14 yes, just
  // 65,536 away (48), 15 no, 7 yes, backwards on disk counts as well (64, which is not more than 64), 13 yes (80:
  // stop). 9 is near, but comes too late. Then leaf 10.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 12), at("issue", 11), at("issue", 14), at("issue", 7),
                                   at("issue", 13), at("issue", 10)});
  world.complete_at(slot(12));
  CHECK(world.decisions().empty());
  // 12 is there: a hit, which scans nothing. 20 is missing: behind it only 16 is within 4 slots.
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("hit", 12), at("issue", 16), at("issue", 20)});
  // 11 is in flight: the walk waits for it and does not scan.
  world.complete_at(slot(20));
  CHECK(world.decisions().empty());
  // 14 is in flight too.
  world.complete_at(slot(11));
  CHECK(world.decisions().empty());
  // 15 is missing: 7 is 8 away; 13 (2) is in flight, which asks for nothing but counts; 9 is 6 away; 16 likewise flies.
  world.complete_at(slot(14));
  CHECK(world.decisions() == Words{at("issue", 15)});
  world.complete_at(slot(15));
  world.complete_at(slot(7));
  world.complete_at(slot(13));
  // 9 is missing, behind it 16 is 7 away.
  CHECK(world.decisions() == Words{at("issue", 9)});
  world.complete_at(slot(16));
  world.complete_at(slot(9));
  CHECK(world.decisions() == Words{at("hit", 16), "finish 0"});
}

TEST_CASE("path-reada: the scan ends after 33 pointers") {
  for (const std::size_t place : {33, 34}) {
    std::vector<std::uint64_t> leaves{40};
    while (leaves.size() < place) leaves.push_back(100 + leaves.size());
    leaves.push_back(41);  // the only one near
    World world = star(leaves);
    start(world);
    world.add(5);
    // nscan > 32 is tested after the pointer has been looked at, so the 33rd still is.
    const bool found = world.in_flight().front().logical == slot(41);
    CHECK(found == (place == 33));
  }
}

TEST_CASE("path-reada, back: the previous pointers, within the objectid") {
  // Pointers 0 to 3 have objectid 1, 4 to 7 objectid 2. The range begins at pointer 6.
  World world = star({20, 21, 22, 23, 24, 25, 26, 27});
  start(world, "direction", std::string("back"));
  world.add(5, {2, 0, 6}, max_key);
  // Before leaf 26: 25, 24; pointer 3 has another objectid. Before 27, the next: 26 is there, 25 and 24 in flight.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 25), at("issue", 24), at("issue", 26)});
  world.complete_at(slot(26));
  CHECK(world.decisions() == Words{at("issue", 27)});
}

TEST_CASE("path-reada, forward_always as of 2021-07: every level, hits too; two nodes, nine leaves") {
  Volume volume = make_volume(1, 8, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 2}};
  for (std::uint64_t n = 1; n <= 4; ++n) {
    nodes[0].pointers.push_back({{n, 0, 0}, slot(n)});
    Node node{.logical = slot(n), .level = 1};
    for (std::uint64_t i = 0; i < (n == 1 ? 12u : 1u); ++i) {
      const std::uint64_t leaf = slot(n * 100 + i * 7);
      node.pointers.push_back({{n, 0, i}, leaf});
      nodes.push_back({.logical = leaf});
    }
    nodes.push_back(node);
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  World world(std::move(volume), std::move(forest));
  start(world, "forward_always");
  world.add(5);
  // Level 2: 16 KiB asked is not more than a node's size, 32 is: two nodes ahead.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 2), at("issue", 3), at("issue", 1)});
  world.complete_at(slot(1));
  // Level 1: nine leaves are 144 KiB, the first sum above 128; then the leaf itself.
  Words expected;
  for (std::uint64_t i = 1; i <= 9; ++i) expected.push_back(at("issue", 100 + i * 7));
  expected.push_back(at("issue", 100));
  CHECK(world.decisions() == expected);
  // The next leaf is in flight, and still the scan goes on behind it: 8 of the next 9 fly, the 10th is new.
  world.complete_at(slot(100));
  CHECK(world.decisions() == Words{at("issue", 170)});
}

TEST_CASE("path-reada, forward_always as of 5.13: only a missing block starts a scan") {
  World world = star({10, 40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 440});
  start(world, "forward_always", true, "always_as_of", std::string("5.13"));
  world.add(5);
  // Leaf 10 is missing: nine leaves behind it, then it itself.
  const Words first = world.decisions();
  CHECK(first.size() == 11);
  CHECK(first[9] == at("issue", 360));
  // 40 is in flight, and later there: no scan. As of 2021-07 this one would ask for 400.
  world.complete_at(slot(10));
  CHECK(world.decisions().empty());
  world.complete_at(slot(40));
  world.complete_at(slot(120));
  CHECK(world.decisions().empty());
  world.complete_at(slot(80));
  CHECK(world.decisions() == Words{at("hit", 120)});
}

TEST_CASE("path-reada: a failed prefetch is forgotten, the walk's own read of the block is tried from both copies") {
  Volume volume = make_volume(2, 1, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 1, .pointers = {{{1}, slot(5)}, {{2}, slot(6)}}},
                          {.logical = slot(5)},
                          {.logical = slot(6)}};
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  World world(std::move(volume), std::move(forest));
  start(world);
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 6), at("issue", 5)});
  world.complete_at(slot(6), 5);
  CHECK(world.decisions().empty());
  world.complete_at(slot(5));
  CHECK(world.decisions() == Words{at("issue", 6)});
  world.complete_at(slot(6), 5);
  CHECK(world.decisions() == Words{fmt::format("issue 2:{}", slot(6))});
  world.complete_at(slot(6), 5);
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("path-reada: neighbours that others brought into memory meanwhile are not asked for, but count") {
  World world = star({10, 30, 11, 12, 31, 32, 33, 34, 35, 36});
  start(world);
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 11), at("issue", 12), at("issue", 10)});
  world.memory().insert(world.block_at(slot(32)));
  world.complete_at(slot(10));
  // 30 is missing. Near it are 31, 32 (there, and counted), 33, 34: 64 KiB; 35 and 36 are too far.
  CHECK(world.decisions() == Words{at("issue", 31), at("issue", 33), at("issue", 34), at("issue", 30)});
}
