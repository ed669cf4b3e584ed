#include "results/trace/intervals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/hdf5_reader.h"
#include "core/base/hdf5_writer.h"
#include "core/base/testing/approx.h"
#include "results/testing/test_support.h"
#include "results/trace/recorder.h"

using namespace headway;
using namespace headway::testing;
using enum MetricId;

namespace {

// Reads one after another, each `service_s` long, from the two copies by turns, on the first device after a second.
void run_reads(Recorder& recorder, const Volume& volume, const Forest& forest, BlockId reads_count, double service_s) {
  double t = 1;
  for (BlockId block = 0; block < reads_count; ++block) {
    const Read read = read_of(volume, forest, block, 1 + block % 2);
    recorder.issue(t, read);
    recorder.complete(t + service_s, read, 0, {0, service_s / 2, 0, 0}, t);
    t += service_s;
  }
}

}  // namespace

TEST_CASE("windows add up to the run, for any length of it") {
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 3000);
  for (const double service_s : {1e-6, 0.0081, 12.5}) {
    Recorder recorder(volume, forest, nullptr);
    run_reads(recorder, volume, forest, 3000, service_s);
    const double elapsed = 1 + 3000 * service_s + 0.3;
    const Intervals intervals = recorder.intervals(elapsed);
    const RunMetrics whole = recorder.metrics(elapsed, 0);
    CHECK(intervals.windows() > 128);
    CHECK(intervals.windows() <= 512);
    double seconds = 0;
    for (const MetricId id : {reads, bytes_read, seeks, seek_time_s, idle_time_s}) {
      double sum = 0, device_sum = 0;
      for (std::size_t w = 0; w < intervals.windows(); ++w) {
        sum += intervals.run[w][id];
        for (const auto& device : intervals.devices) device_sum += device[w][id];
        if (id == reads) seconds += intervals.run[w][elapsed_s];
      }
      CHECK(sum == testing::approx(whole.run[id]).epsilon(1e-9));
      CHECK(device_sum == testing::approx(whole.run[id]).epsilon(1e-9));
    }
    CHECK(seconds == testing::approx(elapsed).epsilon(1e-9));
    if (intervals.window_s < 1) CHECK(intervals.run[0][idle_time_s] == testing::approx(2 * intervals.window_s));
  }
}

TEST_CASE("an event at a window's end counts in the next one, the last event in the last") {
  std::vector<DeviceCounters> devices(1);
  IntervalSampler sampler(1, 1.0);
  for (const double end : {1.0, 2.0, 3.0}) {
    sampler.at(end - 1, devices);
    devices[0].issue(end - 1);
    sampler.at(end, devices);
    devices[0].complete(end, 0, 4096, 0, {}, end - 1);
  }
  const Intervals intervals = sampler.finish(3.0, devices, {1});
  REQUIRE(intervals.windows() == 3);
  CHECK(intervals.run[0][reads] == 0);
  CHECK(intervals.run[1][reads] == 1);
  CHECK(intervals.run[2][reads] == 2);
  for (const auto& window : intervals.run) CHECK(window[busy_fraction] == 1);
}

TEST_CASE("a rest that is short is a part of the last window: no rate of microseconds") {
  for (const double rest_s : {1e-6, 0.4, 0.5, 0.9}) {
    std::vector<DeviceCounters> devices(1);
    IntervalSampler sampler(1, 1.0);
    for (const double end : {1.5, 2.5, 4 + rest_s}) {
      sampler.at(end - 1, devices);
      devices[0].issue(end - 1);
      sampler.at(end, devices);
      devices[0].complete(end, 0, 1 << 20, 0, {}, end - 1);
    }
    const Intervals intervals = sampler.finish(4 + rest_s, devices, {1});
    REQUIRE(intervals.windows() == (rest_s < 0.5 ? 4 : 5));
    const MetricValues& last = intervals.run.back();
    const double length_s = rest_s < 0.5 ? 1 + rest_s : rest_s;
    CHECK(last[elapsed_s] == testing::approx(length_s));
    CHECK(last[reads] == 1);
    CHECK(last[throughput_bytes_per_s] == testing::approx((1 << 20) / length_s));
    CHECK(last[busy_fraction] == testing::approx(std::min(1.0, 1 / length_s)));
  }
}

TEST_CASE("reads fall into the windows in which they end, however often two windows became one") {
  // One read each 1/128 s, from 1 s on: the 512th window of 2^-17 s is long past, windows double until they suffice.
  std::vector<DeviceCounters> devices(1);
  IntervalSampler sampler(1);
  std::vector<double> ends;
  for (int i = 0; i < 3000; ++i) {
    const double begin = 1 + i / 128.0, end = begin + 1 / 128.0;
    sampler.at(begin, devices);
    devices[0].issue(begin);
    sampler.at(end, devices);
    devices[0].complete(end, 0, 4096, 0, {}, begin);
    ends.push_back(end);
  }
  const double end_s = ends.back() + 1;
  const Intervals intervals = sampler.finish(end_s, devices, {1});
  CHECK(intervals.window_s == 1 / 16.0);  // 24.4 s: at 1/32 they would be 782
  for (std::size_t w = 0; w < intervals.windows(); ++w) {
    const double from = intervals.start_s(w), to = from + intervals.window_s;
    const auto count = std::ranges::count_if(ends, [&](double end) { return from <= end && end < to; });
    CHECK(intervals.run[w][reads] == static_cast<double>(count));
    CHECK(intervals.run[w][busy_fraction] == (from >= 1 && to <= ends.back() ? 1 : 0));
  }
}

