// The scrub against what each kernel's source says that it reads: how often each stripe, in what sizes, how many at
// once.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/testing/approx.h"
#include "core/base/testing/errors.h"
#include "results/trace/trace.h"
#include "sim/testing.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/scrub_contents.h"
#include "sim/workloads/scrub_throttle.h"

using namespace headway;
using namespace headway::testing;

namespace {

constexpr std::uint64_t stripe = 65536;

// Data of a profile on `count` devices that serve a read in no time but what its bytes take; all trees in memory.
Json scenario(const TemporaryDirectory& directory, const std::string& profile, int count, const Json& scrub) {
  const Json drive{
      {"drive", "test"}, {"kind", "constant"}, {"capacity_bytes", 1ull << 30}, {"latency_ms", 1}, {"bytes_per_s", 1e8}};
  directory.write("drive.json", drive.dump());
  Json workload{{"name", "scrub"}, {"kind", "scrub"}};
  workload.update(scrub);
  return {{"schema_version", 1},
          {"name", "small"},
          {"layout",
           {{"synthetic",
             {{"devices", {{{"bytes", 160 << 20}, {"count", count}}}},
              {"node_bytes", 4096},
              {"metadata_profile", "single"},
              {"data_profile", profile},
              {"data_bytes_per_file", 16384},
              {"trees", {{{"tree", "fs"}}, {{"tree", "extent"}}, {{"tree", "csum"}}}},
              {"rounds", {{{"commits", 2}, {"creates", 100}}}}}}}},
          {"cache", {{"warm_fraction", 1}}},
          {"devices", {{{"drive", "./drive.json"}, {"count", count}}}},
          {"workload", {workload}},
          {"policies", {{"walk", Json::object()}}}};
}

struct Scrubbed {
  RunResult run;
  std::vector<TraceRow> issued;  // of no block, by the data chunks
  Volume volume;
  const Chunk& data_chunk() const {
    for (const Chunk& chunk : volume.chunks()) {
      if (chunk.use & Chunk::data) return chunk;
    }
    throw std::runtime_error("no data chunk");
  }
};

Scrubbed scrubbed(const std::string& profile, int count, const Json& scrub, const Json& more = {}) {
  const TemporaryDirectory directory;
  Json json = scenario(directory, profile, count, scrub);
  if (more.is_object()) json.update(more);
  Scrubbed all;
  all.run = run_all(json, directory)[0];
  REQUIRE(all.run.message == "");
  all.volume = load_scenario_layout(read_scenario(directory.path() / "scenario.json")).volume;
  const Chunk& chunk = all.data_chunk();
  for (const auto& row : read_trace(directory.path() / "walk.trace.h5")) {
    if (row.event == TraceEvent::issue && row.logical - chunk.logical < chunk.bytes) all.issued.push_back(row);
  }
  return all;
}

// How often each stripe of a row of the data chunk was read, by its place in the row.
std::vector<int> reads_of_row(const Scrubbed& all, std::uint64_t row) {
  const Chunk& chunk = all.data_chunk();
  std::vector<int> times;
  for (std::uint32_t place = 0; place < chunk.stripes.size(); ++place) {
    const Stripe& at = chunk.stripes[Volume::stripe_in_row(chunk, place, row)];
    const std::uint64_t begin = at.physical + row * stripe, devid = all.volume.devices()[at.device].devid;
    times.push_back(0);
    for (const TraceRow& read : all.issued)
      times.back() += read.device == devid && read.physical <= begin && begin < read.physical + read.bytes;
  }
  return times;
}

using Times = std::vector<int>;

double of(const Scrubbed& all, MetricId id) { return all.run.metrics[id]; }

}  // namespace

