// xfs-repair and e2fsck on small trees, decision by decision, worked by hand from their sources.
#include <doctest/doctest.h>

#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

using Words = std::vector<std::string>;
using Leaves = std::vector<std::vector<std::uint64_t>>;
using Values = std::map<std::string, std::int64_t>;

std::uint64_t slot(std::uint64_t n) { return mib + n * node_bytes; }

std::string at(const char* what, std::uint64_t n) { return fmt::format("{} 1:{}", what, slot(n)); }

// Root at slot 0, nodes at 1, 2, ..., each with leaves at these slots in key order. One node: the root is that.
World tree(const Leaves& leaves) {
  Volume volume = make_volume(1, 8, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  const bool star = leaves.size() == 1;
  std::vector<Node> nodes{{.logical = slot(0), .level = static_cast<std::uint8_t>(star ? 1 : 2)}};
  for (std::uint64_t n = 0; n < leaves.size(); ++n) {
    if (!star) {
      nodes[0].pointers.push_back({{n + 1, 0, 0}, slot(n + 1)});
      nodes.push_back({.logical = slot(n + 1), .level = 1});
    }
    const std::size_t parent = star ? 0 : nodes.size() - 1;
    for (std::uint64_t i = 0; i < leaves[n].size(); ++i) {
      nodes[parent].pointers.push_back({{n + 1, 0, i}, slot(leaves[n][i])});
      nodes.push_back({.logical = slot(leaves[n][i])});
    }
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

void start(World& world, const char* name, const Values& parameters = {}) {
  const Policy* policy = find_policy(name);
  REQUIRE(policy);
  Parameters values(policy->parameters);
  for (const auto& [key, value] : parameters) values.set(key, value);
  world.make([&](const Context& context) { return policy->make(context, values); });
}

void visit(World& world, std::uint64_t n) { world.strategy().visited(0, world.block_at(slot(n))); }

// The slots that the reads issued so far cover, first and last, of leaves.
std::vector<std::pair<std::uint64_t, std::uint64_t>> leaf_reads(const World& world) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
  for (const Read& read : world.issued()) {
    const std::uint64_t first = (read.logical - mib) / node_bytes;
    if (read.level == 0) all.push_back({first, first + read.bytes / node_bytes - 1});
  }
  return all;
}

using Reads = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

}  // namespace

TEST_CASE("xfs-repair: one sweep by address; long reads where an eighth of the span is wanted") {
  // Queued all at once, so reading begins. 32 slots are 512 KiB: from 10 on 11, 12, 14 and 40 fit, five of 31, which is
  // more than an eighth: one read. 200 and 300 are alone.
  World world = tree({{10, 300, 12, 40, 11, 14, 200}});
  start(world, "xfs-repair");
  world.add(5);
  CHECK(leaf_reads(world) == Reads{{10, 40}, {200, 200}, {300, 300}});
  world.run();
  CHECK(world.finished().size() == 1);
}

TEST_CASE("xfs-repair: where too few are wanted a read ends before 64 KiB from end to end") {
  const Reads joined{{10, 14}, {41, 41}}, apart{{10, 10}, {15, 15}, {41, 41}};
  for (const auto& [second, reads] : {std::pair{14u, joined}, {15u, apart}}) {
    World world = tree({{41, 10, second}});  // three of 32 slots are less than an eighth
    start(world, "xfs-repair");
    world.add(5);
    CHECK(leaf_reads(world) == reads);
  }
  World world = tree({{41, 10, 13, 20}});  // four are an eighth
  start(world, "xfs-repair");
  world.add(5);
  CHECK(leaf_reads(world) == Reads{{10, 41}});
}

TEST_CASE("xfs-repair: reading begins at the threshold; what is queued behind the position is read when all else is") {
  World world = tree({{100, 50}, {53, 20, 62, 5}});
  start(world, "xfs-repair", {{"start_leaves", 2}});
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1)});
  // Two leaves wait: 50, and 100, which is too far for one read. The next node is read beside them.
  world.complete_at(slot(1));
  CHECK(world.decisions() == Words{at("issue", 2), at("issue", 50), at("issue", 100)});
  // All are behind 100. Two threads are free: from 5 on 20 (two of 16), from 53 on 62.
  world.complete_at(slot(2));
  CHECK(leaf_reads(world) == Reads{{50, 50}, {100, 100}, {5, 20}, {53, 62}});
}

