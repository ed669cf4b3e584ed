// The seed's open questions: each parameter by itself in a small case worked out by hand, then all of them at random.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/testing/random_world.h"
#include "core/testing/reada_world.h"

using namespace headway;
using namespace headway::testing;

namespace {

constexpr std::uint64_t c0 = 1 * mib;
std::uint64_t slot(std::uint64_t n) { return c0 + n * node_bytes; }

Volume volume_of(Profile profile, std::vector<DeviceIndex> devices) {
  return make_volume(static_cast<std::size_t>(*std::max_element(devices.begin(), devices.end())) + 1, 1, profile,
                     [&](std::size_t) { return devices; });
}

// A root at slot 0 with leaves at the given slots, keys (0 0 0), (10 0 0), ...
World star(Volume volume, const std::vector<std::uint64_t>& leaves) {
  std::vector<Node> nodes{{.logical = slot(0), .level = 1}};
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    nodes[0].pointers.push_back({{i * 10, 0, 0}, slot(leaves[i]), 1});
    nodes.push_back({.logical = slot(leaves[i])});
  }
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  return World(std::move(volume), std::move(forest));
}

std::vector<std::uint64_t> slots(const World& world) {
  std::vector<std::uint64_t> all;
  for (const auto& read : world.issued()) all.push_back((read.logical - c0) / node_bytes);
  return all;
}

void check_nothing_left(World& world, const reada::Engine& engine) {
  CHECK(world.finished().size() == world.handles());
  for (HandleId handle = 0; handle < world.handles(); ++handle) world.strategy().wait(handle);
  CHECK(engine.live_controls() == 0);
  check_idle(world, engine);
}

}  // namespace

TEST_CASE("coalesce_bytes: neighbours are one read, up to the size; a gap or a block in memory ends it") {
  World world = star(volume_of(Profile::single, {0}), {1, 2, 3, 4, 6, 7, 8});
  world.memory().insert(world.block_at(slot(8)));
  reada::Settings settings;
  settings.coalesce_bytes = 3 * node_bytes;
  auto& engine = start(world, settings);
  world.add(5);
  REQUIRE(world.issued().size() == 3);
  CHECK(slots(world) == std::vector<std::uint64_t>{1, 4, 6});
  CHECK(world.issued()[0].blocks == 3);
  CHECK(world.issued()[0].bytes == 3 * node_bytes);
  CHECK(world.issued()[1].blocks == 1);  // slot 5 is not wanted
  CHECK(world.issued()[2].blocks == 2);  // slot 8 is in memory
  CHECK(engine.zones().in_flight(0) == 3);
  world.run();
  check_nothing_left(world, engine);
}

TEST_CASE("coalesce_bytes: a read ends with its stripe") {
  // RAID0 over two: stripes of 64 KiB, four nodes each.
  World world = star(volume_of(Profile::raid0, {0, 1}), {1, 2, 3, 4, 5});
  reada::Settings settings;
  settings.coalesce_bytes = 1 << 20;
  start(world, settings);
  world.add(5);
  REQUIRE(world.issued().size() == 2);
  CHECK(world.issued()[0].blocks == 2);  // 4, 5: stripe 1, by device 2 while device 1's turn went to the root
  CHECK(world.issued()[1].blocks == 3);  // 1, 2, 3: the rest of stripe 0
}

