#include "models/drive/mechanical/read_ahead.h"

#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "models/drive/measure.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double ms = 1e-3;

Json buffered() {
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.2;
  json["read_hit_overhead_ms"] = 0.05;
  json["bus_ms_per_sector"] = 0.01;
  json["buffer_segments"] = 2;
  json["segment_sectors"] = 60;
  return json;
}

}  // namespace

TEST_CASE("what was read, and what passed the heads since, is in the buffer") {
  // The first read ends on the media at sector 14; by the second's arrival the 20 sectors behind it have passed.
  const auto done = run(buffered(), {}, {{.sector = 10, .sectors = 4}, {.sector = 10, .sectors = 24, .at_s = 4 * ms}});
  CHECK(done[1].times.seek_s == 0);
  CHECK(done[1].times.rotation_s == 0);
  CHECK(done[1].end_s == testing::approx(4 * ms + 0.05 * ms + 24 * 0.01 * ms));
}

TEST_CASE("a read that the read-ahead is about to reach ends when its last sector has passed") {
  const auto done = run(buffered(), {}, {{.sector = 10, .sectors = 4}, {.sector = 14, .sectors = 40, .at_s = 2 * ms}});
  CHECK(done[1].times.rotation_s == 0);
  CHECK(done[1].end_s == testing::approx(5.4 * ms + 0.01 * ms));  // sector 53 ends at 5.4 ms
}

TEST_CASE("without a buffer the same read waits for a turn") {
  auto json = buffered();
  json["buffer_segments"] = 0;
  const auto done = run(json, {}, {{.sector = 10, .sectors = 4}, {.sector = 14, .sectors = 40, .at_s = 2 * ms}});
  CHECK(done[1].end_s == testing::approx(15.4 * ms + 0.01 * ms));
}

TEST_CASE("read-ahead stops when the segment is full and goes on when the host has taken some") {
  // 60 sectors in a segment: at 20 ms it holds 10 .. 70, and not more.
  const std::vector<Run> beyond{{.sector = 10, .sectors = 4}, {.sector = 70, .sectors = 4, .at_s = 20 * ms}};
  CHECK(run(buffered(), {}, beyond)[1].times.rotation_s > 0);
  const std::vector<Run> on{{.sector = 10, .sectors = 4},
                            {.sector = 14, .sectors = 20, .at_s = 20 * ms},
                            {.sector = 70, .sectors = 4, .at_s = 40 * ms}};
  const auto done = run(buffered(), {}, on);
  CHECK(done[1].times.rotation_s == 0);
  CHECK(done[2].times.rotation_s == 0);
  CHECK(done[2].end_s == testing::approx(40.05 * ms + 0.04 * ms));
}

TEST_CASE("segments are reused, the least recently used first") {
  const auto rotation = [](std::uint64_t last) {
    return run(buffered(), {},
               {{.sector = 10},
                {.sector = 1000, .at_s = 0.1},
                {.sector = 10, .at_s = 0.2},
                {.sector = 2500, .at_s = 0.3},
                {.sector = last, .at_s = 0.4}})[4]
        .times.rotation_s;
  };
  CHECK(rotation(10) == 0);
  CHECK(rotation(2500) == 0);
  CHECK(rotation(1000) > 0);
}

TEST_CASE("a write drops what it overwrites") {
  const auto done = run(buffered(), {},
                        {{.sector = 10, .sectors = 4},
                         {.sector = 20, .at_s = 0.1, .write = true},
                         {.sector = 10, .sectors = 4, .at_s = 0.2}});
  CHECK(done[2].times.rotation_s > 0);
}

TEST_CASE("sequential reading reaches the zone's rate") {
  // Closed form: a band's tracks, each with its skew, over the time that they take to pass.
  for (const char* name : {"seagate-constellation2-1tb", "seagate-exos-x18-18tb", "wd-blue-wd20spzx-2tb"}) {
    CAPTURE(name);
    const auto model = load_drive(name);
    const auto& mechanical = std::get<MechanicalModel>(model->kind);
    for (const bool inner : {false, true}) {
      const auto& zones = mechanical.geometry.zones();
      const Zone& zone = inner ? zones.back() : zones.front();
      const double heads = mechanical.geometry.surfaces();
      const double tracks = heads * mechanical.geometry.band_tracks();
      const double skew_sectors = (tracks - heads) * zone.step_skew_sectors + (heads - 1) * zone.track_skew_sectors +
                                  zone.cylinder_skew_sectors;
      const double turns = tracks + skew_sectors * zone.turn_per_sector;
      const double rate = tracks * zone.sectors_per_track * mechanical.sector_bytes / (turns * mechanical.revolution_s);
      CHECK(sequential_rate(model, inner) == testing::approx(rate).epsilon(0.01));
      const std::uint64_t from = inner ? capacity_bytes(*model) / 128 * 127 / 65536 * 65536 : 0;
      CHECK(sequential_reads(model, {}, from, 1 << 30, 65536, 1).bytes_per_s == testing::approx(rate).epsilon(0.01));
    }
  }
}

