#include "models/drive/mechanical/write_cache.h"

#include <doctest/doctest.h>

#include <set>

#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double ms = 1e-3;

Json write_back(int write_segments = 1) {
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.2;
  json["read_hit_overhead_ms"] = 0.05;
  json["write_overhead_ms"] = 0.3;
  json["write_bus_ms_per_sector"] = 0.02;
  json["buffer_segments"] = 4;
  json["segment_sectors"] = 60;
  json["write_segments"] = write_segments;
  json["write_back"] = true;
  return json;
}

// When the media have `write`, were it not for the cache.
double media_end_s(const Run& write) {
  auto json = write_back();
  json["write_back"] = false;
  return run(json, {}, {write})[0].end_s;
}

double seek_ms(const DriveCompletion& done) { return done.times.seek_s / ms; }

constexpr std::uint64_t far = 1000;  // cylinder 5

}  // namespace

TEST_CASE("a write that the cache takes is answered when the bus has brought it, and reaches the media afterwards") {
  const auto done = run(write_back(), {}, {{.sector = far, .sectors = 4, .write = true}, {.sector = 10, .at_s = 0.1}});
  CHECK(done[0].end_s == testing::approx(0.3 * ms + 4 * 0.02 * ms));
  CHECK(done[0].times.seek_s == 0);
  CHECK(done[0].times.transfer_s == testing::approx(4 * 0.02 * ms));
  CHECK(seek_ms(done[1]) == testing::approx(1.4));  // from there
}

TEST_CASE("a read waits for the run that the heads are at") {
  const Run write{.sector = far, .sectors = 4, .write = true};
  const auto done = run(write_back(), {}, {write, {.sector = 10, .at_s = 1 * ms}});
  const double parts_s = done[1].times.seek_s + done[1].times.rotation_s + done[1].times.transfer_s;
  CHECK(done[1].end_s - parts_s == testing::approx(media_end_s(write)));
}

TEST_CASE("a read goes before runs that the heads are not at yet") {
  auto json = write_back(2);
  json["drain_after_ms"] = 50;
  const std::vector<Run> requests{
      {.sector = far, .write = true}, {.sector = 10, .at_s = 20 * ms}, {.sector = 10, .at_s = 0.2}};
  const auto done = run(json, {}, requests);
  CHECK(seek_ms(done[1]) == 0);
  // After 50 ms the heads have gone there; what is read again comes from the buffer.
  CHECK(done[2].end_s == testing::approx(0.2 + 0.05 * ms).epsilon(1e-6));
  CHECK(seek_ms(run(json, {}, {requests[0], {.sector = 10, .at_s = 0.2}})[1]) == testing::approx(1.4));
}

TEST_CASE("a write that finds no free segment waits until the heads begin on a run") {
  // The heads are at the first from 0.3 ms on; the second has the segment; the third waits for the first's end.
  const Run first{.sector = far, .write = true};
  const std::vector<Run> three{
      first, {.sector = 10, .at_s = 1 * ms, .write = true}, {.sector = 2500, .at_s = 2 * ms, .write = true}};
  const auto done = run(write_back(), {}, three);
  CHECK(done[1].end_s == testing::approx(1.32 * ms));
  CHECK(done[2].end_s == testing::approx(media_end_s(first) + 0.02 * ms));
  CHECK(run(write_back(2), {}, three)[2].end_s == testing::approx(2.32 * ms));
}

TEST_CASE("a write that goes on from a run of the cache joins it") {
  const Run first{.sector = far, .write = true};
  const std::vector<Run> three{
      first, {.sector = 10, .at_s = 1 * ms, .write = true}, {.sector = 11, .at_s = 2 * ms, .write = true}};
  CHECK(run(write_back(), {}, three)[2].end_s == testing::approx(2.32 * ms));
  // Not beyond a segment's size.
  auto small = write_back();
  small["segment_sectors"] = 1;
  CHECK(run(small, {}, three)[2].end_s == testing::approx(media_end_s(first) + 0.02 * ms));
}

