// The driver without SimGrid: given the completions that a simulated run had, in their order, policies decide the same.
#include "sim/driver/driver.h"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "results/trace/trace.h"
#include "sim/driver/plain_world.h"
#include "sim/driver/stage.h"
#include "sim/testing.h"
#include "sim/workloads/twin.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A small aged file system on two mirrored disks, with 16 MiB of data.
Json small() {
  Json json = first_look();
  json["layout"] = {{"synthetic",
                     {{"devices", {{{"count", 2}, {"bytes", 256 << 20}}}},
                      {"node_bytes", 4096},
                      {"data_bytes_per_file", 16384},
                      {"trees", {{{"tree", "fs"}}, {{"tree", "extent"}}, {{"tree", "csum"}}}},
                      {"rounds", {{{"commits", 10}, {"creates", 100}}}}}}};
  json["devices"][0]["count"] = 2;
  json["policies"] = Json::object();
  for (const auto& name : policy_names()) json["policies"][name] = Json::object();
  json.erase("baseline");
  json.erase("expect");
  return json;
}

Json enumerate(const char* name, const char* tree) { return {{"name", name}, {"kind", "enumerate"}, {"tree", tree}}; }

// Runs every policy both ways; returns how many decisions were compared.
std::size_t compare(const Json& json) {
  const TemporaryDirectory directory;
  const auto results = run_all(json, directory);
  const Scenario scenario = read_scenario(directory.path() / "scenario.json");
  const Layout layout = load_scenario_layout(scenario);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    CAPTURE(results[i].policy);
    REQUIRE(results[i].message == "");
    const Forecasts forecasts(scenario, scenario.seed);
    const DriverParts parts{.layout = layout,
                            .policy = scenario.policies[i],
                            .faults = scenario.faults,
                            .traits = std::vector<DeviceTraits>(layout.volume.devices().size()),
                            .seed = scenario.seed,
                            .warm_fraction = scenario.warm_fraction,
                            .memory_bytes = scenario.memory_bytes,
                            .watched = Workloads::read_blocks_beside(scenario.policies[i], scenario.workload),
                            .oracle = &forecasts};
    const TwinRun twin = twin_of(parts, scenario.workload, directory.path() / (results[i].policy + ".trace.h5"));
    CHECK(twin.result.message == "");
    REQUIRE(twin.difference == "");
    for (const MetricId id : {MetricId::reads, MetricId::bytes_read, MetricId::hits, MetricId::wasted_reads,
                              MetricId::errors, MetricId::zone_switches, MetricId::zone_conflicts})
      CHECK(twin.result.metrics[id] == results[i].metrics[id]);
    compared += twin.events;
  }
  return compared;
}

}  // namespace

TEST_CASE("the same completions, the same decisions: enumerations, one after the other and at once") {
  Json json = small();
  json["workload"] = Json::array({enumerate("files", "fs"), enumerate("extents", "extent"), enumerate("sums", "csum")});
  json["workload"][2]["after"] = "files";
  CHECK(compare(json) > 3000);
}

