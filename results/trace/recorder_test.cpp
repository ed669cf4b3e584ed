#include "results/trace/recorder.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <cmath>

#include "core/base/testing/approx.h"
#include "results/metrics/latency.h"
#include "results/testing/test_support.h"

using namespace headway;
using namespace headway::testing;
using enum MetricId;

namespace {

struct Bench {
  Volume volume = mirror();
  Forest forest = leaves(volume, 64);
  Recorder recorder{volume, forest, nullptr};
  Read at(BlockId block, std::uint8_t copy = 1) const { return read_of(volume, forest, block, copy); }
};

}  // namespace

TEST_CASE("a read that follows on the last one served is no seek, any other is, over the distance between") {
  Bench bench;
  const Read first = bench.at(0), next = bench.at(1), far = bench.at(10), back = bench.at(2);
  double t = 0;
  for (const Read& read : {first, next, far, back}) {
    bench.recorder.issue(t, read);
    bench.recorder.complete(t + 1, read, 0, {}, t);
    t += 1;
  }
  const MetricValues run = bench.recorder.metrics(4, 0).run;
  CHECK(run[reads] == 4);
  CHECK(run[seeks] == 2);
  CHECK(run[seek_distance_bytes_mean] == (8 + 9) / 2.0 * 16384);
}

TEST_CASE("seeks follow the order in which the drive served, not that of issue") {
  Bench bench;
  bench.recorder.issue(0, bench.at(1));
  bench.recorder.issue(0, bench.at(0));
  bench.recorder.complete(1, bench.at(0), 0, {}, 0);
  bench.recorder.complete(2, bench.at(1), 0, {}, 0);
  CHECK(bench.recorder.metrics(2, 0).run[seeks] == 0);
}

TEST_CASE("busy, idle and in-flight times are integrals over the simulated time") {
  Bench bench;
  bench.recorder.issue(1, bench.at(0));
  bench.recorder.issue(2, bench.at(1));
  bench.recorder.complete(3, bench.at(0), 0, {}, 1);
  bench.recorder.complete(5, bench.at(1), 0, {}, 2);
  const RunMetrics m = bench.recorder.metrics(8, 0);
  CHECK(m.devices[0][idle_time_s] == 4);
  CHECK(m.devices[0][busy_fraction] == 0.5);
  CHECK(m.devices[0][in_flight_mean] == (1 + 2 + 2 * 1) / 8.0);
  CHECK(m.devices[1][idle_time_s] == 8);
  CHECK(m.run[idle_time_s] == 12);
  CHECK(m.run[busy_fraction] == 0.25);
  CHECK(m.run[in_flight_mean] == 5 / 8.0);
}

TEST_CASE("a read still in flight at the end counts as time at the drive and as nothing else") {
  Bench bench;
  bench.recorder.issue(0, bench.at(0));
  const MetricValues run = bench.recorder.metrics(4, 0).run;
  CHECK(run[reads] == 0);
  CHECK(run[in_flight_mean] == 1);
  CHECK(run[idle_time_s] == 4);  // of the other device
}

TEST_CASE("a zone conflict is a read of a block whose mirror peer reads the same stripe set") {
  Bench bench;
  bench.recorder.issue(0, bench.at(0, 1));
  bench.recorder.issue(0, bench.at(1, 1));  // the same device: none
  CHECK(bench.recorder.metrics(1, 0).run[zone_conflicts] == 0);
  bench.recorder.issue(0, bench.at(2, 2));  // its peer
  const RunMetrics during = bench.recorder.metrics(1, 0);
  CHECK(during.devices[0][zone_conflicts] == 0);
  CHECK(during.devices[1][zone_conflicts] == 1);
  for (const BlockId block : {0u, 1u}) bench.recorder.complete(1, bench.at(block, 1), 0, {}, 0);
  bench.recorder.issue(1, bench.at(3, 2));  // the peer has finished
  CHECK(bench.recorder.metrics(1, 0).run[zone_conflicts] == 1);
}

TEST_CASE("a read of file data has no block and is in no conflict") {
  Bench bench;
  Read data = bench.at(5, 2);
  data.block = no_block;
  bench.recorder.issue(0, bench.at(0, 1));
  bench.recorder.issue(0, data);
  bench.recorder.complete(1, data, 0, {}, 0);
  const MetricValues run = bench.recorder.metrics(1, 0).run;
  CHECK(run[zone_conflicts] == 0);
  CHECK(run[reads] == 1);
}