TEST_CASE("scrub: how often each stripe of a parity row is read") {
  struct Case {
    const char* profile;
    int devices;
    Json scrub;
    Times times;
  };
  const Case cases[] = {
      // Its own thread, the check of the parity, and that once more in the check; parity once.
      {"RAID5", 3, {{"kernel", "6.3"}}, {3, 3, 1}},
      {"RAID5", 3, {{"kernel", "6.4"}}, {3, 3, 1}},
      {"RAID5", 3, {{"kernel", "6.6"}}, {2, 2, 1}},
      {"RAID5", 3, Json::object(), {3, 3, 1}},
      {"RAID5", 3, {{"kernel", "6.3"}, {"parity_check", "cached"}}, {2, 2, 1}},
      {"RAID5", 5, {{"kernel", "6.6"}}, {2, 2, 2, 2, 1}},
      // Both parities have a thread, and each check reads both.
      {"RAID6", 4, {{"kernel", "6.3"}}, {5, 5, 2, 2}},
      {"RAID6", 4, {{"kernel", "6.6"}}, {3, 3, 2, 2}},
      {"RAID5", 3, {{"kernel", "6.6"}, {"order", "logical"}}, {1, 1, 1}},
      {"RAID6", 4, {{"kernel", "6.4"}, {"order", "logical"}}, {1, 1, 1, 1}},
      {"RAID5", 3, {{"kernel", "6.3"}, {"order", "logical"}}, {1, 1, 1}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.profile);
    CAPTURE(one.scrub.dump());
    const Scrubbed all = scrubbed(one.profile, one.devices, one.scrub);
    const Chunk& chunk = all.data_chunk();
    const std::uint64_t rows = chunk.bytes / stripe / Volume::data_stripes_of(chunk);
    REQUIRE(rows > 20);
    const auto all_contents = chunk_contents(all.volume, {});
    ContentsCursor contents(all_contents[static_cast<std::size_t>(all.volume.find_chunk(chunk.logical))]);
    const std::uint64_t row_bytes = stripe * Volume::data_stripes_of(chunk);
    std::uint64_t empty = 0;  // around a superblock
    for (std::uint64_t row = 0; row < rows; ++row) {
      CAPTURE(row);
      const bool any = contents.any_in(row * row_bytes, (row + 1) * row_bytes);
      empty += !any;
      REQUIRE(reads_of_row(all, row) == (any ? one.times : Times(chunk.stripes.size())));
    }
    CHECK(empty <= 1);
    // What it reports is its data once, whatever was read for that (by address, its parity too); of nodes a little.
    const bool parity_too = one.scrub.contains("order");
    const double stripes = parity_too ? static_cast<double>(chunk.stripes.size()) : Volume::data_stripes_of(chunk);
    const double data = static_cast<double>((rows - empty) * stripe) * stripes;
    CHECK(all.run.workloads[0].metrics[MetricId::bytes_read] >= data);
    CHECK(all.run.workloads[0].metrics[MetricId::bytes_read] < data + (4 << 20));
  }
}

// Qu Wenruo's count (Linux list, 3 July 2023) of a row with one error: data five times, parity three times; the check
// that takes what was just read reads the two data stripes once less.
TEST_CASE("scrub: one error in a row of three disks") {
  for (const auto& [kernel, times] :
       {std::pair{"6.3", Times{5, 5, 3}}, {"6.4", Times{5, 5, 3}}, {"6.6", Times{4, 4, 3}}}) {
    CAPTURE(kernel);
    const Scrubbed sound = scrubbed("RAID5", 3, {{"kernel", kernel}});
    const Chunk& chunk = sound.data_chunk();
    const std::uint64_t row = 7;
    const Stripe& at = chunk.stripes[Volume::stripe_in_row(chunk, 0, row)];
    const std::uint64_t byte = at.physical + row * stripe + 4096;
    const Json corrupt{
        {"device", sound.volume.devices()[at.device].devid}, {"from_byte", byte}, {"to_byte", byte + 4096}};
    const Scrubbed all = scrubbed("RAID5", 3, {{"kernel", kernel}, {"corrupt", {corrupt}}});
    CHECK(reads_of_row(all, row) == times);
    CHECK(reads_of_row(all, row - 1) == reads_of_row(sound, row - 1));
    CHECK(reads_of_row(all, row + 1) == reads_of_row(sound, row + 1));
  }
}

TEST_CASE("scrub: an error in one copy is read from the other") {
  const Scrubbed sound = scrubbed("RAID1", 2, {{"kernel", "6.6"}});
  const std::uint64_t byte = sound.data_chunk().stripes[0].physical + 3 * stripe;
  const Json corrupt{{"device", sound.volume.devices()[sound.data_chunk().stripes[0].device].devid},
                     {"from_byte", byte},
                     {"to_byte", byte + 1}};
  const Scrubbed all = scrubbed("RAID1", 2, {{"kernel", "6.6"}, {"corrupt", {corrupt}}});
  CHECK(of(all, MetricId::bytes_read) == of(sound, MetricId::bytes_read) + 4096);
}

