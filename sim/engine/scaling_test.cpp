// Closed forms of whole runs: N disks of a RAID0 read N times as fast as one.
#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "core/base/testing/sanitized.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A tree in key order over `disks` of a RAID0, with the same share on each disk; everything asked for at once.
double throughput(int disks, const std::string& drive) {
  Json json = first_look();
  json["layout"] = {{"synthetic",
                     {{"devices", {{{"count", disks}, {"bytes", 107374182400}}}},
                      {"metadata_profile", "RAID0"},
                      {"placement", "sequential"},
                      {"trees", {{{"tree", "fs"}, {"leaves", 20000 * disks}}}}}}};
  json["devices"] = {{{"drive", drive}, {"count", disks}, {"queue", {{"discipline", "sptf"}, {"depth", 32}}}}};
  json["workload"][0]["tree"] = "fs";
  json["policies"] = {{"level-order", Json::object()}};
  json.erase("baseline");
  json.erase("expect");
  const TemporaryDirectory directory;
  const RunResult result = run_all(json, directory).at(0);
  REQUIRE(result.message == "");
  CHECK(result.metrics[MetricId::in_flight_mean] ==
        testing::approx(result.metrics[MetricId::reads_per_s] * result.metrics[MetricId::latency_s_mean]).epsilon(1e-9));
  return result.metrics[MetricId::throughput_bytes_per_s];
}

}  // namespace

// Large on purpose, and not about memory: three minutes under the sanitizer.
TEST_CASE("RAID0 over N disks scales to N within 3 %" * doctest::skip(testing::sanitized)) {
  for (const std::string drive : {"constant", "seagate-constellation2-1tb"}) {
    const double one = throughput(1, drive);
    for (const int disks : {2, 4, 8}) {
      CAPTURE(drive);
      CAPTURE(disks);
      CHECK(throughput(disks, drive) / one == testing::approx(disks).epsilon(0.03));
    }
  }
}
