#include "models/drive/mechanical/mechanical_device.h"

#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double ms = 1e-3;

}  // namespace

TEST_CASE("a read waits for its sector and passes it") {
  // Sector 30 begins 3 ms after the index mark; the heads are there from the start.
  const auto done = run(plain_drive(), {}, {{.sector = 30, .sectors = 5}});
  CHECK(done[0].times.seek_s == 0);
  CHECK(done[0].times.rotation_s == testing::approx(3 * ms));
  CHECK(done[0].times.transfer_s == testing::approx(0.5 * ms));
  CHECK(done[0].end_s == testing::approx(3.5 * ms));
}

TEST_CASE("the platters turn while the drive is idle") {
  const auto done = run(plain_drive(), {}, {{.sector = 30}, {.sector = 30, .at_s = 0.1224}});
  CHECK(done[1].times.rotation_s == testing::approx(0.6 * ms).epsilon(1e-6));  // 12.24 turns; the sector is at 0.3
}

TEST_CASE("a seek is followed by the rest of the turn") {
  // Cylinder 4, head 0: 8 tracks on. Angle: 4 track switches and 4 cylinders: (4 x 10 + 4 x 20) / 100 = 0.2.
  const auto done = run(plain_drive(), {}, {{.sector = 800}});
  CHECK(done[0].times.seek_s == testing::approx(1.3 * ms));
  CHECK(done[0].times.rotation_s == testing::approx(0.7 * ms));
  CHECK(done[0].end_s == testing::approx(2.1 * ms));
}

TEST_CASE("the longer of seek and head switch counts") {
  auto json = plain_drive();
  const auto same_cylinder = run(json, {}, {{.sector = 100}});
  CHECK(same_cylinder[0].times.seek_s == testing::approx(0.5 * ms));
  const auto other_cylinder = run(json, {}, {{.sector = 300}});
  CHECK(other_cylinder[0].times.seek_s == testing::approx(1 * ms));
  json["head_switch_ms"] = 1.5;
  CHECK(run(json, {}, {{.sector = 300}})[0].times.seek_s == testing::approx(1.5 * ms));
}

TEST_CASE("a read across tracks pays the switch in its transfer") {
  // 10 sectors to the track's end; the next track's first sector is 10 sectors of skew further: 0.5 ms of switch fit.
  const auto done = run(plain_drive(), {}, {{.sector = 90, .sectors = 15}});
  CHECK(done[0].times.rotation_s == testing::approx(9 * ms));
  CHECK(done[0].times.transfer_s == testing::approx((1.0 + 1.0 + 0.5) * ms));
  auto json = plain_drive();
  json["zones"][0]["track_skew_sectors"] = 4;  // 0.4 ms: the switch misses it by 0.1 ms
  const auto missed = run(json, {}, {{.sector = 90, .sectors = 15}});
  CHECK(missed[0].times.transfer_s == testing::approx((1.0 + 10.4 + 0.5) * ms));
}

TEST_CASE("tight to the sector: just in time, and just too late") {
  // The second read follows the first with no gap; 0 overhead: in time. Any overhead: a whole turn.
  const std::vector<Run> two{{.sector = 10, .sectors = 10}, {.sector = 20, .sectors = 10}};
  const auto in_time = run(plain_drive(), {.depth = 2}, two);
  CHECK(in_time[1].times.rotation_s == 0);
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.01;
  const auto late = run(json, {.depth = 2}, two);
  CHECK(late[1].times.rotation_s == testing::approx(9.99 * ms));
}

TEST_CASE("the parts of a service add up") {
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.25;
  json["completion_overhead_ms"] = 0.05;
  SUBCASE("a slow bus begins with the first sector") {
    json["bus_ms_per_sector"] = 0.3;
    const auto done = run(json, {}, {{.sector = 50, .sectors = 4}})[0];
    const double media_s = done.times.seek_s + done.times.rotation_s;
    CHECK(done.end_s == testing::approx(0.25 * ms + media_s + 0.1 * ms + 4 * 0.3 * ms + 0.05 * ms));
  }
  SUBCASE("a fast bus ends with the last one") {
    json["bus_ms_per_sector"] = 0.02;
    const auto done = run(json, {}, {{.sector = 50, .sectors = 4}})[0];
    const double media_s = done.times.seek_s + done.times.rotation_s + done.times.transfer_s;
    CHECK(done.end_s == testing::approx(0.25 * ms + media_s + 0.02 * ms + 0.05 * ms));
  }
  SUBCASE("a bus that is not overlapped waits for the media") {
    json["bus_ms_per_sector"] = 0.02;
    json["bus_overlapped"] = false;
    const auto done = run(json, {}, {{.sector = 50, .sectors = 4}})[0];
    const double media_s = done.times.seek_s + done.times.rotation_s + done.times.transfer_s;
    CHECK(done.end_s == testing::approx(0.25 * ms + media_s + 4 * 0.02 * ms + 0.05 * ms));
  }
}

TEST_CASE("the queue's time is up to the start of service") {
  const auto done = run(plain_drive(), {}, {{.sector = 30}, {.sector = 60, .at_s = 1e-3}});
  CHECK(done[1].times.queue_s == testing::approx(3.1 * ms - 1 * ms));
  CHECK(done[1].end_s == testing::approx(6.1 * ms));
}

