// Each rule in a small case worked out by hand from its source; then what Reader tells the rules.
#include <doctest/doctest.h>

#include "core/copy/reader.h"
#include "core/testing/world.h"

using namespace headway;
using namespace headway::testing;

namespace {

Parameters values_for(const char* rule) {
  Parameters values(copy::declare());
  values.set("copy", std::string(rule));
  return values;
}

// A mirror: copy i lies on device i. Tests set what the rule is to see.
struct Mirror {
  explicit Mirror(std::size_t copies) : devices(copies), pending(copies), places(copies) {
    for (std::size_t i = 0; i < copies; ++i) {
      devices[i].devid = i + 1;
      places[i].device = static_cast<DeviceIndex>(i);
    }
  }

  std::size_t pick(const Parameters& values) const {
    const auto rule = copy::make_rule(values);
    return rule->pick({.copies = places,
                       .tried = tried,
                       .logical = logical,
                       .bytes_issued = bytes_issued,
                       .lot = lot,
                       .devices = devices,
                       .pending = pending});
  }
  std::size_t pick(const char* rule) const { return pick(values_for(rule)); }

  std::vector<copy::DeviceState> devices;
  std::vector<std::uint32_t> pending;
  std::vector<Copy> places;
  std::uint32_t tried = 0;
  std::uint64_t logical = 0;
  std::uint64_t bytes_issued = 0;
  std::uint64_t lot = 0;
};

}  // namespace

TEST_CASE("first and pid: the first copy, the pid's copy; after a failure the others by mirror number") {
  Mirror mirror(3);
  CHECK(mirror.pick("first") == 0);
  Parameters values = values_for("pid");
  values.set("pid", std::int64_t{5});
  CHECK(mirror.pick(values) == 2);  // 5 % 3
  // Copy 2 (mirror number 3) has failed: btree_read_extent_buffer_pages goes on with mirror 1, then 2.
  mirror.tried = 0b100;
  CHECK(mirror.pick(values) == 0);
  mirror.tried = 0b101;
  CHECK(mirror.pick(values) == 1);
}

TEST_CASE("the rules of btrfs read the first copy of DUP") {
  Mirror mirror(2);
  mirror.places[1].device = 0;
  Parameters values = values_for("pid");
  values.set("pid", std::int64_t{1});
  CHECK(mirror.pick(values) == 0);
  mirror.bytes_issued = 262144;
  CHECK(mirror.pick("round-robin") == 0);
  mirror.tried = 0b01;
  CHECK(mirror.pick(values) == 1);
}

TEST_CASE("round-robin: 256 KiB from each copy in turn, in the order of devid") {
  Mirror mirror(2);
  // Stripe 0 lies on the device with the higher devid: sorted by devid, stripe 1 comes first.
  std::swap(mirror.places[0], mirror.places[1]);
  CHECK(mirror.pick("round-robin") == 1);
  mirror.bytes_issued = 262143;  // still the first turn
  CHECK(mirror.pick("round-robin") == 1);
  mirror.bytes_issued = 262144;  // 1 % 2 = 1: the second in the order of devid
  CHECK(mirror.pick("round-robin") == 0);
  mirror.bytes_issued = 524288;
  CHECK(mirror.pick("round-robin") == 1);
}

TEST_CASE("devid: the chosen device where it holds a copy, else the first") {
  Mirror mirror(3);
  Parameters values = values_for("devid");
  values.set("devid", std::int64_t{3});
  CHECK(mirror.pick(values) == 2);
  values.set("devid", std::int64_t{9});
  CHECK(mirror.pick(values) == 0);
}

TEST_CASE("latency: least mean read time, an unread device first, the lower number among equals") {
  Mirror mirror(3);
  CHECK(mirror.pick("latency") == 0);
  mirror.devices[0].reads_completed = 2;
  mirror.devices[0].read_time_s = 0.02;  // 10 ms
  CHECK(mirror.pick("latency") == 1);    // never read: counts as 0; so does copy 2, which comes later
  mirror.devices[1].reads_completed = 10;
  mirror.devices[1].read_time_s = 0.08;  // 8 ms, though the longest sum
  mirror.devices[2].reads_completed = 1;
  mirror.devices[2].read_time_s = 0.009;  // 9 ms
  CHECK(mirror.pick("latency") == 1);
}