TEST_CASE("a failed read counts as read and error, and brings no bytes") {
  Bench bench;
  bench.recorder.issue(0, bench.at(0));
  bench.recorder.complete(1, bench.at(0), EIO, {}, 0);
  bench.recorder.issue(1, bench.at(1));
  bench.recorder.complete(2, bench.at(1), 0, {}, 1);
  const MetricValues run = bench.recorder.metrics(2, 3).run;
  CHECK(run[reads] == 2);
  CHECK(run[errors] == 1);
  CHECK(run[bytes_read] == 16384);
  CHECK(run[throughput_bytes_per_s] == 8192);
  CHECK(run[wasted_reads] == 3);
}

TEST_CASE("how long reads took is told of those that brought data, and of none there is nothing to tell") {
  Bench bench;
  const auto read = [&](BlockId block, std::uint8_t copy, int error, double from_s, double to_s) {
    bench.recorder.issue(from_s, bench.at(block, copy));
    bench.recorder.complete(to_s, bench.at(block, copy), error, {}, from_s);
  };
  read(0, 1, 0, 0, 1);
  read(1, 1, EIO, 1, 31);  // a drive that tries for half a minute
  read(2, 2, EIO, 31, 32);
  const RunMetrics m = bench.recorder.metrics(32, 0);
  for (const MetricId id : {latency_s_mean, latency_s_p50, latency_s_p99, latency_s_max}) {
    CHECK(m.run[id] == testing::approx(1).epsilon(0.005));
    CHECK(m.devices[0][id] == testing::approx(1).epsilon(0.005));
    CHECK(std::isnan(m.devices[1][id]));
  }
}

TEST_CASE("service times, hits and zones add up, for each device and all of them") {
  Bench bench;
  bench.recorder.zone(0, 1, 1 << 30);
  bench.recorder.hit(0, bench.at(7, 2));
  bench.recorder.issue(0, bench.at(0, 2));
  bench.recorder.complete(1, bench.at(0, 2), 0, {0.125, 0.25, 0.5, 0.0625}, 0);
  const RunMetrics m = bench.recorder.metrics(1, 0);
  for (const MetricValues& values : {m.run, m.devices[1]}) {
    CHECK(values[zone_switches] == 1);
    CHECK(values[hits] == 1);
    CHECK(values[seek_time_s] == 0.25);
    CHECK(values[rotation_time_s] == 0.5);
    CHECK(values[transfer_time_s] == 0.0625);
  }
  CHECK(m.devices[0][zone_switches] == 0);
  CHECK(std::isnan(m.devices[0][wasted_reads]));
}

TEST_CASE("a run without reads has figures, but none of how long a read took") {
  Bench bench;
  for (const double elapsed : {0.0, 1.0}) {
    const MetricValues run = bench.recorder.metrics(elapsed, 0).run;
    for (const Metric& each : metrics()) {
      const bool of_workloads_alone = each.id > errors && each.id < merged_reads;
      const bool of_reads = each.name.starts_with("latency") || each.id == r_await || each.id == request_bytes_mean;
      const bool of_bounds = each.id == bound_s || each.id == efficiency;  // of who knows the scenario
      CHECK_MESSAGE(std::isfinite(run[each.id]) != (of_workloads_alone || of_reads || of_bounds), each.name);
    }
  }
}

TEST_CASE("percentiles are right to within 0.5 %, mean and maximum exact") {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100000; ++i) histogram.record(i * 1e-6);
  for (const double fraction : {0.01, 0.5, 0.95, 0.99, 1.0}) {
    CHECK(histogram.percentile_s(fraction) == testing::approx(fraction * 0.1).epsilon(0.00502));
  }
  CHECK(histogram.max_s() == 100000 * 1e-6);
  CHECK(histogram.mean_s() == testing::approx(0.0500005).epsilon(1e-12));
}

TEST_CASE("percentiles: nearest rank, nothing, one value, and values off the scale") {
  LatencyHistogram none;
  CHECK(none.percentile_s(0.5) == 0);
  LatencyHistogram one;
  one.record(0.008);
  CHECK(one.percentile_s(0.5) == testing::approx(0.008).epsilon(0.005));
  CHECK(one.percentile_s(1) <= 0.008);
  LatencyHistogram ten;
  for (int i = 0; i < 10; ++i) ten.record(i < 5 ? 1.0 : 2.0);
  CHECK(ten.percentile_s(0.5) == testing::approx(1.0).epsilon(0.005));
  CHECK(ten.percentile_s(0.51) == testing::approx(2.0).epsilon(0.005));
  LatencyHistogram odd;
  odd.record(0);
  odd.record(1e6);
  CHECK(odd.percentile_s(0.5) == 0);
  CHECK(odd.percentile_s(1) == 1e6);
}
