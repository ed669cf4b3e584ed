// Overheads and the bus: what they cost a command, by its direction and by what came before it.
#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double ms = 1e-3;

// What a command took beside the media: on sectors of the outermost track, its end less seek, rotation and transfer.
double beside_media_s(const DriveCompletion& done, double at_s) {
  return done.end_s - at_s - done.times.seek_s - done.times.rotation_s - done.times.transfer_s;
}

}  // namespace

TEST_CASE("an overhead may differ after a write, and is the same where nothing is said") {
  auto json = plain_drive();
  json["read_miss_overhead_ms"] = 0.2;
  const std::vector<Run> four{{.sector = 30},
                              {.sector = 60, .at_s = 0.1, .write = true},
                              {.sector = 30, .at_s = 0.2, .write = true},
                              {.sector = 60, .at_s = 0.3}};
  const auto overheads = [&] {
    const auto done = run(json, {}, four);
    std::vector<double> all_ms;
    for (std::size_t i = 0; i < four.size(); ++i) all_ms.push_back(beside_media_s(done[i], four[i].at_s) / ms);
    return all_ms;
  };
  const auto check = [&](const std::vector<double>& expected_ms) {
    const auto found_ms = overheads();
    for (std::size_t i = 0; i < four.size(); ++i) CHECK(found_ms[i] == testing::approx(expected_ms[i]).epsilon(1e-6));
  };
  check({0.2, 0.2, 0.2, 0.2});
  json["write_overhead_ms"] = 0.5;
  check({0.2, 0.5, 0.5, 0.2});
  json["write_overhead_after_write_ms"] = 0.4;
  json["read_miss_overhead_after_write_ms"] = 0.1;
  check({0.2, 0.5, 0.4, 0.1});
  json["completion_overhead_ms"] = 1;
  check({1.2, 1.5, 1.4, 1.1});
  json["write_completion_overhead_ms"] = 0;
  check({1.2, 0.5, 0.4, 1.1});
  json["reselect_overhead_ms"] = 2;
  json["write_bus_ms_per_sector"] = 0;
  check({3.2, 2.5, 2.4, 3.1});
}

TEST_CASE("a write's data come while the heads move, or before") {
  auto json = plain_drive();
  json["write_bus_ms_per_sector"] = 0.1;
  const std::vector<Run> write{{.sector = 800, .sectors = 10, .write = true}};
  const auto overlapped = run(json, {}, write)[0];
  CHECK(overlapped.end_s == testing::approx(run(plain_drive(), {}, write)[0].end_s));
  json["write_bus_overlapped"] = false;
  const auto after = run(json, {}, write)[0];
  CHECK(beside_media_s(after, 0) == testing::approx(1 * ms));
  // A bus slower than the media is the write's end.
  json["write_bus_overlapped"] = true;
  json["write_bus_ms_per_sector"] = 3;
  CHECK(run(json, {}, write)[0].end_s == testing::approx(30 * ms));
}

TEST_CASE("the low overhead of a hit is for a read that goes on where the last command ended") {
  auto json = plain_drive();
  json["buffer_segments"] = 2;
  json["segment_sectors"] = 60;
  json["read_hit_overhead_ms"] = 0.05;
  json["read_hit_overhead_after_write_ms"] = 0.25;
  const auto done = run(json, {},
                        {{.sector = 10, .sectors = 4},
                         {.sector = 14, .sectors = 4, .at_s = 0.1},
                         {.sector = 30, .sectors = 4, .at_s = 0.2},
                         {.sector = 300, .at_s = 0.3, .write = true},
                         {.sector = 34, .sectors = 4, .at_s = 0.4}});
  CHECK(done[1].end_s - 0.1 == testing::approx(0.05 * ms).epsilon(1e-6));
  CHECK(done[2].end_s - 0.2 == testing::approx(0.25 * ms).epsilon(1e-6));
  CHECK(done[4].end_s - 0.4 == testing::approx(0.25 * ms).epsilon(1e-6));
}