TEST_CASE("scrub: what each kernel hands over, in what sizes") {
  const auto largest = [](const Scrubbed& all) {
    std::uint32_t most = 0;
    for (const TraceRow& row : all.issued) most = std::max(most, row.bytes);
    return most;
  };
  const Json narrow = {{"devices", {{{"drive", "./drive.json"}, {"count", 1}, {"max_sectors_kb", 256}}}}};
  struct Case {
    Json scrub, more;
    std::uint32_t request_bytes;
    double most_in_flight;  // at 1 ms and 100 MB/s a read waits for those before it
  };
  const Case cases[] = {
      {{{"kernel", "6.3"}}, {}, 1280 << 10, 64 * 131072.0},    {{{"kernel", "6.3"}}, narrow, 256 << 10, 64 * 131072.0},
      {{{"kernel", "6.4"}}, {}, 64 << 10, 8 * 65536.0},        {{{"kernel", "6.6"}}, {}, 512 << 10, 128 * 65536.0},
      {{{"kernel", "6.6"}}, narrow, 256 << 10, 128 * 65536.0}, {Json::object(), {}, 128 << 10, 64 * 131072.0},
  };
  for (const Case& one : cases) {
    CAPTURE(one.scrub.dump());
    const Scrubbed all = scrubbed("single", 1, one.scrub, one.more);
    CHECK(largest(all) == one.request_bytes);
    const double in_flight = one.most_in_flight / one.request_bytes;
    CHECK(of(all, MetricId::latency_s_max) ==
          testing::approx(in_flight * (1e-3 + one.request_bytes / 1e8)).epsilon(0.15));
    CHECK(of(all, MetricId::request_bytes_mean) ==
          testing::approx(of(all, MetricId::bytes_read) / of(all, MetricId::reads)));
    CHECK(of(all, MetricId::r_await) == testing::approx(1e3 * of(all, MetricId::latency_s_mean)));
    CHECK(of(all, MetricId::aqu_sz) == of(all, MetricId::in_flight_mean));
    CHECK(of(all, MetricId::util) == testing::approx(100 * of(all, MetricId::busy_fraction)));
    const Chunk& chunk = all.data_chunk();
    std::uint64_t bytes = 0;
    for (const TraceRow& row : all.issued) bytes += row.bytes;
    const bool kernel = one.scrub.contains("kernel");
    const std::uint64_t free = kernel && chunk.stripes[0].physical <= superblocks[1] &&
                                       superblocks[1] < chunk.stripes[0].physical + chunk.bytes
                                   ? stripe
                                   : 0;
    CHECK(bytes == chunk.bytes - free);
    // Joined ones and those that they joined are what was asked for.
    const double asked = of(all, MetricId::reads) + of(all, MetricId::merged_reads);
    if (one.request_bytes > (128 << 10)) CHECK(of(all, MetricId::merged_reads) > 0.4 * asked);
    if (one.request_bytes <= (128 << 10)) CHECK(of(all, MetricId::merged_reads) == 0);
  }
}

TEST_CASE("scrub: devices one by one take as long as each alone") {
  const Json kernel{{"kernel", "6.6"}};
  Json serial = kernel, first = kernel, second = kernel;
  serial["one_by_one"] = true;
  first["devices"] = {1};
  second["devices"] = {2};
  const auto elapsed_s = [](const Json& scrub) { return of(scrubbed("RAID1", 2, scrub), MetricId::elapsed_s); };
  const double one = elapsed_s(first), other = elapsed_s(second);
  CHECK(elapsed_s(serial) == testing::approx(one + other));
  CHECK(elapsed_s(kernel) == testing::approx(std::max(one, other)));
}

// What users of parity profiles report: not the sum of the disks, all at once, and not four times that in turn.
TEST_CASE("scrub: RAID5 on four disks is no faster than one disk, and all at once not four times as fast as in turn") {
  const auto bytes_per_s = [](const std::string& profile, int devices, Json scrub) {
    const Json disk{
        {"drive", "hgst-ultrastar-7k8-8tb"},
        {"count", devices},
        {"queue", {{"discipline", "sptf"}, {"depth", 32}, {"scheduler", "mq-deadline"}, {"max_age_s", 0.5}}}};
    const Scrubbed all = scrubbed(profile, devices, scrub, {{"devices", {disk}}});
    return all.run.workloads[0].metrics[MetricId::throughput_bytes_per_s];
  };
  const double alone = bytes_per_s("single", 1, Json::object());
  for (const Json& kernel : {Json::object(), Json{{"kernel", "6.3"}}, Json{{"kernel", "6.6"}}}) {
    CAPTURE(kernel.dump());
    Json serial = kernel;
    serial["one_by_one"] = true;
    const double at_once = bytes_per_s("RAID5", 4, kernel), in_turn = bytes_per_s("RAID5", 4, serial);
    CHECK(at_once < alone);
    CHECK(at_once < 2.5 * in_turn);
    CHECK(in_turn < 1.5 * at_once);
  }
}