TEST_CASE("zone_pick: four orders of the same four zones") {
  // Zones of 64 slots. The first tree's root and one leaf lie in the third zone, the others in the first, the second
  // and, two of them, the fourth. The second tree lies in the third zone; it is added when the leaf at slot 0 is read.
  Volume volume = make_volume(1, 4, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; });
  std::vector<Node> nodes{{.logical = slot(128), .level = 1}, {.logical = slot(130), .level = 1}};
  for (const std::uint64_t leaf : {0, 64, 129, 192, 193}) {
    nodes[0].pointers.push_back({{leaf, 0, 0}, slot(leaf), 1});
    nodes.push_back({.logical = slot(leaf)});
  }
  for (const std::uint64_t leaf : {131, 132, 133, 134}) {
    nodes[1].pointers.push_back({{leaf, 0, 0}, slot(leaf), 1});
    nodes.push_back({.logical = slot(leaf)});
  }
  const Forest forest = make_forest(volume, nodes, {{5, slot(128)}, {6, slot(130)}});
  const auto order = [&](std::string_view pick) {
    World world(volume, forest);
    reada::Settings settings;
    settings.max_in_flight = 1;
    settings.zone_pick = &*std::ranges::find(reada::zone_picks(), pick, &reada::ZonePick::name);
    start(world, settings);
    world.add(5);
    while (!world.in_flight().empty()) {
      if (world.in_flight()[0].logical == slot(0)) world.add(6);
      world.complete(Read(world.in_flight()[0]));
    }
    return slots(world);
  };
  using Slots = std::vector<std::uint64_t>;
  // After 129 the fullest is the fourth; then the first of two with one element each, and of two again.
  CHECK(order("most-elements") == Slots{129, 192, 193, 0, 64, 131, 132, 133, 134});
  // By blocks from the end of the last read: the second zone is 3 away, the first 4, the fourth 5. And so on.
  CHECK(order("nearest") == Slots{129, 64, 0, 131, 132, 133, 134, 192, 193});
  // On to the fourth, round to the first; the second begins where the first has ended.
  CHECK(order("sequential") == Slots{129, 192, 193, 0, 64, 131, 132, 133, 134});
  // Those that were never left, by address; then the third, left long ago.
  CHECK(order("round-robin") == Slots{129, 0, 64, 192, 193, 131, 132, 133, 134});
}