TEST_CASE("xfs-repair: while few wait ahead, what lies behind is read after each read") {
  World world = tree({{100, 50}, {20}, {30}});
  start(world, "xfs-repair", {{"start_leaves", 2}});
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  // 20 is behind 100, so that nothing counts towards the threshold; threads that found nothing wait.
  world.complete_at(slot(2));
  CHECK(world.decisions() == Words{at("issue", 3)});
  world.complete_at(slot(50));
  CHECK(world.decisions() == Words{at("issue", 20)});
}

TEST_CASE("xfs-repair: within a group it is so many leaves ahead of the visit") {
  World world = tree({{10, 11, 12, 13}});
  start(world, "xfs-repair", {{"lead_leaves", 2}});
  world.add(5, min_key, max_key, true);
  CHECK(leaf_reads(world) == Reads{{10, 11}});  // the bound starts reading, too
  visit(world, 10);
  CHECK(leaf_reads(world) == Reads{{10, 11}, {12, 12}});
}

TEST_CASE("xfs-repair: the next group begins when one is read, and one ahead of the visit") {
  for (const bool bounded : {true, false}) {
    World world = tree({{40, 41, 10, 11, 70, 71}});
    start(world, "xfs-repair", {{"group_leaves", 2}, {"groups_ahead", bounded ? 1 : 100}});
    world.add(5, min_key, max_key, true);
    CHECK(leaf_reads(world) == Reads{{40, 41}});
    world.complete_at(slot(40));
    CHECK(leaf_reads(world) == Reads{{40, 41}, {10, 11}});
    world.complete_at(slot(10));
    CHECK(leaf_reads(world).size() == (bounded ? 2 : 3));
    visit(world, 40);
    CHECK(leaf_reads(world).size() == (bounded ? 2 : 3));
    visit(world, 41);
    CHECK(leaf_reads(world) == Reads{{40, 41}, {10, 11}, {70, 71}});
  }
}

TEST_CASE("xfs-repair: a failed read is repeated leaf by leaf, and others' leaves are passed over") {
  World world = tree({{10, 11, 12}});
  world.memory().insert(world.block_at(slot(12)));
  start(world, "xfs-repair");
  world.add(5);
  CHECK(world.decisions() == Words{at("hit", 0), at("hit", 12), at("issue", 10)});
  world.complete_at(slot(10), 5);
  CHECK(world.decisions() == Words{at("issue", 10), at("issue", 11)});
  world.complete_at(slot(11), 5);
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("e2fsck: windows of whole groups, sorted and joined; the next when the last buffer of one is begun") {
  World world = tree({{10, 30, 11}, {12, 50}, {60}});
  start(world, "e2fsck", {{"window_bytes", 3 * node_bytes}, {"buffer_blocks", 2}});
  world.add(5, min_key, max_key, true);
  world.complete_at(slot(1));
  // The first group's three leaves are not more than the window.
  CHECK(world.decisions() == Words{at("hit", 0), at("issue", 1), at("issue", 2)});
  world.complete_at(slot(2));
  CHECK(leaf_reads(world) == Reads{{10, 12}, {30, 30}, {50, 50}});
  world.decisions();
  // The last group's two leaves are its last buffer.
  for (const std::uint64_t n : {10, 30, 11}) visit(world, n);
  CHECK(world.decisions().empty());
  visit(world, 12);
  CHECK(world.decisions() == Words{at("issue", 3)});
  world.complete_at(slot(3));
  CHECK(world.decisions() == Words{at("issue", 60)});
  world.run();
  CHECK(world.decisions() == Words{"finish 0"});
}

TEST_CASE("e2fsck: where nobody visits the next window begins when one is there") {
  World world = tree({{10, 30}, {60}});
  start(world, "e2fsck", {{"window_bytes", 0}});
  world.add(5);
  world.complete_at(slot(1));
  world.decisions();
  world.complete_at(slot(30));
  CHECK(world.decisions().empty());
  world.complete_at(slot(10));
  CHECK(world.decisions() == Words{at("issue", 2)});
}
