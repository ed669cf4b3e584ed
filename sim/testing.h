// What tests of this room share: the first scenario as JSON, runs in children.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/json_node.h"
#include "core/base/testing/files.h"
#include "sim/bound/bound.h"
#include "sim/engine/run.h"
#include "sim/jobs/jobs.h"
#include "sim/scenario/forecasts.h"

namespace headway::testing {

// scenarios/first-look.json with the absolute path of its layout, so that it may be written anywhere.
inline Json first_look() {
  const auto scenarios = source_directory() / "scenarios";
  Json json = JsonNode::read_file(scenarios / "first-look.json").json();
  json["layout"]["file"] = (scenarios / std::string(json["layout"]["file"])).string();
  return json;
}

// Runs every policy of the scenario, each in a child, with traces in `directory`.
inline std::vector<RunResult> run_all(const Scenario& scenario, const TemporaryDirectory& directory) {
  const Layout layout = load_scenario_layout(scenario);
  std::vector<Job> jobs;
  for (const auto& policy : scenario.policies)
    jobs.push_back({policy.name, scenario.seed, [&] {
                      RunResult run = run_once({scenario, layout, policy, scenario.seed,
                                                directory.path() / (policy.name + ".trace.h5"),
                                                directory.path() / (policy.name + ".intervals.h5")});
                      add_bound(run, bound_of(scenario, layout, scenario.seed), policy);
                      return run;
                    }});
  std::vector<RunResult> results;
  for (auto& job : run_jobs(jobs, 2, [](const ProgressState&) {})) results.push_back(std::move(job.run));
  return results;
}

inline std::vector<RunResult> run_all(const Json& json, const TemporaryDirectory& directory) {
  return run_all(read_scenario(directory.write("scenario.json", json.dump())), directory);
}

}  // namespace headway::testing
