// The JSON Schema is for editors and other people's tools; the reader is what decides. They must agree.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/base/testing/schema_check.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scenario_shape.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

bool schema_takes(const Json& scenario) {
  static const std::string schema = scenario_schema();
  return schema_accepts(schema, scenario.dump());
}

bool reader_accepts(const Json& scenario) {
  const TemporaryDirectory directory;
  try {
    read_scenario(directory.write("s.json", scenario.dump()));
  } catch (const InputError&) {
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every scenario that is shipped fits the schema") {
  int scenarios = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_directory() / "scenarios")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.find(".schema.") != std::string::npos) continue;
    const Json json = Json::parse(bytes_of(entry.path()));
    if (!json.contains("policies")) continue;  // another kind of file: a growth spec, a sweep
    if (json.contains("plugins")) continue;    // its policy is known once it is built: sim/plugins/own_policy_test.sh
    CAPTURE(name);
    CHECK(schema_takes(json));
    ++scenarios;
  }
  CHECK(scenarios > 0);
}

TEST_CASE("schema and reader take the same workloads") {
  const std::vector<Json> sound{
      {{"name", "c"}, {"kind", "consume"}, {"tree", "256"}, {"think_s", 0.001}, {"after", "files"}},
      {{"name", "l"}, {"kind", "lookup"}, {"tree", "256"}, {"count", 100}, {"depth", 4}, {"key_start", {300, 1, 0}}},
      {{"name", "l"}, {"kind", "lookup"}, {"tree", "256"}, {"keys", {{300, 1, 0}, {256, 1, 0}}}, {"think_s", 1e-5}},
      {{"name", "s"}, {"kind", "send"}, {"tree", "256"}, {"think_s_per_item", 1e-6}, {"think_s_per_byte", 1e-9}},
      {{"name", "s"}, {"kind", "scrub"}, {"devices", {1, 2}}, {"depth", 16}, {"request_bytes", 65536}, {"background", false}},
      {{"name", "f"}, {"kind", "foreground"}, {"depth", 4}, {"read_share", 0.7}, {"region", "data"}, {"requests", 10}},
      {{"name", "f"}, {"kind", "foreground"}, {"rate_per_s", 50}, {"pattern", "sequential"}, {"duration_s", 2}},
      {{"name", "f"}, {"kind", "foreground"}, {"trace", {{"file", "t.csv"}, {"format", "msr"}, {"speed", 2}, {"times_back", "clamp"}}}},
  };
  for (const auto& workload : sound) {
    CAPTURE(workload);
    Json json = first_look();
    json["workload"].push_back(workload);
    CHECK(schema_takes(json));
    CHECK(reader_accepts(json));
  }
}

