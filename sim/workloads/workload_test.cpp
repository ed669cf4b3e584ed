// Workloads against closed forms: queueing theory for the foreground, sums for the consumer, the drive's own rate for
// the scrub.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <set>
#include <nlohmann/json.hpp>

#include "core/base/testing/approx.h"
#include "core/base/testing/errors.h"
#include "results/files/work.h"
#include "results/tables/workload_table.h"
#include "results/trace/trace.h"
#include "sim/driver/needed_blocks.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/request_source.h"
#include "sim/workloads/small_system.h"

using namespace headway;
using namespace headway::testing;

namespace {

Json foreground(const Json& more) {
  Json workload{{"name", "others"}, {"kind", "foreground"}};
  workload.update(more);
  return workload;
}

Layout layout_of(Json json, const TemporaryDirectory& directory) {
  json["workload"] = Json::array({foreground({{"depth", 1}, {"requests", 1}})});
  return load_scenario_layout(read_scenario(directory.write("s.json", json.dump())));
}

}  // namespace

TEST_CASE("foreground: Poisson arrivals at a drive of constant service wait as Pollaczek and Khinchine say") {
  const TemporaryDirectory directory;
  for (const double load : {0.3, 0.7}) {
    CAPTURE(load);
    Json json = small(directory);
    json["workload"] = Json::array({foreground({{"rate_per_s", load / service_s}, {"requests", 200000}, {"read_share", 0.5}})});
    const RunResult run = run_one(json, directory);
    const double mean_s = service_s + load * service_s / (2 * (1 - load));
    CHECK(of(run, 0, MetricId::latency_s_mean) == testing::approx(mean_s).epsilon(0.02));
    CHECK(of(run, 0, MetricId::write_latency_s_mean) == testing::approx(mean_s).epsilon(0.02));
    CHECK(of(run, 0, MetricId::reads) + of(run, 0, MetricId::writes) == 200000);
    CHECK(of(run, 0, MetricId::reads) == testing::approx(100000).epsilon(0.02));
    CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(200000 * service_s / load).epsilon(0.01));
    CHECK(run.metrics[MetricId::reads] == 0);  // none of them is the policy's
  }
}

TEST_CASE("foreground: a closed loop obeys Little's law") {
  const TemporaryDirectory directory;
  for (const int depth : {1, 7}) {
    CAPTURE(depth);
    Json json = small(directory);
    json["workload"] = Json::array({foreground({{"depth", depth}, {"duration_s", 100}, {"pattern", "sequential"}})});
    const RunResult run = run_one(json, directory);
    CHECK(of(run, 0, MetricId::elapsed_s) == 100);
    CHECK(of(run, 0, MetricId::reads) == testing::approx(100 / service_s).epsilon(0.001));
    CHECK(of(run, 0, MetricId::latency_s_max) == testing::approx(depth * service_s));
    CHECK(of(run, 0, MetricId::reads_per_s) * of(run, 0, MetricId::latency_s_mean) ==
          testing::approx(depth).epsilon(0.002));
    CHECK(of(run, 0, MetricId::in_flight_mean) == testing::approx(depth).epsilon(0.002));
    CHECK(of(run, 0, MetricId::aqu_sz) == of(run, 0, MetricId::in_flight_mean));
  }
}

TEST_CASE("foreground: jobs go in sequence each for itself, their reads apart from their writes") {
  const TemporaryDirectory directory;
  const Layout layout = layout_of(small(directory), directory);
  ForegroundSpec spec;
  spec.pattern = ForegroundSpec::Pattern::sequential;
  spec.read_share = 0.5;
  RequestSource source(spec, layout.volume, 1, 1);
  auto first = source.begin(), second = source.begin();
  std::uint64_t reads = 0, writes = 0;
  for (int i = 0; i < 20; ++i) {
    const OwnRequest request = source.next(first);
    CHECK(request.read.physical == (request.write ? writes : reads)++ * 4096);
  }
  CHECK(reads + writes == 20);
  CHECK(writes > 0);
  CHECK(source.next(second).read.physical == 0);
  Json json = small(directory);
  json["workload"] = Json::array({foreground({{"depth", 2}, {"jobs", 3}, {"duration_s", 100}})});
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::latency_s_max) == testing::approx(6 * service_s));
  CHECK(of(run, 0, MetricId::reads) == testing::approx(100 / service_s).epsilon(0.001));
}

