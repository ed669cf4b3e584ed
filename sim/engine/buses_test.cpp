// A shared path caps the sum of what its drives deliver, and shares it fairly.
#include "sim/engine/buses.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Four drives without seeks, 0.1 ms and 98 MB/s each, enough in flight to keep them busy.
Json four_drives() {
  Json json = first_look();
  json["devices"] = {{{"drive", "constant"}, {"count", 4}, {"queue", {{"depth", 32}}}}};
  json["policies"] = {{"level-order", {{"copy", "round-robin"}}}};
  json.erase("baseline");
  json.erase("expect");
  return json;
}

MetricValues metrics_of(const Json& json) {
  const TemporaryDirectory directory;
  const RunResult result = run_all(json, directory).at(0);
  REQUIRE(result.message == "");
  return result.metrics;
}

}  // namespace

TEST_CASE("a bus caps the sum of its drives' rates") {
  const double free = metrics_of(four_drives())[MetricId::throughput_bytes_per_s];
  for (const double rate : {2e7, 5e7}) {
    Json json = four_drives();
    json["buses"] = {{{"name", "hba0"}, {"bytes_per_s", rate}, {"devices", {1, 2, 3, 4}}}};
    const double got = metrics_of(json)[MetricId::throughput_bytes_per_s];
    REQUIRE(free > 2 * rate);
    CHECK(got <= rate * 1.0001);
    CHECK(got >= rate * 0.97);
  }
}

TEST_CASE("a drive that is on no bus is not slowed by one; two buses give twice what one gives") {
  Json one = four_drives();
  one["buses"] = {{{"name", "hba0"}, {"bytes_per_s", 2e7}, {"devices", {1, 2, 3, 4}}}};
  Json two = four_drives();
  two["buses"] = {{{"name", "hba0"}, {"bytes_per_s", 2e7}, {"devices", {1, 2}}},
                  {{"name", "hba1"}, {"bytes_per_s", 2e7}, {"devices", {3, 4}}}};
  const double ratio = metrics_of(two)[MetricId::throughput_bytes_per_s] / metrics_of(one)[MetricId::throughput_bytes_per_s];
  CHECK(ratio == testing::approx(2).epsilon(0.05));
}

TEST_CASE("a network's latency is on every read's way") {
  Json json = four_drives();
  json["policies"] = {{"walk", Json::object()}};
  const double near_s = metrics_of(json)[MetricId::latency_s_mean];
  json["buses"] = {{{"name", "net"}, {"bytes_per_s", 1e9}, {"latency_s", 0.002}, {"devices", {1, 2, 3, 4}}}};
  const double far_s = metrics_of(json)[MetricId::latency_s_mean];
  CHECK(far_s - near_s == testing::approx(0.002 + 16384 / 1e9).epsilon(1e-3));
}

TEST_CASE("a bus without its devices is refused") {
  Json json = four_drives();
  json["buses"] = {{{"name", "hba0"}, {"bytes_per_s", 1e8}, {"devices", {1, 9}}}};
  const TemporaryDirectory directory;
  try {
    load_scenario_layout(read_scenario(directory.write("s.json", json.dump())));
    FAIL("accepted");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find("/buses/0/devices: expected a device of") != std::string::npos);
  }
}