TEST_CASE("scrub: CPU time of searches and checksums stands between the groups") {
  const Scrubbed free = scrubbed("single", 1, {{"kernel", "6.4"}});
  const Scrubbed paid =
      scrubbed("single", 1, {{"kernel", "6.4"}, {"search_us", 100}, {"checksum_bytes_per_s", 65536e3}});
  const double units = std::ceil((of(free, MetricId::bytes_read) - 2 * 4096) / stripe);
  const double more_s = of(paid, MetricId::elapsed_s) - of(free, MetricId::elapsed_s);
  CHECK(more_s == testing::approx(units * 100e-6 + units / 8 * 1e-3).epsilon(0.02));
}

TEST_CASE("scrub: a limit holds over seconds") {
  for (const char* kernel : {"6.3", "6.6"}) {
    CAPTURE(kernel);
    const Scrubbed all = scrubbed("single", 1, {{"kernel", kernel}, {"limit_bytes_per_s", 4e6}});
    CHECK(of(all, MetricId::throughput_bytes_per_s) < 4e6 * 1.35);  // a slice brings a group more
    CHECK(of(all, MetricId::throughput_bytes_per_s) > 4e6 * 0.9);
  }
  ScrubThrottle throttle(32 << 20);  // two slices a second
  CHECK(throttle.wait_s(10, 16 << 20) == 0);
  CHECK(throttle.wait_s(10.1, 1) == testing::approx(0.4));
  CHECK(throttle.wait_s(10.5, 1) == 0);
  CHECK(throttle.wait_s(11.1, 1) == 0);
  CHECK(ScrubThrottle({}).wait_s(0, UINT64_MAX) == 0);
}

TEST_CASE("scrub: mistakes name the nearest valid thing") {
  const TemporaryDirectory directory;
  const auto complaint = [&](const Json& scrub, const std::string& profile = "single", int devices = 1) {
    const Json json = scenario(directory, profile, devices, scrub);
    return error_of([&] { load_scenario_layout(read_scenario(directory.write("s.json", json.dump()))); });
  };
  const auto has = [](const std::string& text, const std::string& part) {
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  };
  has(complaint({{"kernel", "6.5"}}),
      "/workload/0/kernel: expected a known name, found \"6.5\" (did you mean \"6.3\"?)");
  has(complaint({{"limit_bytes_per_s", 0}}), "no limit: leave the key out");
  has(complaint({{"kernel", "6.4"}, {"depth", 8}}), "nothing: the kernel says that");
  has(complaint({{"corrupt", {{{"device", 7}}}}}), "/workload/0/corrupt/0/device");
  has(complaint(Json::object(), "RAID6", 2), "expected 3 devices or more for \"data_profile\": \"RAID6\"");
  CHECK(complaint({{"kernel", "6.6"}}) == "");
}

TEST_CASE("scrub: the stripe of a superblock in a data chunk is free of data") {
  const auto contents = [](Profile profile, std::size_t devices, std::uint64_t at) {
    Chunk chunk{.logical = 1 << 20, .bytes = 12 << 20, .use = Chunk::data, .profile = profile};
    std::vector<Device> all;
    for (std::size_t i = 0; i < devices; ++i) {
      all.push_back({i + 1, 1 << 30});
      chunk.stripes.push_back({static_cast<DeviceIndex>(i), i == 1 ? at : 128 << 20});
    }
    if (profile == Profile::raid10) chunk.sub_stripes = 2;
    return chunk_contents(Volume("test", all, {chunk}), {})[0];
  };
  const std::uint64_t row = 5, at = (64 << 20) - row * stripe;
  const auto gap = [](const ChunkContents& runs) { return std::pair(runs.at(0).end, runs.at(1).begin); };
  using Gap = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(gap(contents(Profile::raid1, 2, at)) == Gap{row * stripe, (row + 1) * stripe});
  CHECK(gap(contents(Profile::raid0, 3, at)) == Gap{(row * 3 + 1) * stripe, (row * 3 + 2) * stripe});
  CHECK(gap(contents(Profile::raid10, 4, at)) == Gap{row * 2 * stripe, (row * 2 + 1) * stripe});
  CHECK(gap(contents(Profile::raid5, 3, at)) == Gap{row * 2 * stripe, (row + 1) * 2 * stripe});
  CHECK(contents(Profile::raid1, 2, 128 << 20).size() == 1);
}
