// bcachefs on a tree of three levels, decision by decision.
#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

using Words = std::vector<std::string>;

std::uint64_t slot(std::uint64_t n) { return mib + n * node_bytes; }

std::string at(const char* what, std::uint64_t n) { return fmt::format("{} 1:{}", what, slot(n)); }

// Root at slot 0; nodes at 1, 2, 3; under 1 five leaves at 10 to 14, under the others one each, 20 and 30.
World three_levels() {
  Volume volume = make_volume(1, 1, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 2}};
  for (std::uint64_t n = 1; n <= 3; ++n) {
    nodes[0].pointers.push_back({{n, 0, 0}, slot(n)});
    Node node{.logical = slot(n), .level = 1};
    for (std::uint64_t i = 0; i < (n == 1 ? 5u : 1u); ++i) {
      node.pointers.push_back({{n, 0, i}, slot(n * 10 + i)});
      nodes.push_back({.logical = slot(n * 10 + i)});
    }
    nodes.push_back(node);
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, std::int64_t leaves, std::int64_t nodes) {
  const Policy* policy = find_policy("bcachefs");
  REQUIRE(policy);
  Parameters values(policy->parameters);
  values.set("leaves_ahead", leaves);
  values.set("nodes_ahead", nodes);
  world.make([&](const Context& context) { return policy->make(context, values); });
}

}  // namespace

TEST_CASE("bcachefs: two leaves ahead, whether the next is there or not, and no node") {
  World world = three_levels();
  start(world, 2, 0);
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1)});
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 11), at("issue", 12), at("issue", 10)});
  // Leaf 11 is in flight, and still its next two are looked at: 12 flies, 13 is new.
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("issue", 13)});
  world.memory().insert(world.block_at(slot(14)));
  world.complete_at(slot(11));
  CHECK(world.decisions().empty());  // before 12: 13 flies, 14 is there
}

TEST_CASE("bcachefs in fsck: sixteen leaves, one node, and no farther than the node goes") {
  World world = three_levels();
  start(world, 16, 1);
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 2), at("issue", 1)});
  world.complete_at(slot(1));
  CHECK(world.decisions() ==
        Words{at("issue", 11), at("issue", 12), at("issue", 13), at("issue", 14), at("issue", 10)});
  for (std::uint64_t n = 10; n < 14; ++n) world.complete_at(slot(n));
  world.decisions();
  world.complete_at(slot(14));  // down from the root to 2, which flies: 3 is the next
  CHECK(world.decisions() == Words{at("issue", 3)});
}