TEST_CASE("media with larger sectors reads and writes whole ones") {
  auto json = plain_drive();
  json["physical_sector_bytes"] = 2048;
  const auto read = run(json, {}, {{.sector = 30, .sectors = 3}});
  CHECK(read[0].times.rotation_s == testing::approx(2.8 * ms));
  CHECK(read[0].times.transfer_s == testing::approx(0.8 * ms));  // addresses 28 to 35
  const auto whole = run(json, {}, {{.sector = 28, .sectors = 4, .write = true}});
  CHECK(whole[0].times.transfer_s == testing::approx(0.4 * ms));
  const auto part = run(json, {}, {{.sector = 28, .sectors = 1, .write = true}});
  CHECK(part[0].times.transfer_s == testing::approx(10.4 * ms));  // read, then written a turn later
}

TEST_CASE("a write settles longer after a seek") {
  auto json = plain_drive();
  json["write_settle_ms"] = 0.4;
  CHECK(run(json, {}, {{.sector = 800, .write = true}})[0].times.seek_s == testing::approx(1.7 * ms));
  CHECK(run(json, {}, {{.sector = 30, .write = true}})[0].times.seek_s == 0);
}

TEST_CASE("zero latency: heads that come down among the sectors read from there") {
  auto json = plain_drive();
  json["zero_latency"] = true;
  // At 3.25 ms the heads are within the read of sectors 30 to 49: on from 33, a turn in all.
  const std::vector<Run> inside{{.sector = 30, .sectors = 20, .at_s = 3.25 * ms}};
  const auto done = run(json, {}, inside)[0];
  // As in DiskSim, the 80 sectors of others that pass meanwhile are rotation.
  CHECK(done.times.rotation_s == testing::approx(8.05 * ms));
  CHECK(done.times.transfer_s == testing::approx(2 * ms));
  CHECK(run(plain_drive(), {}, inside)[0].end_s == testing::approx(15 * ms));
  CHECK(done.end_s == testing::approx(13.3 * ms));
  // Outside it is as any other; on the last of the sectors there is nothing to gain.
  CHECK(run(json, {}, {{.sector = 30, .sectors = 20, .at_s = 2 * ms}})[0].end_s == testing::approx(5 * ms));
  CHECK(run(json, {}, {{.sector = 30, .sectors = 20, .at_s = 4.95 * ms}})[0].end_s == testing::approx(15 * ms));
  // The bus waits for the first sector, or for the last.
  json["bus_ms_per_sector"] = 0.3;
  CHECK(run(json, {}, inside)[0].end_s == testing::approx(13.1 * ms + 20 * 0.3 * ms));
  json["bus_overlapped"] = false;
  CHECK(run(json, {}, inside)[0].end_s == testing::approx(13.3 * ms + 20 * 0.3 * ms));
}

TEST_CASE("zero latency of reads is not that of writes") {
  auto json = plain_drive();
  json["zero_latency"] = true;
  const std::vector<Run> inside{{.sector = 30, .sectors = 20, .at_s = 3.25 * ms, .write = true}};
  CHECK(run(json, {}, inside)[0].end_s == testing::approx(15 * ms));
  json["zero_latency_writes"] = true;
  CHECK(run(json, {}, inside)[0].end_s == testing::approx(13.3 * ms));
}

TEST_CASE("a shingled drive writes in place what appends, and elsewhere to its log") {
  auto json = plain_drive();
  json["shingle"] = {{"band_bytes", 1 << 20}, {"media_cache_bytes", 1 << 20}};
  json["sectors"] = 2900;
  json["zones"][0]["front_sectors"] = 0;
  json["spares_per"] = "zone";
  const auto done = run(json, {},
                        {{.sector = 0, .write = true},
                         {.sector = 1, .at_s = 0.05, .write = true},
                         {.sector = 2850, .at_s = 0.1, .write = true},
                         {.sector = 2850, .at_s = 0.2}});
  CHECK(done[1].times.rotation_s == testing::approx(0.1 * ms).epsilon(1e-6));
  CHECK(done[2].times.seek_s == 0);  // to the log, where the heads are
  CHECK(done[3].times.seek_s > 2 * ms);
}

TEST_CASE("several actuators work at the same time") {
  auto json = plain_drive();
  json["actuators"] = 2;
  const auto model = model_of(json);
  CHECK(capacity_bytes(*model) == 6000 * 512);
  const auto done = run(json, {.depth = 2}, {{.sector = 30, .sectors = 5}, {.sector = 3030, .sectors = 5}});
  CHECK(done[0].end_s == testing::approx(3.5 * ms));
  CHECK(done[1].end_s == testing::approx(3.5 * ms));
}

TEST_CASE("the first actuator has the first half of the addresses, to its last sector") {
  auto json = plain_drive();
  const auto alone = run(json, {}, {{.sector = 2999}});
  json["actuators"] = 2;
  const auto done = run(json, {.depth = 2}, {{.sector = 2999}, {.sector = 5999}});
  CHECK(done[0].end_s == testing::approx(alone[0].end_s));
  CHECK(done[1].end_s == testing::approx(alone[0].end_s));
}

TEST_CASE("several actuators hold together no more than the queue's depth") {
  auto json = plain_drive();
  json["actuators"] = 2;
  const std::vector<Run> three{{.sector = 30}, {.sector = 3030}, {.sector = 3060}};
  // One command at the drive: each begins when the one before it has ended, at 3.1 and 13.1 ms.
  const auto one = run(json, {.depth = 1}, three);
  CHECK(one[1].times.queue_s == testing::approx(3.1 * ms));
  CHECK(one[1].end_s == testing::approx(13.1 * ms));
  CHECK(one[2].end_s == testing::approx(16.1 * ms));
  // Two: the third goes to the drive when the first ends there, and the second actuator is free then.
  const auto two = run(json, {.depth = 2}, three);
  CHECK(two[1].end_s == testing::approx(3.1 * ms));
  CHECK(two[2].times.queue_s == testing::approx(3.1 * ms));
  CHECK(two[2].end_s == testing::approx(6.1 * ms));
}
