// For tests of workloads: a small file system on one drive whose times can be summed by hand.
#pragma once

#include <doctest/doctest.h>

#include "sim/testing.h"

namespace headway::testing {

inline constexpr double latency_s = 0.01, bytes_per_s = 4096 / 0.01;  // a constant drive takes 20 ms for 4 KiB
inline constexpr double service_s = 2 * latency_s;

// A small aged file system on one constant drive, with a file-system tree, extents, checksums and 16 MiB of data.
inline Json small(const TemporaryDirectory& directory) {
  const Json drive{{"drive", "test"}, {"kind", "constant"}, {"capacity_bytes", 1ull << 30},
                   {"latency_ms", latency_s * 1e3}, {"bytes_per_s", bytes_per_s}};
  directory.write("drive.json", drive.dump());
  return {{"schema_version", 1},
          {"name", "small"},
          {"layout",
           {{"synthetic",
             {{"devices", {{{"bytes", 160 << 20}}}},
              {"node_bytes", 4096},
              {"metadata_profile", "single"},
              {"data_bytes_per_file", 16384},
              {"trees", {{{"tree", "fs"}}, {{"tree", "extent"}}, {{"tree", "csum"}}}},
              {"rounds", {{{"commits", 10}, {"creates", 100}}}}}}}},
          {"devices", {{{"drive", "./drive.json"}}}},
          {"workload", Json::array()},
          {"policies", {{"walk", Json::object()}}}};
}

inline RunResult run_one(const Json& json, const TemporaryDirectory& directory) {
  RunResult result = run_all(json, directory)[0];
  REQUIRE(result.message == "");
  return result;
}

inline double of(const RunResult& run, std::size_t workload, MetricId id) {
  return run.workloads[workload].metrics[id];
}

}  // namespace headway::testing