TEST_CASE("tight to the segment: a write beside it drops nothing, one that touches its first or last sector all") {
  // By 0.1 s the segment is full: sectors 10 to 69.
  const auto rotation = [](std::uint64_t sector, std::uint32_t sectors) {
    return run(buffered(), {},
               {{.sector = 10, .sectors = 4},
                {.sector = sector, .sectors = sectors, .at_s = 0.1, .write = true},
                {.sector = 10, .sectors = 4, .at_s = 0.2}})[2]
        .times.rotation_s;
  };
  CHECK(rotation(9, 1) == 0);
  CHECK(rotation(9, 2) > 0);
  CHECK(rotation(70, 1) == 0);
  CHECK(rotation(69, 1) > 0);
}

TEST_CASE("tight to the heads: a read of the very sector that passes next goes on, one behind it waits for a turn") {
  // The first read ends on the media at 1.4 ms and at the host at 1.41; the second is looked at at 1.46, in sector 14.
  const auto end_s = [](std::uint64_t sector) {
    return run(buffered(), {.depth = 2}, {{.sector = 10, .sectors = 4}, {.sector = sector, .at_s = 1 * ms}})[1].end_s;
  };
  CHECK(end_s(14) == testing::approx(1.5 * ms + 0.01 * ms));
  // The command's whole overhead is over at 1.61 ms: sector 16 has just begun, it comes round at 11.6; 17 does not.
  CHECK(end_s(16) == testing::approx(11.7 * ms + 0.01 * ms));
  CHECK(end_s(17) == testing::approx(1.8 * ms + 0.01 * ms));
}

TEST_CASE("read-ahead may stop where the track does") {
  // By 0.1 s: to sector 99, or on to 129, where the segment is full.
  const auto rotation = [](const char* until, std::uint64_t sector) {
    auto json = buffered();
    json["read_ahead_until"] = until;
    json["read_ahead_sectors"] = 50;
    return run(json, {}, {{.sector = 76, .sectors = 4}, {.sector = sector, .at_s = 0.1}})[1].times.rotation_s;
  };
  for (const char* until : {"segment_full", "track_end", "next_track"}) CHECK(rotation(until, 99) == 0);
  CHECK(rotation("segment_full", 129) == 0);
  CHECK(rotation("segment_full", 130) > 0);
  CHECK(rotation("track_end", 100) > 0);
  CHECK(rotation("next_track", 100) > 0);
}

TEST_CASE("read-ahead of a read that came from the track before goes on to the end of the next") {
  for (const bool keeps : {true, false}) {
    CAPTURE(keeps);
    auto json = buffered();
    json["read_ahead_until"] = "next_track";
    json["segment_sectors"] = 250;
    json["keeps_requested"] = keeps;
    const auto rotation = [&](std::uint64_t first, std::uint32_t sectors, std::uint64_t sector) {
      const auto done = run(json, {}, {{.sector = first, .sectors = sectors}, {.sector = sector, .at_s = 0.1}});
      return done[1].times.rotation_s;
    };
    CHECK(rotation(96, 8, 299) == 0);
    CHECK(rotation(96, 8, 300) > 0);
    CHECK(rotation(100, 4, 199) == 0);  // within its track
    CHECK(rotation(100, 4, 200) > 0);
    CHECK(rotation(96, 4, 100) > 0);  // to its track's end
  }
}

TEST_CASE("read-ahead may wait for a second read in sequence") {
  auto json = buffered();
  json["read_ahead_after"] = 2;
  const auto done = run(json, {},
                        {{.sector = 10, .sectors = 4},
                         {.sector = 14, .sectors = 4, .at_s = 0.1},
                         {.sector = 18, .sectors = 4, .at_s = 0.2},
                         {.sector = 10, .sectors = 4, .at_s = 0.3}});
  CHECK(done[1].times.rotation_s > 0);
  CHECK(done[2].times.rotation_s == 0);
  CHECK(done[3].times.rotation_s == 0);  // what it read is kept all the same
}

TEST_CASE("what went to the host may leave the buffer") {
  auto json = buffered();
  const std::vector<Run> again{{.sector = 10, .sectors = 4},
                               {.sector = 14, .sectors = 4, .at_s = 0.1},
                               {.sector = 14, .sectors = 4, .at_s = 0.2}};
  CHECK(run(json, {}, again)[2].times.rotation_s == 0);
  json["keeps_requested"] = false;
  const auto done = run(json, {}, again);
  CHECK(done[1].times.rotation_s == 0);
  CHECK(done[2].times.rotation_s > 0);
}

TEST_CASE("writes may take segments from reads") {
  auto json = buffered();
  const std::vector<Run> requests{{.sector = 10, .sectors = 4},
                                  {.sector = 1000, .at_s = 0.1, .write = true},
                                  {.sector = 2500, .at_s = 0.2, .write = true},
                                  {.sector = 10, .sectors = 4, .at_s = 0.3}};
  CHECK(run(json, {}, requests)[3].times.rotation_s == 0);
  json["write_segments"] = 1;
  CHECK(run(json, {}, requests)[3].times.rotation_s > 0);
  json["own_write_segment"] = true;
  CHECK(run(json, {}, requests)[3].times.rotation_s == 0);
}