TEST_CASE("a trace gives the recorder's windows again") {
  const TemporaryDirectory directory;
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 500);
  TraceWriter writer(directory / "a.h5", {"s", "p", 1, {volume.devices().begin(), volume.devices().end()}});
  Recorder recorder(volume, forest, &writer);
  run_reads(recorder, volume, forest, 500, 0.004);
  writer.close();
  const TracedRun run = read_run(directory / "a.h5");
  const Intervals live = recorder.intervals(run.end_s), again = intervals_of(run);
  REQUIRE(live.windows() == again.windows());
  for (std::size_t w = 0; w < live.windows(); ++w) {
    for (const MetricId id : {reads, seeks, seek_time_s, in_flight_mean}) {
      CHECK(live.devices[1][w][id] == again.devices[1][w][id]);
    }
    const double mean = live.devices[1][w][latency_s_mean], mean_again = again.devices[1][w][latency_s_mean];
    CHECK((mean == mean_again || (std::isnan(mean) && std::isnan(mean_again))));
  }
}

TEST_CASE("interval files keep every bit, give the same bytes, and are checked") {
  const TemporaryDirectory directory;
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 500);
  Recorder recorder(volume, forest, nullptr);
  run_reads(recorder, volume, forest, 500, 0.0041);
  const Intervals intervals = recorder.intervals(3.1);
  const TraceHeader header{"s", "p", 1, {}};
  write_intervals(directory / "a.h5", header, intervals);
  write_intervals(directory / "b.h5", header, intervals);
  CHECK(bytes_of(directory / "a.h5") == bytes_of(directory / "b.h5"));
  const Intervals back = read_intervals(directory / "a.h5");
  REQUIRE(back.windows() == intervals.windows());
  for (std::size_t w = 0; w < back.windows(); ++w) {
    CHECK(std::memcmp(&back.devices[1][w], &intervals.devices[1][w], sizeof(MetricValues)) == 0);
  }
  CHECK(back.devids == std::vector<std::uint64_t>{1, 2});
  const h5::Reader file(directory / "a.h5", "a file of interval metrics");
  const auto starts = file.column<double>("start_s", intervals.windows());
  for (std::size_t w = 0; w < starts.size(); ++w) CHECK(starts[w] == intervals.start_s(w));
  std::ofstream(directory / "c.h5") << "no";
  CHECK_THROWS_AS(read_intervals(directory / "c.h5"), InputError);
  CHECK_THROWS_AS(read_intervals(directory / "none.h5"), InputError);
  CHECK(intervals_file_name("walk", 2) == "walk.2.intervals.h5");
}

TEST_CASE("an interval file that is older than a metric has no value of it, and all others") {
  const TemporaryDirectory directory;
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 50);
  Recorder recorder(volume, forest, nullptr);
  run_reads(recorder, volume, forest, 50, 0.0041);
  const Intervals intervals = recorder.intervals(3.1);
  write_intervals(directory / "old.h5", {"s", "p", 1, {}}, intervals);
  {
    const h5::Handle file(H5Fopen((directory / "old.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    for (const char* name : {"start_s", "run/merged_reads", "devices/merged_reads"})
      h5::check(H5Ldelete(file, name, H5P_DEFAULT), "take away");
  }
  const Intervals back = read_intervals(directory / "old.h5");
  REQUIRE(back.windows() == intervals.windows());
  CHECK(std::isnan(back.run[0][merged_reads]));
  CHECK(std::isnan(back.devices[1][0][merged_reads]));
  for (std::size_t w = 0; w < back.windows(); ++w) CHECK(back.run[w][elapsed_s] == intervals.run[w][elapsed_s]);
}

TEST_CASE("a run without time or reads has no windows, or empty ones") {
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 1);
  Recorder recorder(volume, forest, nullptr);
  CHECK(recorder.intervals(0).windows() == 0);
  CHECK(recorder.intervals(1).windows() == 1);
  CHECK(recorder.intervals(1).run[0][reads] == 0);
}

TEST_CASE("an interval file is not taken for more than it can hold") {
  // All metrics are one packed column of zeros, and so are the devices': 1 KiB for each MiB that it claims.
  const TemporaryDirectory directory;
  const auto path = directory / "claims.h5";
  {
    h5::Writer file(path, h5::Writer::Form::packed);
    file.attribute("format", "headway intervals");
    file.attribute("schema_version", 1);
    file.column("window_s", std::vector<double>{1});
    file.column("end_s", std::vector<double>{1});
    file.column("devid", std::vector<std::uint64_t>{1});
    file.column("zeros", std::vector<double>(1'000'000));
    for (const std::string group : {"run", "devices"}) {
      file.group(group);
      for (const Metric& each : metrics())
        H5Lcreate_hard(file.id(), "zeros", file.id(), (group + "/" + std::string(each.name)).c_str(), H5P_DEFAULT,
                       H5P_DEFAULT);
    }
    file.close();
  }
  CHECK(std::filesystem::file_size(path) < 50'000);
  CHECK_THROWS_WITH_AS(read_intervals(path), doctest::Contains("found 1000000 windows of a run and 1 devices"),
                       InputError);
}
