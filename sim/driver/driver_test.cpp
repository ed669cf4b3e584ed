// The driver without SimGrid: given the completions that a simulated run had, in their order, policies decide the same.
#include "sim/driver/driver.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "core/base/testing/approx.h"
#include "results/trace/trace.h"
#include "sim/driver/testing/plain_world.h"
#include "sim/testing.h"
#include "sim/workloads/workloads.h"

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

// The ends of a traced run's reads, to be handed out again, a read of the same place at a time.
class TracedEnds {
 public:
  explicit TracedEnds(const std::vector<TraceRow>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].event != TraceEvent::complete) continue;
      PlainEnd end{.completion = {.end_s = rows[i].time_s}, .order = i};
      end.completion.times = {rows[i].queue_s, rows[i].seek_s, rows[i].rotation_s, rows[i].transfer_s};
      ends_[{rows[i].device, rows[i].physical}].push_back(end);
    }
  }
  PlainEnd take(std::uint64_t devid, std::uint64_t physical) {
    auto& ends = ends_[{devid, physical}];
    if (ends.empty()) throw std::runtime_error(fmt::format("nobody read {}:{} in the simulated run", devid, physical));
    const PlainEnd end = ends.front();
    ends.pop_front();
    return end;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::deque<PlainEnd>> ends_;
};

std::string words(const TraceRow& row) {
  return fmt::format("{} handle {} tree {} device {} mirror {} logical {} physical {} bytes {} level {} error {}",
                     to_string(row.event), row.handle, row.tree, row.device, row.mirror, row.logical, row.physical,
                     row.bytes, row.level, row.error);
}

// The same policy and workloads on the driver, without an engine; its trace and what it came to.
RunResult run_plain(const Scenario& scenario, const Layout& layout, const PolicySpec& policy,
                    const std::vector<TraceRow>& simulated, const std::filesystem::path& trace_file) {
  TracedEnds ends(simulated);
  PlainWorld world([&](DeviceIndex device, const DriveRequest& request, double) {
    return ends.take(layout.volume.devices()[device].devid, request.offset_bytes);
  });
  TraceWriter trace(trace_file, {.scenario = "plain", .policy = policy.name, .seed = 1, .devices = {}});
  Driver driver({.layout = layout,
                 .policy = policy,
                 .faults = scenario.faults,
                 .traits = std::vector<DeviceTraits>(layout.volume.devices().size()),
                 .seed = scenario.seed,
                 .warm_fraction = scenario.warm_fraction,
                 .watched = Workloads::read_blocks_beside(policy, scenario.workload),
                 .trace = &trace},
                world, world);
  Stage stage(driver, world);
  const Workloads workloads(scenario.workload, stage);
  world.run(driver);
  RunResult result = workloads.result("");
  world.unwind();
  trace.close();
  return result;
}

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
    const auto simulated = read_trace(directory.path() / (results[i].policy + ".trace.h5"));
    const RunResult plain =
        run_plain(scenario, layout, scenario.policies[i], simulated, directory.path() / "plain.trace.h5");
    CHECK(plain.message == "");
    const auto rows = read_trace(directory.path() / "plain.trace.h5");
    CHECK(rows.size() == simulated.size());
    for (std::size_t row = 0; row < std::min(rows.size(), simulated.size()); ++row) {
      CAPTURE(row);
      REQUIRE(words(rows[row]) == words(simulated[row]));
      REQUIRE(rows[row].time_s == testing::approx(simulated[row].time_s).epsilon(1e-12));
    }
    for (const MetricId id : {MetricId::reads, MetricId::bytes_read, MetricId::hits, MetricId::wasted_reads,
                              MetricId::errors, MetricId::zone_switches, MetricId::zone_conflicts})
      CHECK(plain.metrics[id] == results[i].metrics[id]);
    compared += rows.size();
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
