#include "core/walker.h"

#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

constexpr std::uint64_t c0 = mib;
std::uint64_t slot(std::uint64_t n) { return c0 + n * node_bytes; }

// Level 2 root at slot 0; nodes at 4 and 1; leaves at 6, 2 (under 4) and 5, 3 (under 1).
World two_levels() {
  Volume volume = make_volume(2, 1, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  std::vector<Node> nodes{{.logical = slot(0), .level = 2, .pointers = {{{0}, slot(4)}, {{20}, slot(1)}}},
                          {.logical = slot(4), .level = 1, .pointers = {{{0}, slot(6)}, {{10}, slot(2)}}},
                          {.logical = slot(1), .level = 1, .pointers = {{{20}, slot(5)}, {{30}, slot(3)}}}};
  for (const int leaf : {6, 2, 5, 3}) nodes.push_back({.logical = slot(static_cast<std::uint64_t>(leaf))});
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, std::uint64_t pid = 0) {
  Parameters values(copy::declare());
  values.set("pid", static_cast<std::int64_t>(pid));
  world.make([&](const Context& context) { return std::make_unique<Walker>(context, values); });
}

std::vector<std::uint64_t> order(const World& world) {
  std::vector<std::uint64_t> slots;
  for (const auto& read : world.issued()) slots.push_back((read.logical - c0) / node_bytes);
  return slots;
}

}  // namespace

TEST_CASE("depth first, in key order, one read at a time") {
  World world = two_levels();
  start(world);
  world.add(5);
  while (!world.in_flight().empty()) {
    CHECK(world.in_flight().size() == 1);
    world.complete(Read(world.in_flight().front()));
  }
  CHECK(order(world) == std::vector<std::uint64_t>{4, 6, 2, 1, 5, 3});
  const auto words = world.decisions();
  CHECK(words.front() == fmt::format("hit 1:{}", slot(0)));
  CHECK(words.back() == "finish 0");
}

TEST_CASE("only what holds keys of the range is visited") {
  World world = two_levels();
  start(world);
  world.add(5, {15, 0, 0}, {30, 0, 0});
  world.run();
  CHECK(order(world) == std::vector<std::uint64_t>{4, 2, 1, 5});
}

TEST_CASE("the pid picks the copy") {
  World world = two_levels();
  start(world, 3);
  world.add(5);
  CHECK(world.in_flight()[0].mirror == 2);
  CHECK(world.in_flight()[0].device == 1);
}

TEST_CASE("after an error the other copy, after both the branch is left out") {
  World world = two_levels();
  start(world);
  world.add(5);
  world.complete_at(slot(4), 5);
  REQUIRE(world.in_flight().size() == 1);
  CHECK(world.in_flight()[0].mirror == 2);
  world.complete_at(slot(4), 5);
  world.run();
  CHECK(order(world) == std::vector<std::uint64_t>{4, 4, 1, 5, 3});
  CHECK(world.finished() == std::vector<HandleId>{0});
}

TEST_CASE("two walks share a read that both stand before") {
  World world = two_levels();
  start(world);
  world.add(5);
  world.add(5);
  world.run();
  CHECK(order(world).size() == 6);
  CHECK(world.finished() == std::vector<HandleId>{0, 1});
}

TEST_CASE("walks that stand before one block go on in the order of their handles, whoever came first") {
  World world = two_levels();
  start(world);
  world.add(5);
  world.add(5, {30, 0, 0}, max_key);  // at once before the node at slot 1
  for (const std::uint64_t n : {4, 6, 2}) world.complete_at(slot(n));
  world.decisions();
  // The first walk has come there too. It wants the leaf at slot 5, the second the one at slot 3.
  world.complete_at(slot(1));
  CHECK(world.decisions() ==
        std::vector<std::string>{fmt::format("issue 1:{}", slot(5)), fmt::format("issue 1:{}", slot(3))});
}

TEST_CASE("and so they do when they came in that order") {
  World world = two_levels();
  start(world);
  world.add(5, {20, 0, 0}, max_key);
  world.add(5, {30, 0, 0}, max_key);
  world.decisions();
  world.complete_at(slot(1));
  CHECK(world.decisions() ==
        std::vector<std::string>{fmt::format("issue 1:{}", slot(5)), fmt::format("issue 1:{}", slot(3))});
}

TEST_CASE("a block that others brought into memory meanwhile is a hit") {
  World world = two_levels();
  start(world);
  world.add(5);
  world.decisions();
  world.memory().insert(world.block_at(slot(6)));
  world.complete_at(slot(4));
  CHECK(world.decisions() ==
        std::vector<std::string>{fmt::format("hit 1:{}", slot(6)), fmt::format("issue 1:{}", slot(2))});
}

TEST_CASE("a read that fails although others have brought its block: no other copy is tried, the walk goes on in it") {
  World world = two_levels();
  start(world);
  world.add(5);
  world.decisions();
  world.memory().insert(world.block_at(slot(4)));
  world.complete_at(slot(4), 5);
  CHECK(world.decisions() == std::vector<std::string>{fmt::format("issue 1:{}", slot(6))});
}