TEST_CASE("foreground: align_bytes says where random places are, up to the region's end") {
  const TemporaryDirectory directory;
  const Layout layout = layout_of(small(directory), directory);
  const std::uint64_t device_bytes = layout.volume.devices()[0].bytes;
  ForegroundSpec spec;
  spec.request_bytes = 64 << 20;
  spec.align_bytes = 32 << 20;
  RequestSource source(spec, layout.volume, 1, 1);
  auto place = source.begin();
  std::set<std::uint64_t> begun;
  for (int i = 0; i < 200; ++i) begun.insert(source.next(place).read.physical);
  REQUIRE(device_bytes == 160 << 20);
  CHECK(begun == std::set<std::uint64_t>{0, 32 << 20, 64 << 20, 96 << 20});
}

TEST_CASE("foreground: a trace is replayed at its times, at its speed, on its devices in turn") {
  const TemporaryDirectory directory;
  directory.write("t.csv",
                  "128166372003061629,usr,0,Read,0,4096,1\n"
                  "128166372013061629,usr,0,Write,4096,4096,1\n"
                  "128166372023061629,usr,1,Read,1099511627776,4096,1\n");
  Json json = small(directory);
  json["workload"] = Json::array({
      foreground({{"trace", {{"file", "t.csv"}, {"format", "msr"}, {"speed", 2}, {"fit", "wrap"}}}, {"requests", 9}})});
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(1 + service_s));
  CHECK(of(run, 0, MetricId::reads) == 2);
  CHECK(of(run, 0, MetricId::writes) == 1);
  CHECK(of(run, 0, MetricId::bytes_written) == 4096);
  CHECK(of(run, 0, MetricId::latency_s_max) == testing::approx(service_s));
  json["workload"][0].erase("requests");  // alone, it ends with the trace
  CHECK(run_one(json, directory).metrics[MetricId::elapsed_s] == run.metrics[MetricId::elapsed_s]);
}

TEST_CASE("foreground: a trace that does not fit the devices is an error, or is folded and counted") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  const Layout layout = layout_of(json, directory);
  const std::uint64_t device_bytes = layout.volume.devices()[0].bytes;
  const std::size_t devices = layout.volume.devices().size();
  const auto load = [&](const std::string& fit, const std::string& requests) {
    Json trace = {{"file", "t.csv"}, {"format", "disksim"}};
    std::string text;
    for (std::size_t device = 0; device < devices; ++device) text += fmt::format("0 {} 8 8 1\n", device);
    directory.write("t.csv", text + requests);
    if (!fit.empty()) trace["fit"] = fit;
    json["workload"] = Json::array({foreground({{"trace", trace}})});
    return load_scenario_layout(read_scenario(directory.write("s.json", json.dump()))).left_out;
  };
  const std::string beyond = fmt::format("1 0 {} 8 1\n", device_bytes / 512 + 8), over = fmt::format("1 0 {} 16 1\n", device_bytes / 512 - 8),
                    other = fmt::format("1 {} 8 8 1\n", devices);
  CHECK(load("", "").empty());
  CHECK(load("wrap", "").empty());
  for (const auto& [requests, found] : {std::pair{beyond, "bytes"}, {over, "bytes"}, {other, "one of another device"}}) {
    const std::string error = error_of([&] { load("", requests); });
    CAPTURE(error);
    CHECK(error.find(fmt::format("request {}: expected a request on the {} devices of", devices + 1, devices)) != std::string::npos);
    CHECK(error.find(found) != std::string::npos);
    CHECK(error.find("\"fit\": \"wrap\"") != std::string::npos);
  }
  const auto notes = load("wrap", beyond + over + over + other);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].ends_with(fmt::format("of {} requests of the trace 1 were of devices beyond those of the file system, 1 began beyond a "
                                       "device's end, and 2 were cut at it", devices + 4)));
}