TEST_CASE("schema and reader refuse the same mistakes") {
  const Json good = first_look();
  REQUIRE(schema_takes(good));
  REQUIRE(reader_accepts(good));
  const std::vector<std::pair<std::string, Json>> mistakes{
      {"/extra", 1},
      {"/seed", -1},
      {"/schema_version", 2},
      {"/name", ""},
      {"/layout/fil", "x"},
      {"/devices/0/count", 0},
      {"/devices/0/queue/discipline", "stpf"},
      {"/devices/0/queue/depth", 0},
      {"/devices/0/queue/max_age_s", 0},
      {"/devices/0/queue/max_age_s", 1e9},
      {"/cache", {{"warm_fraction", 2}}},
      {"/faults", {{{"kind", "gone"}, {"device", -1}}}},
      {"/faults", {{{"kind", "slow"}, {"device", 1}}}},
      {"/faults", {{{"kind", "no-memory"}, {"device", 1}, {"rate", 0.5}}}},
      {"/buses", {{{"name", "hba"}, {"bytes_per_s", 0}, {"devices", {1}}}}},
      {"/buses", {{{"name", "hba"}, {"bytes_per_s", 1e8}, {"devices", {1, 1}}}}},
      {"/buses", {{{"name", "hba"}, {"bytes_per_s", 1e-3}, {"devices", {1}}}}},
      {"/buses", {{{"name", "hba"}, {"bytes_per_s", 1e8}, {"latency_s", 1e5}, {"devices", {1}}}}},
      {"/faults", {{{"kind", "gone"}, {"device", 1}, {"from_s", 1e300}}}},
      {"/faults", {{{"kind", "slow"}, {"device", 1}, {"factor", 2}, {"to_s", 1e300}}}},
      {"/cpu", {{"issue_us", 1}}},
      {"/cpu", {{"workers", 1}, {"issue_us", 1e12}}},
      {"/cpu", {{"workers", 1}, {"issue_us", -1}}},
      {"/workload/0/kind", "enumerates"},
      {"/workload/0/start_s", -1},
      {"/workload/0/start_s", 1e14},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"rate_per_s", 1e300}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"rate_per_s", 1e-300}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"depth", 1}, {"duration_s", 1e300}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"depth", 1}, {"requests", 1e15}}},
      {"/workload/0/key_end", {1, 2}},
      {"/workload/0", {{"name", "x"}, {"kind", "enumerate"}, {"tree", "256"}, {"think_s", 1}}},
      {"/workload/0", {{"name", "x"}, {"kind", "consume"}, {"tree", "256"}, {"think_s", -1}}},
      {"/workload/0", {{"name", "x"}, {"kind", "lookup"}, {"tree", "256"}}},
      {"/workload/0", {{"name", "x"}, {"kind", "lookup"}, {"tree", "256"}, {"count", 0}}},
      {"/workload/0", {{"name", "x"}, {"kind", "lookup"}, {"tree", "256"}, {"count", 1}, {"keys", {{256, 1, 0}}}}},
      {"/workload/0", {{"name", "x"}, {"kind", "lookup"}, {"tree", "256"}, {"keys", {{256, 1, 0}}}, {"key_start", {256, 1, 0}}}},
      {"/workload/0", {{"name", "x"}, {"kind", "send"}, {"tree", "256"}, {"request_bytes", 1000}}},
      {"/workload/0", {{"name", "x"}, {"kind", "scrub"}, {"tree", "2"}}},
      {"/workload/0", {{"name", "x"}, {"kind", "scrub"}, {"devices", Json::array()}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"depth", 1}, {"rate_per_s", 1}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"depth", 1}, {"request_bytes", 1000}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"depth", 1}, {"read_share", 1.5}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"trace", {{"file", "t"}, {"format", "nsr"}}}}},
      {"/workload/1", {{"name", "x"}, {"kind", "foreground"}, {"trace", {{"file", "t"}}}}},
      {"/policies", Json::object()},
      {"/policies/walk/pid", 1.5},
      {"/policies/reada-2012", Json::object()},
      {"/policies/mine", {{"strategy", "reada-2012"}}},
      {"/policies/mine", {{"max_in_flight", 4}}},
      {"/policies/reada-2011/max_in_fligth", 4},
      {"/policies/reada-2011/max_in_flight", 0},
      {"/policies/reada-2011/max_in_flight", 65537},
      {"/policies/reada-2011/max_in_flight", "8"},
      {"/policies/reada-2011/zone_pick", "nearset"},
      {"/policies/reada-2011/peer_lock", 1},
      {"/policies/reada-2011/peer_lock", "yes"},
      {"/policies/no-peer-lock/pid", 1},
      {"/replicates", 0},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}}},
      {"/expect/0/metric", "elapsed"},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}, {"max", 1}, {"equals", 1}}},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}, {"min", 1}, {"equals", 1}}},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}, {"min", 1}, {"tolerance", 0.1}}},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}, {"equals", 1}, {"tolerance", 2}}},
      {"/expect/0", {{"metric", "reads"}, {"policy", "walk"}, {"equals", 1}, {"by", "sure"}}},
  };
  for (const auto& [pointer, value] : mistakes) {
    CAPTURE(pointer);
    Json bad = good;
    bad[Json::json_pointer(pointer)] = value;
    CHECK_FALSE(schema_takes(bad));
    CHECK_FALSE(reader_accepts(bad));
  }
}

TEST_CASE("schema and reader know policies' parameters") {
  const std::vector<std::pair<std::string, Json>> sound{
      {"/policies/mine", {{"strategy", "reada-2011"}, {"max_in_flight", 4}, {"peer_lock", "off"}}},
      {"/policies/mine", {{"strategy", "reada-2011"}, {"max_in_flight", 1e2}, {"zone_pick", "nearest"}}},
      {"/policies/walk", {{"strategy", "reada-2011"}, {"max_in_flight", 4}}},  // under another's name
      {"/policies/path-reada", Json::object()},
  };
  for (const auto& [pointer, value] : sound) {
    CAPTURE(value);
    Json json = first_look();
    json[Json::json_pointer(pointer)] = value;
    CHECK(schema_takes(json));
    CHECK(reader_accepts(json));
  }
  // Of every policy every parameter, at its default; the schema shows the same.
  const Json schema = Json::parse(scenario_schema());
  for (const Policy* policy : policies()) {
    const Json& keys = schema["definitions"]["policy-" + policy->name]["properties"];
    CHECK(keys.size() == policy->parameters.size() + 1);  // and "strategy"
    Json json = first_look();
    for (const auto& parameter : policy->parameters) {
      CAPTURE(parameter.name);
      std::visit([&](const auto& value) { json["policies"][policy->name][parameter.name] = value; },
                 parameter.default_value);
      CHECK(keys[parameter.name]["default"] == json["policies"][policy->name][parameter.name]);
    }
    CAPTURE(policy->name);
    CHECK(schema_takes(json));
    CHECK(reader_accepts(json));
  }
}
