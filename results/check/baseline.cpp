// Baselines: results.json, trimmed to what a check needs, so that a repository can hold it and its diffs say something.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/whole_file.h"
#include "results/check/check.h"

namespace headway {

void write_baseline(const std::filesystem::path& file, Results results) {
  for (RunResult& run : results.runs) {
    if (run.failed())
      throw InputError("--update", "", "results in which every run went well",
                       fmt::format("{} with seed {}, which failed", run.policy, run.seed));
    run.devices.clear();
    if (run.workloads.size() == 1) run.workloads.clear();
  }
  results.headway_commit.clear();
  results.experiment = {};
  results.scenario_file = std::filesystem::path(results.scenario_file).filename().generic_string();
  nlohmann::ordered_json json = to_json(results);
  json.erase("summary");
  json.erase("notes");
  for (Json& run : json["runs"]) run.erase("notes");
  std::error_code error;
  if (!file.parent_path().empty()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) throw InputError("--against", file.string(), "a file in a directory that can be made", error.message());
  write_whole_text(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::filesystem::path default_baseline(const Results& results) {
  const std::filesystem::path scenario = results.scenario_file;
  return scenario.parent_path() / "baselines" / (scenario.stem().string() + ".json");
}

}  // namespace headway
