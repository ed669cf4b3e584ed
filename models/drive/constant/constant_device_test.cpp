#include "models/drive/constant/constant_device.h"

#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

Json constant(double latency_ms) {
  auto json = Json::parse(R"({"drive": "c", "kind": "constant", "capacity_bytes": 1000000000, "bytes_per_s": 512000})");
  json["latency_ms"] = latency_ms;
  return json;
}

}  // namespace

TEST_CASE("latency and rate, one after the other at depth 1") {
  const auto done = run(constant(2), {}, {{.sector = 7, .sectors = 3}, {.sector = 900, .sectors = 1}});
  CHECK(done[0].end_s == testing::approx(5e-3));
  CHECK(done[1].end_s == testing::approx(8e-3));
  CHECK(done[1].times.queue_s == testing::approx(5e-3));
  CHECK(done[1].times.transfer_s == testing::approx(1e-3));
}

TEST_CASE("commands at the drive share its rate equally") {
  // 3 ms and 6 ms of work; from 2 ms on a third of 2 ms joins.
  const auto done = run(constant(0), {.depth = 8}, {{.sectors = 3}, {.sectors = 6}, {.sectors = 2, .at_s = 2e-3}});
  CHECK(tags(done) == std::vector<std::uint64_t>{0, 2, 1});
  CHECK(done[0].end_s == testing::approx(8e-3));  // 1 of 3 done by 2 ms, the rest at a third
  CHECK(done[1].end_s == testing::approx(8e-3));
  CHECK(done[2].end_s == testing::approx(11e-3));
}

TEST_CASE("latencies run side by side") {
  const auto done = run(constant(5), {.depth = 2}, {{.sectors = 1}, {.sectors = 1, .at_s = 1e-3}});
  CHECK(done[0].end_s == testing::approx(6e-3));
  CHECK(done[1].end_s == testing::approx(7e-3));
}
