// A scenario with its defaults filled in is the same experiment.
#include "sim/scenario/in_full.h"

#include <doctest/doctest.h>

#include "core/base/sha256.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

Scenario again(const Scenario& scenario) {
  const auto text = in_full(scenario).dump();
  return read_scenario(JsonNode::parse(text, "again.json"), scenario.file);
}

Json results_of(const Scenario& scenario) {
  const TemporaryDirectory directory;
  Json all = Json::array();
  for (const RunResult& run : run_all(scenario, directory)) all.push_back(to_json(run));
  return all;
}

}  // namespace

TEST_CASE("filled in once more, every scenario that is shipped is as it was") {
  int scenarios = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_directory() / "scenarios")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.find(".schema.") != std::string::npos) continue;
    const Json json = Json::parse(bytes_of(entry.path()));
    if (!json.contains("policies") || json.contains("plugins")) continue;  // sim/plugins/ has the one with a plug-in
    CAPTURE(name);
    const Scenario scenario = read_scenario(entry.path());
    CHECK(in_full(again(scenario)) == in_full(scenario));
    ++scenarios;
  }
  CHECK(scenarios > 20);
}

TEST_CASE("a scenario in full gives the same results, whatever kinds it has") {
  Json json = first_look();
  json["policies"] = {{"walk", Json::object()}, {"mine", {{"strategy", "reada-2011"}, {"peer_lock", "off"}}}};
  json.erase("expect");
  const Json tree = json["workload"][0]["tree"];
  json["workload"] = {{{"name", "files"}, {"kind", "consume"}, {"tree", tree}, {"think_s", 1e-5}},
                      {{"name", "others"}, {"kind", "foreground"}, {"rate_per_s", 20}},
                      {{"name", "more"}, {"kind", "foreground"}, {"depth", 1}, {"requests", 50}}};
  json["faults"] = {{{"kind", "read-error"}, {"device", 1}, {"rate", 0.01}},
                    {{"kind", "slow"}, {"device", 2}, {"factor", 2}}};
  json["cpu"] = {{"workers", 2}, {"hook_us", 5}};
  json["buses"] = {{{"name", "hba"}, {"bytes_per_s", 6e8}, {"devices", {1, 2}}}};
  json["cache"] = {{"warm_fraction", 0.5}};
  const TemporaryDirectory directory;
  const Scenario scenario = read_scenario(directory.write("s.json", json.dump()));
  const Json full = in_full(scenario);
  CHECK(full["workload"][1]["read_share"] == 1.0);
  CHECK(full["workload"][1].contains("depth") == false);  // it is an open loop
  CHECK(full["policies"]["walk"].size() > 0);
  CHECK(full["policies"]["mine"]["peer_lock"] == "off");
  CHECK(full["policies"]["mine"]["max_in_flight"] == 6);
  CHECK(full["devices"][0]["queue"]["depth"].is_number());
  CHECK(full["replicates"] == 1);
  CHECK(full["baseline"] == "walk");
  CHECK(results_of(again(scenario)) == results_of(scenario));
}

TEST_CASE("what --seed and --policy chose is what stands there") {
  Scenario scenario = read_scenario(source_directory() / "scenarios/first-look.json");
  scenario.seed = 7;
  std::erase_if(scenario.policies, [](const PolicySpec& policy) { return policy.name != "reada-2011"; });
  scenario.expect.clear();
  scenario.baseline = "reada-2011";
  const Json full = in_full(scenario);
  CHECK(full["seed"] == 7);
  CHECK(full["policies"].size() == 1);
  CHECK(full["expect"] == Json::array());
  CHECK(again(scenario).baseline == "reada-2011");
}

TEST_CASE("drives and files stand there as they were, by the names that the scenario has for them") {
  const TemporaryDirectory directory;
  Json json = first_look();
  std::filesystem::copy_file(json["layout"]["file"].get<std::string>(), directory / "x.layout.h5");
  json["layout"]["file"] = "x.layout.h5";
  directory.write("own.json", R"({"drive": "own", "kind": "constant", "capacity_bytes": 4e12, "latency_ms": 1,
                                  "bytes_per_s": 1e8})");
  json["devices"] = {{{"drive", "./own.json"}, {"count", 3}}, {{"drive", "seagate-constellation2-1tb"}}};
  const Scenario scenario = read_scenario(directory.write("s.json", json.dump()));
  const Experiment experiment = experiment_of(scenario);
  REQUIRE(experiment.inputs.size() == 2);
  CHECK(experiment.inputs[0].file == "x.layout.h5");
  CHECK(experiment.inputs[0].digest.sha256 == sha256_of_file(directory / "x.layout.h5"));
  CHECK(experiment.inputs[1].file == "./own.json");
  CHECK(experiment.drives->json().size() == 2);
  CHECK(experiment.drives->at("./own.json").at("latency_ms").number(0, 9) == 1);
  CHECK(experiment.drives->at("seagate-constellation2-1tb").has("rpm"));
}