TEST_CASE("foreground: a blkparse text replays what was issued when asked to") {
  const TemporaryDirectory directory;
  directory.write(
      "t.txt",
      "8,0 1 1 0.000 100 D WS 0 + 8 [app]\n8,0 1 2 0.004 0 C WS 0 + 8 [0]\n8,0 1 3 0.010 100 D R 2048 + 8 [app]\n");
  Json json = small(directory);
  Json trace = {{"file", "t.txt"}, {"format", "blkparse"}, {"action", "D"}};
  json["workload"] = Json::array({foreground({{"trace", trace}})});
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::reads) == 1);
  CHECK(of(run, 0, MetricId::writes) == 1);
  const auto error = [&](const char* key, const char* value) {
    Json other = trace;
    other[key] = value;
    json["workload"] = Json::array({foreground({{"trace", other}})});
    return error_of([&] { load_scenario_layout(read_scenario(directory.write("s.json", json.dump()))); });
  };
  CHECK(error("action", "Q").find("queued (action Q), found 0 Q with data, 0 without, 2 D with data") !=
        std::string::npos);
  CHECK(error("action", "complete").find("known are Q, D") != std::string::npos);
  CHECK(error("format", "fio").find("/workload/0/trace/action: expected no action: fio tells of each request once") !=
        std::string::npos);
}

TEST_CASE("foreground: ends with the others, and slows them down") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = {{{"name", "files"}, {"kind", "enumerate"}, {"tree", "fs"}}};
  const RunResult alone = run_one(json, directory);
  json["workload"].push_back(foreground({{"depth", 1}}));
  const RunResult both = run_one(json, directory);
  // Two requests at a drive that serves one at a time in order: each waits for the other.
  CHECK(both.metrics[MetricId::elapsed_s] == testing::approx(2 * alone.metrics[MetricId::elapsed_s]).epsilon(0.01));
  CHECK(of(both, 1, MetricId::elapsed_s) == of(both, 0, MetricId::elapsed_s));
  CHECK(both.metrics[MetricId::reads] == alone.metrics[MetricId::reads]);
  CHECK(of(both, 1, MetricId::reads) == testing::approx(alone.metrics[MetricId::reads]).epsilon(0.01));
}

TEST_CASE("foreground: does not keep a run alive that nothing will ever end") {
  // Without re-queues the machine stops after 10,000 hits; n4k_r1x2 has more blocks than that, all warm.
  Json json = first_look();
  json["layout"]["file"] = (source_directory() / "scenarios/captures/n4k_r1x2.layout.h5").string();
  json["devices"][0]["count"] = 2;
  json["workload"] = {{{"name", "files"}, {"kind", "enumerate"}, {"tree", "5"}}, foreground({{"depth", 1}})};
  json["policies"] = {{"reada-2011", {{"requeue", "none"}}}};
  json["cache"]["warm_fraction"] = 1;
  json.erase("baseline");
  json.erase("expect");
  const TemporaryDirectory directory;
  const auto result = run_all(json, directory)[0];
  CHECK(result.failed());
  CHECK(result.message.find("waits for what will never happen") != std::string::npos);
}

TEST_CASE("foreground: arrivals without an end that the drive cannot keep up with fail the run that they starve") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = {{{"name", "reader"}, {"kind", "enumerate"}, {"tree", "fs"}}, foreground({{"rate_per_s", 50 / service_s}})};
  const RunResult run = run_all(json, directory)[0];
  CHECK(run.failed());
  CHECK(contains(run.message, "workload \"others\": the drives fall behind its 2500 requests a second"));
}

