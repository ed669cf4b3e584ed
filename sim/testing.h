// What tests of this room share: a directory that goes away, the first scenario as JSON, runs in children.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "models/json_node.h"
#include "sim/jobs.h"
#include "sim/run.h"

namespace headway::testing {

inline std::filesystem::path source_directory() { return HEADWAY_SOURCE_DIR; }

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "headway-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// scenarios/first-look.json with the absolute path of its layout, so that it may be written anywhere.
inline Json first_look() {
  const auto scenarios = source_directory() / "scenarios";
  Json json = JsonNode::read_file(scenarios / "first-look.json").json();
  json["layout"]["file"] = (scenarios / std::string(json["layout"]["file"])).string();
  return json;
}

// Runs every policy of the scenario, each in a child, with traces in `directory`.
inline std::vector<RunResult> run_all(const Json& json, const TemporaryDirectory& directory) {
  const Scenario scenario = read_scenario(directory.write("scenario.json", json.dump()));
  const Layout layout = load_scenario_layout(scenario);
  std::vector<Job> jobs;
  for (const auto& policy : scenario.policies)
    jobs.push_back({policy.name, scenario.seed, [&] {
                      return run_once({scenario, layout, policy, scenario.seed,
                                       directory.path() / (policy.name + ".trace.h5"),
                                       directory.path() / (policy.name + ".intervals.h5")});
                    }});
  std::vector<RunResult> results;
  for (auto& job : run_jobs(jobs, 2, [](const ProgressState&) {})) results.push_back(std::move(job.run));
  return results;
}

}  // namespace headway::testing