TEST_CASE("the heads are not done with a run before the bus has brought what joined it") {
  auto json = write_back();
  json["write_bus_ms_per_sector"] = 5;
  json["drain_after_ms"] = 1;
  // The second joins 0.1 ms on; its sectors are over at 0.4 + 20 ms.
  const auto done = run(json, {},
                        {{.sector = far, .write = true},
                         {.sector = far + 1, .sectors = 4, .at_s = 0.1 * ms, .write = true},
                         {.sector = 10, .at_s = 6 * ms}});
  const auto& read = done.back();
  CHECK(read.tag == 2);
  CHECK(read.end_s > done[1].end_s);
}

TEST_CASE("of several runs the heads bring the nearest first") {
  // At cylinder 5 until 5.1 ms; then cylinder 6 is nearer than 1, though it came later.
  const std::vector<Run> requests{{.sector = far, .write = true},
                                  {.sector = 200, .at_s = 1 * ms, .write = true},
                                  {.sector = 1200, .at_s = 2 * ms, .write = true},
                                  {.sector = 10, .at_s = 7 * ms}};
  const auto done = run(write_back(3), {}, requests);
  CHECK(seek_ms(done[3]) == testing::approx(1.5));  // from cylinder 6
}

TEST_CASE("a write larger than a segment goes to the media") {
  const Run large{.sector = far, .sectors = 61, .write = true};
  CHECK(run(write_back(), {}, {large})[0].end_s == testing::approx(media_end_s(large)));
}

TEST_CASE("reads find what was written, unless the segment is the writes' own") {
  const std::vector<Run> requests{{.sector = far, .sectors = 4, .write = true},
                                  {.sector = far, .sectors = 4, .at_s = 1 * ms}};
  CHECK(run(write_back(), {}, requests)[1].end_s == testing::approx(1.05 * ms));
  auto json = write_back();
  json["own_write_segment"] = true;
  CHECK(run(json, {}, requests)[1].end_s > media_end_s(requests[0]) + 9 * ms);  // read back, a turn later
  json["own_write_segment"] = false;
  json["read_hits_on_writes"] = false;
  CHECK(run(json, {}, requests)[1].end_s > media_end_s(requests[0]) + 9 * ms);
}

TEST_CASE("the overhead after a write is for a write on whose track the heads are") {
  auto json = write_back(3);
  json["write_overhead_after_write_ms"] = 0.1;
  const auto done = run(json, {},
                        {{.sector = far, .write = true},
                         {.sector = far + 50, .at_s = 0.1, .write = true},
                         {.sector = far + 100, .at_s = 0.2, .write = true},  // the next track
                         {.sector = far + 101, .at_s = 0.3, .write = true}});
  CHECK(done[1].end_s - 0.1 == testing::approx(0.12 * ms).epsilon(1e-6));
  CHECK(done[2].end_s - 0.2 == testing::approx(0.32 * ms).epsilon(1e-6));
  CHECK(done[3].end_s - 0.3 == testing::approx(0.12 * ms).epsilon(1e-6));
}

TEST_CASE("what somebody waits for goes to the media at once, however long writes are kept") {
  auto json = write_back();
  json["drain_after_ms"] = 5000;
  json["own_write_segment"] = true;
  const Run first{.sector = far, .write = true};
  CHECK(run(json, {}, {first, {.sector = far, .at_s = 0.1}})[1].end_s < 0.1 + 30 * ms);
  const auto done = run(json, {}, {first, {.sector = 10, .at_s = 0.1, .write = true}});
  CHECK(done[1].end_s == testing::approx(0.1 + 0.32 * ms));
}

TEST_CASE("with a deep queue and a cache every command ends once") {
  std::vector<Run> requests;
  for (std::uint64_t i = 0; i < 200; ++i)
    requests.push_back({.sector = i * 7919 % 2990, .at_s = 1e-3 * static_cast<double>(i), .write = i % 3 == 0});
  for (const Kind& discipline : disciplines()) {
    const auto done = run(write_back(2), {.discipline = discipline_of(discipline.name), .depth = 16}, requests);
    double last_s = 0;
    std::set<std::uint64_t> ended;
    for (const auto& one : done) {
      CHECK(one.end_s > last_s);
      last_s = one.end_s;
      ended.insert(one.tag);
    }
    CHECK(ended.size() == requests.size());
  }
}