TEST_CASE("foreground: a closed loop on a device that is gone asks again each millisecond, and ends") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["faults"] = {{{"kind", "gone"}, {"device", 1}}};
  json["workload"] = Json::array({foreground({{"depth", 3}, {"requests", 9}})});
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::errors) == 9);
  CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(2e-3));  // three at 0, at 1 and at 2 ms
  json["workload"] = Json::array({foreground({{"depth", 3}, {"duration_s", 0.0105}})});
  CHECK(of(run_one(json, directory), 0, MetricId::errors) == 33);
  // Without an end of its own it ends with the others.
  json["workload"] = {foreground({{"depth", 1}}),
                      {{"name", "files"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", 0.01}}};
  const RunResult beside = run_all(json, directory)[0];
  CHECK(of(beside, 0, MetricId::errors) == testing::approx(1e3 * of(beside, 1, MetricId::elapsed_s)).epsilon(0.2));
}

TEST_CASE("consume: thinking for long takes nodes times think_s, not thinking takes the walk's time") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["policies"] = {{"walk", Json::object()}, {"path-reada", Json::object()}, {"level-order", Json::object()},
                      {"reada-2011", Json::object()}};
  json["workload"] = {{{"name", "files"}, {"kind", "enumerate"}, {"tree", "fs"}}};
  const auto enumerated = run_all(json, directory);
  const double blocks = enumerated[0].metrics[MetricId::reads] + 1;  // the root is in memory

  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", 10}}};
  for (const auto& run : run_all(json, directory)) {
    CAPTURE(run.policy);
    REQUIRE(run.message == "");
    const double waited_s = of(run, 0, MetricId::wait_time_s);
    CHECK(of(run, 0, MetricId::elapsed_s) == testing::approx(blocks * 10 + waited_s));
    if (run.policy == "walk") CHECK(waited_s == testing::approx((blocks - 1) * service_s));
    if (run.policy == "reada-2011" || run.policy == "level-order") CHECK(waited_s <= 2 * service_s);
    CHECK(run.metrics[MetricId::reads] == blocks - 1);
  }

  json["workload"][0]["think_s"] = 0;
  for (const auto& run : run_all(json, directory)) {
    CAPTURE(run.policy);
    REQUIRE(run.message == "");
    CHECK(of(run, 0, MetricId::elapsed_s) <= enumerated[0].metrics[MetricId::elapsed_s] * (1 + 1e-9));
    CHECK(run.metrics[MetricId::wasted_reads] == 0);
  }
}

TEST_CASE("consume: reads itself what the readahead does not, once, and from another copy after an error") {
  Json json = first_look();
  json["layout"]["file"] = (source_directory() / "scenarios/captures/umlr1x2.layout.h5").string();
  json["devices"][0]["count"] = 2;
  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", "5"}, {"think_s", 1e-4}}};
  json["policies"] = {{"reada-2011", Json::object()}};
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}}};
  json.erase("baseline");
  json.erase("expect");
  const TemporaryDirectory directory;
  const RunResult run = run_one(json, directory);
  CHECK(of(run, 0, MetricId::errors) > 0);
  CHECK(of(run, 0, MetricId::reads) > 0);
  std::map<std::uint64_t, int> brought;
  for (const auto& row : read_trace(directory.path() / "reada-2011.trace.h5")) {
    if (row.event == TraceEvent::complete && row.error == 0) ++brought[row.logical];
  }
  for (const auto& [logical, times] : brought) CHECK(times == 1);
  json.erase("faults");
  const RunResult sound = run_one(json, directory);
  CHECK(brought.size() == sound.metrics[MetricId::reads]);  // all of them, in spite of the errors
}