TEST_CASE("the same completions, the same decisions: a consumer that works at each node, memory half warm") {
  Json json = small();
  json["cache"] = {{"warm_fraction", 0.5}};
  json["workload"] = {{{"name", "reader"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", 0.0023}}};
  CHECK(compare(json) > 2000);
}

// The trace knows what is in memory at each date, where reads are of one block.
TEST_CASE("a bounded memory: never more blocks than fit; what has left is read again, and counts as wasted") {
  constexpr std::size_t most = 24;
  const std::set<std::string> joining{"sorted-scan", "xfs-repair", "e2fsck", "clairvoyant"};
  Json json = small();
  json["cache"] = {{"bytes", most * 4096}};
  json["workload"] = {{{"name", "reader"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", 0.001}}};
  CHECK(compare(json) > 2000);
  const TemporaryDirectory directory;
  for (const RunResult& result : run_all(json, directory)) {
    CAPTURE(result.policy);
    if (joining.contains(result.policy)) continue;
    std::set<std::uint64_t> there;
    std::map<std::uint64_t, int> reads;
    std::size_t largest = 0;
    for (const TraceRow& row : read_trace(directory.path() / (result.policy + ".trace.h5"))) {
      if (row.event == TraceEvent::cached) there.insert(row.logical);
      if (row.event == TraceEvent::evict) CHECK(there.erase(row.logical) == 1);
      if (row.event != TraceEvent::complete) continue;
      ++reads[row.logical];
      there.insert(row.logical);
      largest = std::max(largest, there.size());
    }
    CHECK((largest == most || largest == most + 1));  // what a reader's own read displaces is told after its end
    double again = 0;
    for (const auto& [logical, count] : reads) again += count - 1;
    CHECK(result.metrics[MetricId::wasted_reads] == again);
    CHECK(result.metrics[MetricId::missing_blocks] == 0);
    if (result.policy == "walk") CHECK(again == 0);
    if (result.policy == "level-order") CHECK(again > 100);
  }
}

TEST_CASE("the same completions, the same decisions: a scrub of both devices beside an enumeration") {
  Json json = small();
  json["workload"] = {{{"name", "scrub"}, {"kind", "scrub"}, {"depth", 4}}, enumerate("files", "fs")};
  json["workload"][1]["start_s"] = 0.1;
  CHECK(compare(json) > 5000);
}

TEST_CASE("the same completions, the same decisions: reads and allocations that fail") {
  Json json = small();
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"rate", 0.2}}, {{"kind", "no-memory"}, {"rate", 0.01}}};
  json["workload"] = Json::array({enumerate("files", "fs")});
  CHECK(compare(json) > 500);
}

TEST_CASE("a twin that decides otherwise is found out, at the first event that differs") {
  Json json = small();
  json["policies"] = {{"reada-2011", Json::object()},
                      {"other", {{"strategy", "reada-2011"}, {"max_in_flight", 2}}}};
  json["workload"] = Json::array({enumerate("files", "fs")});
  const TemporaryDirectory directory;
  run_all(json, directory);
  const Scenario scenario = read_scenario(directory.path() / "scenario.json");
  const Layout layout = load_scenario_layout(scenario);
  const DriverParts parts{.layout = layout,
                          .policy = scenario.policies[1],
                          .faults = scenario.faults,
                          .traits = std::vector<DeviceTraits>(layout.volume.devices().size()),
                          .seed = scenario.seed};
  const TwinRun twin = twin_of(parts, scenario.workload, directory.path() / "reada-2011.trace.h5");
  CHECK(twin.events > 0);
  CHECK(twin.difference.find("the run has") != std::string::npos);
}

TEST_CASE("a tree search reads in the I/O class of who searches, a readahead in its own") {
  // Which of the requests are of the idle class, of searches of one tree in it and, if so, one beside it that is not.
  const auto idle_share = [](const char* policy, bool with_ordinary) {
    const TemporaryDirectory directory;
    Json json = small();
    json["policies"] = {{policy, Json::object()}};
    json["workload"] = Json::array({enumerate("files", "fs")});
    const Scenario scenario = read_scenario(directory.write("s.json", json.dump()));
    const Layout layout = load_scenario_layout(scenario);
    int requests = 0, idle = 0;
    PlainWorld world([&](DeviceIndex, const DriveRequest& request, double now_s) {
      ++requests;
      idle += request.background;
      return PlainEnd{.completion = {.end_s = now_s + 1}, .order = static_cast<std::uint64_t>(requests)};
    });
    Driver driver({.layout = layout,
                   .policy = scenario.policies[0],
                   .faults = scenario.faults,
                   .traits = std::vector<DeviceTraits>(layout.volume.devices().size())},
                  world, world.actors());
    Stage stage(driver, world.actors());
    if (with_ordinary) stage.add({.tree = 1});
    stage.add({.tree = 0}, true);
    world.run(driver);
    REQUIRE(requests > 5);
    return static_cast<double>(idle) / requests;
  };
  CHECK(idle_share("walk", false) == 1);
  CHECK(idle_share("walk", true) < 1);
  CHECK(idle_share("reada-2011", false) == 0);
  CHECK(idle_share("reada-5.16", true) == 1);
}
