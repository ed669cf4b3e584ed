#include "results/files/differing.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

Results with_scenario(const std::string& json) {
  Results results = three_seeds();
  results.experiment.scenario = JsonNode::parse(json, "test");
  return results;
}

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("the same experiment by the same program differs in nothing") {
  const Results results = with_scenario(R"({"name": "a", "seed": 1})");
  CHECK(differing({results, "old"}, {results, "new"}).empty());
}

TEST_CASE("program, values of the scenario, policies and seeds that differ are named") {
  const Results before = with_scenario(R"({"devices": [{"count": 2}], "policies": {"mine": {"cap": 6}}, "cpu": 1})");
  Results after = with_scenario(R"({"devices": [{"count": 4}], "policies": {"mine": {"cap": 12}}})");
  after.headway_version = "2";
  after.measured = true;
  after.runs.back().policy = "other";
  after.runs.back().seed = 9;
  CHECK(differing({before, "old"}, {after, "new"}) ==
        Sentences{"headway:  () in old, 2 () in new", "how: simulated in old, measured in new",
                  "scenario /devices/0/count: 2 in old, 4 in new", "scenario /policies/mine/cap: 6 in old, 12 in new",
                  "scenario /cpu: 1 in old, none in new", "policy only in new: other", "seed only in new: 9"});
}

TEST_CASE("another layout or other workloads are another task, but not another name of the same layout") {
  Results before = with_scenario(R"({"layout": {"file": "a.h5"}, "workload": [{"kind": "enumerate"}]})");
  Results after = with_scenario(R"({"layout": {"file": "b.h5"}, "workload": [{"kind": "enumerate"}]})");
  CHECK(other_task(before, after) == "the scenarios have another \"layout\"");
  before.experiment.inputs = {{"a.h5", {10, "00ff", false}}};
  after.experiment.inputs = {{"b.h5", {10, "00ff", false}}};
  CHECK(other_task(before, after).empty());
  after.experiment.inputs[0].digest.sha256 = "ff00";
  CHECK(other_task(before, after) == "the scenarios have another \"layout\"");
  const Results other = with_scenario(R"({"layout": {"file": "a.h5"}, "workload": [{"kind": "scrub"}]})");
  CHECK(other_task(with_scenario(R"({"layout": {"file": "a.h5"}, "workload": [{"kind": "enumerate"}]})"), other) ==
        "the scenarios have another \"workload\"");
}

TEST_CASE("of many differing values the first are named and the others counted; long ones are measured") {
  Results before = with_scenario(R"({"a": 1, "b": 1, "c": 1})");
  Results after = with_scenario(R"({"a": 2, "b": 2, "c": ")" + std::string(80, 'x') + "\"}");
  CHECK(differing({before, "A"}, {after, "B"}, 1) ==
        Sentences{"scenario /a: 1 in A, 2 in B", "and 2 more values of scenario and drives"});
  CHECK(differing({before, "A"}, {after, "B"}).back() == "scenario /c: 1 in A, a text of 82 bytes in B");
}