TEST_CASE("in_flight_accounting: submission bounds nothing when submitting takes no time") {
  World world = star(volume_of(Profile::single, {0}), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  reada::Settings settings;
  settings.count_until_completion = false;
  auto& engine = start(world, settings);
  world.add(5);
  CHECK(world.in_flight().size() == 10);
  CHECK(engine.zones().in_flight(0) == 0);
  world.run();
  check_nothing_left(world, engine);
}

TEST_CASE("dup: first-copy reads the first of the two, and counts the zone twice as the kernel does") {
  World world = star(volume_of(Profile::dup, {0, 0}), {1, 2});
  reada::Settings settings;
  settings.dup_first_copy = true;
  auto& engine = start(world, settings);
  world.add(5);
  CHECK(slots(world) == std::vector<std::uint64_t>{1, 2});
  CHECK(world.issued()[0].mirror == 1);
  CHECK(engine.zones().elements(engine.zones().first_zone(0)) == 4);
  world.run();
  check_nothing_left(world, engine);
}

TEST_CASE("max_copies: three copies are read by three devices once the bound allows") {
  World world = star(volume_of(Profile::raid1c3, {0, 1, 2}), {1, 2, 3});
  reada::Settings settings;
  settings.most_copies = 3;
  auto& engine = start(world, settings);
  world.add(5);
  std::set<DeviceIndex> devices;
  for (const auto& read : world.issued()) devices.insert(read.device);
  // Device 1's first turn goes to the root. Then all three are in one zone, and device 2 leads: the others' pointers
  // stand behind it, meet what it has just scheduled, and give up their turns.
  CHECK(world.issued().size() == 3);
  CHECK(devices == std::set<DeviceIndex>{1});
  world.run();
  check_nothing_left(world, engine);
}

TEST_CASE("on_generation_mismatch: restart walks from the root to the branch and reads it") {
  // Root (level 2) -> node at 1 of another generation -> leaf at 3; node at 2 -> leaf at 4.
  std::vector<Node> nodes{{.logical = slot(0), .level = 2, .pointers = {{{0}, slot(1), 7}, {{10}, slot(2), 1}}},
                          {.logical = slot(1), .level = 1, .generation = 8, .pointers = {{{0}, slot(3)}}},
                          {.logical = slot(2), .level = 1, .pointers = {{{10}, slot(4)}}},
                          {.logical = slot(3)},
                          {.logical = slot(4)}};
  Volume volume = volume_of(Profile::single, {0});
  Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
  World world(std::move(volume), std::move(forest));
  reada::Settings settings;
  settings.restart_on_mismatch = true;
  auto& engine = start(world, settings);
  world.add(5);
  world.decisions();
  world.complete_at(slot(1));
  CHECK(world.decisions().empty());  // the device's turn falls on node 2, which is under way
  world.complete_at(slot(2));
  // The restart wants only [0, 10): root hit, node 1 hit, its leaf read; node 2 is not asked for again.
  const auto words = world.decisions();
  CHECK(std::count(words.begin(), words.end(), fmt::format("hit 1:{}", slot(0))) == 1);
  CHECK(std::count(words.begin(), words.end(), fmt::format("hit 1:{}", slot(1))) == 1);
  CHECK(std::count(words.begin(), words.end(), fmt::format("issue 1:{}", slot(3))) == 1);
  world.run();
  CHECK(std::set<std::uint64_t>{1, 2, 3, 4} == [&] {
    const auto all = slots(world);
    return std::set<std::uint64_t>(all.begin(), all.end());
  }());
  CHECK(world.issued().size() == 4);
  check_nothing_left(world, engine);
}

TEST_CASE("controls_per_extent: one: the second waits for the first, and loses what the first did not want") {
  World world = star(volume_of(Profile::single, {0}), {1, 2, 3, 4, 5, 6, 7, 8});
  reada::Settings settings;
  settings.one_control_per_extent = true;
  settings.max_in_flight = 1;
  auto& engine = start(world, settings);
  // The first wants leaves 1 and 2. The second wants all, but a root is hit at once, so both get its children; leaf 1 is
  // the first's alone, and the second waits for it instead of counting that leaf.
  world.add(5, {0, 0, 0}, {20, 0, 0});
  world.add(5);
  world.complete_at(slot(1));
  world.complete_at(slot(2));
  CHECK(world.finished() == std::vector<HandleId>{0});
  world.run();
  CHECK(world.finished() == std::vector<HandleId>{0, 1});
  CHECK(world.issued().size() == 8);
  check_nothing_left(world, engine);
}

TEST_CASE("controls_per_extent: one: a branch that the first prunes is lost to the second") {
  // Node at 1 is in flight for the first, which wants only its first leaf; the second wanted both.
  std::vector<Node> nodes{{.logical = slot(0), .level = 2, .pointers = {{{0}, slot(1)}}},
                          {.logical = slot(1), .level = 1, .pointers = {{{0}, slot(2)}, {{10}, slot(3)}}},
                          {.logical = slot(2)},
                          {.logical = slot(3)}};
  for (const bool one : {false, true}) {
    Volume volume = volume_of(Profile::single, {0});
    Forest forest = make_forest(volume, nodes, {{5, slot(0)}});
    World world(std::move(volume), std::move(forest));
    reada::Settings settings;
    settings.one_control_per_extent = one;
    auto& engine = start(world, settings);
    world.add(5, {0, 0, 0}, {5, 0, 0});
    world.add(5);
    world.run();
    CHECK(world.issued().size() == (one ? 2 : 3));
    check_nothing_left(world, engine);
  }
}

TEST_CASE("a stepped engine decides the same when one worker runs its works to the end") {
  const std::vector<std::uint64_t> leaves{3, 1, 9, 4, 20, 7, 2, 30};
  World plain = star(volume_of(Profile::raid1, {0, 1}), leaves);
  World stepped = star(volume_of(Profile::raid1, {0, 1}), leaves);
  start(plain, {});
  auto& engine = start(stepped, {});
  engine.set_stepped();
  const auto work_off = [&] {
    std::uint32_t work = 0;
    StepCost cost;
    std::uint32_t starts = 0;
    while (engine.start_work(work)) {
      while (engine.step_work(work, cost)) {
        CHECK(cost.starts == 1);
        starts += cost.starts;
      }
    }
    return starts;
  };
  plain.add(5);
  stepped.add(5);
  CHECK(stepped.decisions().empty());
  CHECK(work_off() == 7);  // the root's hit and six reads by the device that leads; the other never catches up
  while (!plain.in_flight().empty()) {
    CHECK(plain.decisions() == stepped.decisions());
    const Read read = plain.in_flight().front();
    plain.complete(read);
    stepped.complete(read);
    work_off();
  }
  CHECK(plain.decisions() == stepped.decisions());
  CHECK(stepped.finished() == std::vector<HandleId>{0});
}

TEST_CASE("a later kernel's works: any start queues two others, up to ten live ones") {
  World world = star(volume_of(Profile::single, {0}), {1});
  reada::Settings settings;
  settings.requeue_after_any_start = true;
  settings.most_live_works = 10;
  auto& engine = start(world, settings);
  engine.set_stepped();
  world.add(5);
  std::uint32_t work = 0;
  StepCost cost;
  REQUIRE(engine.start_work(work));
  CHECK(engine.step_work(work, cost));  // the root
  CHECK(cost.hooks == 1);
  CHECK(cost.hook_items == 1);
  CHECK(engine.step_work(work, cost));  // the leaf
  CHECK(cost.hooks == 0);
  CHECK_FALSE(engine.step_work(work, cost));
  std::uint32_t other = 0;
  CHECK(engine.start_work(work));
  CHECK(engine.start_work(other));
  CHECK(work != other);
  CHECK_FALSE(engine.start_work(other));
}

TEST_CASE("allocations that fail: every handle finishes, nothing is left, others are not disturbed") {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    Case c = random_case(seed);
    RandomLayout layout = random_layout(c);
    World world(std::move(layout.volume), std::move(layout.forest));
    MemoryFaults faults(seed % 4 == 0 ? 1.0 : 0.05 * (seed % 7), seed);
    world.make([&](Context context) {
      context.memory_faults = &faults;
      return std::make_unique<reada::Engine>(context, reada::Settings{});
    });
    for (int i = 0; i < 3; ++i) world.add(256);
    world.run();
    CAPTURE(seed);
    CHECK(world.finished().size() == 3);
    check_nothing_left(world, dynamic_cast<reada::Engine&>(world.strategy()));
  }
}