TEST_CASE("md-raid1, disks only: sequential, then idle, then nearest") {
  Mirror mirror(2);
  mirror.places[0].physical = 1000;
  mirror.places[1].physical = 1000;
  mirror.devices[0] = {.head = 5000, .issued_end = 5000};
  mirror.devices[1] = {.head = 9000, .issued_end = 1000, .run_start = 0};
  mirror.pending = {0, 3};
  // The next sector on disk 1 was read last: it stays there, for all its queue, though disk 0 is idle.
  CHECK(mirror.pick("md-raid1") == 1);
  mirror.devices[1].issued_end = 9000;
  mirror.devices[1].head = 1000;  // or its head is there
  CHECK(mirror.pick("md-raid1") == 1);
  // Neither: nobody is idle, all rotate, so the nearest head: |1000 - 5000| < |1000 - 9000|.
  mirror.devices[1].head = 9000;
  mirror.pending[0] = 1;
  CHECK(mirror.pick("md-raid1") == 0);
  // Disk 1 idle: it is taken although its head is farther.
  mirror.pending[1] = 0;
  CHECK(mirror.pick("md-raid1") == 1);
  // But not when it has failed.
  mirror.tried = 0b10;
  CHECK(mirror.pick("md-raid1") == 0);
}

TEST_CASE("md-raid1 with an SSD: least pending; a long sequential run moves on to an idle disk") {
  Mirror mirror(2);
  mirror.places[0].physical = 600000;
  mirror.places[1].physical = 600000;
  mirror.devices[0] = {.head = 600001};
  mirror.devices[1] = {.rotational = false, .head = 1};
  mirror.pending = {3, 2};
  // Any non-rotational disk present: least pending, not nearest.
  CHECK(mirror.pick("md-raid1") == 1);
  // Disk 1 reads sequentially, its run is 600000 - 90000 = 510000 long, less than the optimal 524288: it stays.
  mirror.devices[1] = {.rotational = false, .optimal_io_bytes = 524288, .issued_end = 600000, .run_start = 90000};
  mirror.pending[0] = 0;
  CHECK(mirror.pick("md-raid1") == 1);
  // With a run of 600000 it counts as 2 + 1 pending, and idle disk 0 takes over.
  mirror.devices[1].run_start = 0;
  CHECK(mirror.pick("md-raid1") == 0);
  // Idle itself it counts as 1, so that idle disk 0 is preferred, whichever comes first.
  mirror.pending[1] = 0;
  std::swap(mirror.devices[0], mirror.devices[1]);
  CHECK(mirror.pick("md-raid1") == 1);
  std::swap(mirror.devices[0], mirror.devices[1]);
  mirror.pending[1] = 2;
  // Disk 0 is not idle but has less: no idle disk, so the sequential one goes on.
  mirror.pending[0] = 1;
  CHECK(mirror.pick("md-raid1") == 1);
}

TEST_CASE("md-raid10: idle is distance 0; far takes the lowest address; SSDs by what is pending") {
  Mirror mirror(2);
  mirror.places[0].physical = 1000;
  mirror.places[1].physical = 500;
  mirror.devices[0] = {.head = 900};
  mirror.devices[1] = {.head = 700};
  mirror.pending = {1, 1};
  CHECK(mirror.pick("md-raid10") == 0);  // 100 away, the other 200
  mirror.pending[1] = 0;
  CHECK(mirror.pick("md-raid10") == 1);  // idle: 0
  mirror.pending[0] = 0;
  CHECK(mirror.pick("md-raid10") == 0);  // both 0: the first
  Parameters far = values_for("md-raid10");
  far.set("md_raid10_layout", std::string("far"));
  CHECK(mirror.pick(far) == 1);  // 500 < 1000, heads and queues do not count
  // One SSD: only it counts, whatever its queue.
  mirror.devices[1].rotational = false;
  mirror.pending[1] = 7;
  CHECK(mirror.pick("md-raid10") == 1);
  mirror.devices[0].rotational = false;
  mirror.pending[0] = 6;
  CHECK(mirror.pick("md-raid10") == 0);
}

