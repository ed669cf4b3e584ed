// See in_full.h.
#include "sim/scenario/in_full.h"

#include <nlohmann/json.hpp>

#include "models/drive/drive_model.h"
#include "models/drive/read_drive.h"
#include "sim/scenario/replicates_spec.h"
#include "sim/scenario/scenario_shape.h"

namespace headway {

namespace {

JsonNode as_node(const Json& json) {
  return JsonNode::parse(json.dump(-1, ' ', false, Json::error_handler_t::replace), "results");
}

// Of a list in the scenario, what is left of it.
template <class Item>
void keep_listed(Json& json, const char* key, const std::vector<Item>& left) {
  if (!json.contains(key)) return;
  Json kept = Json::array();
  for (const Item& item : left) kept.push_back(json[Json::json_pointer(item.path)]);
  json[key] = std::move(kept);
}

// What of the policies, expectations and published figures ran: --policy leaves some out.
void keep_chosen(Json& json, const Scenario& scenario) {
  Json policies = Json::object();
  for (const PolicySpec& policy : scenario.policies) policies[policy.name] = json["policies"][policy.name];
  json["policies"] = std::move(policies);
  keep_listed(json, "expect", scenario.expect);
  keep_listed(json, "published", scenario.published);
}

// As the scenario has it, which is what its directory was put before.
std::string name_in(const std::filesystem::path& directory, const std::filesystem::path& file) {
  const std::string whole = file.string(), before = directory.empty() ? "" : (directory / "").string();
  return whole.starts_with(before) ? whole.substr(before.size()) : whole;
}

// Those of the command line among them.
Json plugin_names(const Scenario& scenario) {
  Json names = Json::array();
  for (const auto& file : scenario.plugins) names.push_back(name_in(scenario.file.parent_path(), file));
  return names;
}

}  // namespace

Json in_full(const Scenario& scenario) {
  Json json = scenario_fields().shape().filled(*scenario.json);
  json["seed"] = scenario.seed;
  json["baseline"] = scenario.baseline;
  json["cache"] = {{"warm_fraction", scenario.warm_fraction}};
  if (scenario.memory_bytes > 0) json["cache"]["bytes"] = scenario.memory_bytes;
  if (!scenario.plugins.empty()) json["plugins"] = plugin_names(scenario);
  if (scenario.until) json["replicates"] = replicates_as_json(*scenario.until);
  keep_chosen(json, scenario);
  return json;
}

void ExperimentKeeper::add(const Scenario& scenario) {
  if (!experiment_.scenario) experiment_.scenario = as_node(in_full(scenario));
  for (const auto& file : scenario.input_files) {
    if (!files_.insert(file).second) continue;
    experiment_.inputs.push_back({name_in(scenario.file.parent_path(), file), digest_of_file(file)});
  }
  for (const DeviceSpec& device : scenario.devices) drives_.try_emplace(device.drive, device.model);
}

Experiment ExperimentKeeper::take() {
  Json drives = Json::object();
  for (const auto& [name, model] : drives_) drives[name] = drive_in_full(*model);
  experiment_.drives = as_node(drives);
  return std::move(experiment_);
}

Experiment experiment_of(const Scenario& scenario) {
  ExperimentKeeper keeper;
  keeper.add(scenario);
  return keeper.take();
}

}  // namespace headway