TEST_CASE("scrub: data come at the drive's rate, trees in between or before") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = {{{"name", "scrub"}, {"kind", "scrub"}, {"depth", 4}}};
  json["policies"] = {{"walk", Json::object()}, {"level-order", Json::object()}};
  const auto runs = run_all(json, directory);
  const Layout layout = load_scenario_layout(read_scenario(directory.path() / "scenario.json"));
  NeededBlocks trees(layout.forest);
  for (const std::uint64_t tree : {2, 7}) trees.add({*layout.forest.find_tree(tree)});
  for (const auto& run : runs) {
    CAPTURE(run.policy);
    REQUIRE(run.message == "");
    const double data = of(run, 0, MetricId::bytes_read), elapsed_s = of(run, 0, MetricId::elapsed_s);
    CHECK(data == 16 << 20);  // the one data chunk, a tenth of the device
    const double tree_reads = run.metrics[MetricId::reads] - of(run, 0, MetricId::reads);
    CHECK(tree_reads == static_cast<double>(trees.count() - 2));  // each block but the roots, once
    // A drive that serves one read at a time, with always one before it: the sum of all service times.
    const double data_s = of(run, 0, MetricId::reads) * latency_s + data / bytes_per_s;
    CHECK(elapsed_s == testing::approx(data_s + tree_reads * service_s).epsilon(0.01));
    CHECK(of(run, 0, MetricId::throughput_bytes_per_s) == testing::approx(data / elapsed_s));
  }
  CHECK(runs[0].metrics[MetricId::reads] == runs[1].metrics[MetricId::reads]);
  CHECK(of(runs[1], 0, MetricId::wait_time_s) < of(runs[0], 0, MetricId::wait_time_s));  // no data reads in its way
}

TEST_CASE("scrub: data that cannot be read are said, and as many other data are other work") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = {{{"name", "scrub"}, {"kind", "scrub"}}};
  json["policies"] = {{"walk", Json::object()}, {"level-order", Json::object()}};
  const auto sound = run_all(json, directory);
  CHECK(sound[0].missing_digest == 0);
  const Layout layout = load_scenario_layout(read_scenario(directory.path() / "scenario.json"));
  const std::uint64_t data = data_extents(layout.volume, 0)[0].physical;
  const auto with_error_at = [&](std::uint64_t byte) {
    json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", byte}, {"to_byte", byte + 1}}};
    return run_all(json, directory);
  };
  const auto first = with_error_at(data), second = with_error_at(data + 131072);
  for (const auto& runs : {first, second}) {
    CHECK(shortfall(runs[0].metrics).find("1 of ") == 0);
    CHECK(of(runs[0], 0, MetricId::errors) == 1);
    CHECK(runs[0].metrics[MetricId::missing_blocks] == 0);
    CHECK(same_work(runs[0], runs[1]));  // whatever the order in which they read
    CHECK_FALSE(same_work(runs[0], sound[0]));
  }
  CHECK_FALSE(same_work(first[0], second[0]));
  CHECK(workload_table({.runs = first}).find("failed") != std::string::npos);
  CHECK(workload_table({.runs = sound}).find("failed") == std::string::npos);
}

TEST_CASE("workloads: the same seed gives the same bytes, another one other arrivals") {
  const TemporaryDirectory directory;
  Json json = small(directory);
  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", 0.001}},
                      {{"name", "scrub"}, {"kind", "scrub"}},
                      foreground({{"rate_per_s", 5}, {"read_share", 0.5}})};
  const std::string once = to_json(run_one(json, directory)).dump();
  CHECK(once == to_json(run_one(json, directory)).dump());
  json["seed"] = 2;
  CHECK(once != to_json(run_one(json, directory)).dump());
}

// A waiter that is woken and finds the block gone again waits anew: it must not be woken again by the same end.
TEST_CASE("consume ends beside every policy behind a bus, and reads as much as without one") {
  Json json = first_look();
  json.erase("baseline");
  json.erase("expect");
  json["layout"]["file"] = (source_directory() / "scenarios/captures/umlr1x2.layout.h5").string();
  json["devices"][0]["count"] = 2;
  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", "5"}}};
  json["policies"] = Json::object();
  for (const auto& name : policy_names()) json["policies"][name] = Json::object();
  const TemporaryDirectory free_directory, bus_directory;
  const auto without = run_all(json, free_directory);
  json["buses"] = {{{"name", "b"}, {"bytes_per_s", 6e9}, {"devices", {1, 2}}}};
  const auto with = run_all(json, bus_directory);
  REQUIRE(with.size() == without.size());
  for (std::size_t i = 0; i < with.size(); ++i) {
    CAPTURE(with[i].policy);
    REQUIRE(with[i].message == "");
    CHECK(with[i].metrics[MetricId::reads] > 0);
    CHECK(with[i].metrics[MetricId::elapsed_s] >= without[i].metrics[MetricId::elapsed_s] * 0.99);
  }
}