TEST_CASE("zfs-mirror: queue length and seek penalty; the address decides among equals") {
  Mirror mirror(2);
  mirror.places[0].physical = 8 * mib;
  mirror.places[1].physical = 8 * mib;
  // Linear with 4 pending is 4 + 0; far away with none is 0 + 5.
  mirror.devices[0] = {.issued_end = 8 * mib};
  mirror.devices[1] = {.issued_end = 0};
  mirror.pending = {4, 0};
  CHECK(mirror.pick("zfs-mirror") == 0);
  // One byte less than 1 MiB away: 5 / 2 = 2, so 2 < 4. At 1 MiB: 5.
  mirror.devices[1].issued_end = 7 * mib + 1;
  CHECK(mirror.pick("zfs-mirror") == 1);
  mirror.devices[1].issued_end = 7 * mib;
  CHECK(mirror.pick("zfs-mirror") == 0);
  // SSDs: 0 where the last read ended, else 1, so 2 + 0 against 0 + 1.
  mirror.devices[0] = {.rotational = false, .issued_end = 8 * mib};
  mirror.devices[1] = {.rotational = false, .issued_end = 0};
  mirror.pending = {2, 0};
  CHECK(mirror.pick("zfs-mirror") == 1);
  // Equal, 2 + 0 and 1 + 1: address >> 21, modulo 2.
  mirror.pending[1] = 1;
  CHECK(mirror.pick("zfs-mirror") == 0);
  mirror.logical = 2 * mib - 1;
  CHECK(mirror.pick("zfs-mirror") == 0);
  mirror.logical = 2 * mib;
  CHECK(mirror.pick("zfs-mirror") == 1);
  Parameters lots = values_for("zfs-mirror");
  lots.set("zfs_ties", std::string("random"));
  CHECK(mirror.pick(lots) == 0);
  mirror.lot = 3;
  CHECK(mirror.pick(lots) == 1);
}

namespace {

// Owns a Reader and does nothing by itself.
struct Hand final : Strategy {
  Hand(const Context& context, const Parameters& values) : reader(context, values) {}
  void add(HandleId, const Range&) override {}
  void complete(const Read& read, int error) override { reader.complete(read, error); }
  copy::Reader reader;
};

}  // namespace

TEST_CASE("what Reader tells of a device: head, end of issue, run, time") {
  Volume volume = make_volume(2, 1, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  std::vector<Node> nodes;
  for (std::uint64_t i = 0; i < 4; ++i) nodes.push_back({.logical = mib + i * node_bytes});
  Forest forest = make_forest(volume, nodes, {{5, mib + 3 * node_bytes}});
  World world(std::move(volume), std::move(forest));
  world.traits(1) = {.rotational = false, .optimal_io_bytes = 65536};
  world.make([](const Context& context) { return std::make_unique<Hand>(context, values_for("latency")); });
  auto& reader = dynamic_cast<Hand&>(world.strategy()).reader;
  CHECK(reader.device(1).optimal_io_bytes == 65536);
  CHECK_FALSE(reader.device(1).rotational);
  // Device 1's share of the chunk begins at 1 MiB. Blocks 1 and 2 are one run from block 1 on.
  world.set_now(1);
  reader.issue(1);
  world.set_now(2);
  const Read second = reader.issue(2);
  CHECK(second.device == 0);
  CHECK(reader.device(0).run_start == mib + node_bytes);
  CHECK(reader.device(0).issued_end == mib + 3 * node_bytes);
  CHECK(reader.device(0).head == 0);
  world.set_now(5);
  world.complete(second);
  CHECK(reader.device(0).head == mib + 3 * node_bytes);
  CHECK(reader.device(0).read_time_s == 3);
  CHECK_FALSE(reader.in_flight(2));
  CHECK(reader.in_flight(1));
  // Device 1 has a mean of 3 s now, device 2 none: it is next. A read elsewhere begins a new run.
  CHECK(reader.issue(0).device == 1);
  CHECK(reader.device(1).run_start == mib);
  world.complete_at(mib + node_bytes, 5);  // 4 s; failed, but the time was spent
  CHECK(reader.device(0).read_time_s == 7);
  CHECK(reader.device(0).reads_completed == 2);
}

TEST_CASE("a rule sees what everybody asks of a device, and what is claimed") {
  Volume volume = make_volume(2, 1, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  std::vector<Node> nodes;
  for (std::uint64_t i = 0; i < 8; ++i) nodes.push_back({.logical = mib + 2 * i * node_bytes});
  Forest forest = make_forest(volume, nodes, {{5, mib}});
  World world(std::move(volume), std::move(forest));
  world.make([](const Context& context) { return std::make_unique<Hand>(context, values_for("md-raid1")); });
  auto& reader = dynamic_cast<Hand&>(world.strategy()).reader;
  // Somebody else keeps the first disk busy: the second is idle, then as well.
  world.pending(0) = 4;
  const Read read = reader.issue(1);
  CHECK(read.device == 1);
  // Nobody is idle, the heads are where they were: the first disk.
  CHECK(reader.issue(3).device == 0);
  world.complete(read);
  CHECK(world.pending(1) == 0);
  CHECK(reader.read_of(5).device == 1);
  // Both idle: the first. What is claimed counts: then the second.
  world.pending(0) = 0;
  const Read claimed = reader.read_of(5);
  CHECK(claimed.device == 0);
  reader.claim(claimed);
  CHECK(reader.read_of(7).device == 1);
  reader.release(0);
  CHECK(reader.read_of(7).device == 0);
}