TEST_CASE("all parameters at random: every handle finishes, each block is read once, nothing is left") {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    const Case c = random_case(seed);
    Dice dice(seed * 7919);
    reada::Settings settings;
    settings.max_in_flight = 1 + dice(12);
    settings.peer_lock = dice.percent(50);
    settings.most_copies = 1 + dice(4);
    settings.dup_first_copy = dice.percent(50);
    settings.count_until_completion = dice.percent(60);
    settings.restart_on_mismatch = dice.percent(50);
    settings.one_control_per_extent = dice.percent(30);
    settings.coalesce_bytes = dice.percent(50) ? node_bytes * (1 + dice(8)) : 0;
    settings.zone_pick = &reada::zone_picks()[dice(4)];
    settings.requeue_after_any_start = dice.percent(30);
    settings.most_live_works = settings.requeue_after_any_start ? 10 : 0;
    RandomLayout layout = random_layout(c);
    World world(std::move(layout.volume), std::move(layout.forest));
    auto& engine = start(world, settings);
    CAPTURE(describe(c));
    for (int i = 0; i < c.handles; ++i) world.add(256 + dice(static_cast<std::uint32_t>(c.trees)));
    bool failed = false;
    while (!world.in_flight().empty()) {
      const Read read = world.in_flight()[dice(static_cast<std::uint32_t>(world.in_flight().size()))];
      const int error = dice.percent(c.errors) ? 5 : 0;
      failed = failed || error;
      world.complete(read, error);
    }
    std::map<BlockId, int> times;
    for (const auto& read : world.issued()) {
      for (BlockId block = read.block; block < read.block + read.blocks; ++block) ++times[block];
    }
    if (!failed) {
      for (const auto& [block, count] : times) CHECK(count == 1);
    }
    check_nothing_left(world, engine);
  }
}
