#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/json_node.h"
#include "core/base/sha256.h"
#include "models/layout/grow/grow.h"

namespace headway {

namespace {

// Builds a scenario from its JSON, part by part.
class Reader {
 public:
  Reader(JsonNode root, const std::filesystem::path& file) : root_(std::move(root)) { scenario_.file = file; }

  Scenario read() {
    root_.allow_only({"$schema", "schema_version", "name", "description", "seed", "replicates", "layout", "devices",
                      "cache", "workload", "policies", "baseline", "expect", "faults", "cpu", "buses"});
    root_.at("schema_version").integer(Scenario::schema_version, Scenario::schema_version);
    scenario_.name = name_in(root_.at("name"));
    if (const auto node = root_.find("description")) scenario_.description = node->string();
    if (const auto node = root_.find("seed")) scenario_.seed = node->unsigned_integer();
    if (const auto node = root_.find("replicates"))
      scenario_.replicates = static_cast<std::uint32_t>(node->integer(1, 100'000, "runs a policy"));
    layout(root_.at("layout"));
    devices(root_.at("devices"));
    if (const auto node = root_.find("cache")) cache(*node);
    if (const auto node = root_.find("faults")) {
      for (const auto& item : node->items()) scenario_.faults.push_back(read_fault(item));
    }
    if (const auto node = root_.find("cpu")) cpu(*node);
    if (const auto node = root_.find("buses")) buses(*node);
    workload(root_.at("workload"));
    policies(root_.at("policies"));
    baseline();
    if (const auto node = root_.find("expect")) expect(*node);
    if (scenario_.seed > UINT64_MAX - (scenario_.replicates - 1))
      root_.at("seed").fail("a seed with room for replicates");
    return std::move(scenario_);
  }

 private:
  static std::string name_in(const JsonNode& node) {
    const std::string name = node.string();
    if (name.empty()) node.fail("a name");
    return name;
  }

  // A path of the scenario's; what it leads to is part of the experiment.
  std::filesystem::path input_file(const std::string& path) {
    scenario_.input_files.push_back(scenario_.file.parent_path() / path);
    return scenario_.input_files.back();
  }

  void layout(const JsonNode& node) {
    node.allow_only({"file", "synthetic"});
    if (const auto synthetic = node.find("synthetic")) {
      if (node.has("file")) node.fail("either \"file\" or \"synthetic\"", "both");
      scenario_.synthetic = *synthetic;
      return;
    }
    const JsonNode file = node.at("file");
    if (file.json().is_array()) {
      for (const auto& item : file.items()) scenario_.layout_files.push_back(input_file(item.string()));
      if (scenario_.layout_files.empty()) file.fail("at least one file");
    } else {
      scenario_.layout_files.push_back(input_file(file.string()));
    }
  }

  void devices(const JsonNode& node) {
    for (const auto& item : node.items()) {
      item.allow_only({"drive", "count", "queue"});
      DeviceSpec device;
      const JsonNode drive = item.at("drive");
      device.drive = drive.string();
      if (is_drive_file(device.drive)) input_file(device.drive);
      try {
        device.model = load_drive(device.drive, scenario_.file.parent_path());
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}: {}", item.file(), drive.path(), error.what()));
      }
      if (const auto queue = item.find("queue")) device.queue = read_queue(*queue);
      std::int64_t count = 1;
      if (const auto given = item.find("count")) count = given->integer(1, UINT16_MAX, "drives");
      scenario_.devices.insert(scenario_.devices.end(), static_cast<std::size_t>(count), device);
    }
    if (scenario_.devices.empty()) node.fail("at least one device");
  }

  void cache(const JsonNode& node) {
    node.allow_only({"warm_fraction"});
    if (const auto warm = node.find("warm_fraction")) scenario_.warm_fraction = warm->number(0, 1);
  }

  void cpu(const JsonNode& node) {
    node.allow_only({"workers", "issue_us", "hook_us", "hook_us_per_item"});
    scenario_.cpu.workers = static_cast<std::uint32_t>(node.at("workers").integer(1, 4096, "workers"));
    if (const auto cost = node.find("issue_us")) scenario_.cpu.issue_us = cost->not_negative("microseconds");
    if (const auto cost = node.find("hook_us")) scenario_.cpu.hook_us = cost->not_negative("microseconds");
    if (const auto cost = node.find("hook_us_per_item"))
      scenario_.cpu.hook_us_per_item = cost->not_negative("microseconds");
  }

  void buses(const JsonNode& node) {
    for (const auto& item : node.items()) {
      BusSpec bus = read_bus(item);
      for (const auto& other : scenario_.buses) {
        if (other.name == bus.name) item.at("name").fail("a name that no other bus has");
      }
      scenario_.buses.push_back(std::move(bus));
    }
  }

  void workload(const JsonNode& node) {
    for (const auto& item : node.items()) {
      scenario_.workload.push_back(read_workload(item, scenario_.workload, scenario_.file.parent_path()));
      if (const auto file = scenario_.workload.back().plan->input_file()) scenario_.input_files.push_back(*file);
    }
    const auto endless = [](const WorkloadSpec& spec) { return spec.plan->endless(); };
    if (std::ranges::all_of(scenario_.workload, endless)) {
      for (auto& spec : scenario_.workload) spec.plan->end_by_itself();
    }
    if (std::ranges::all_of(scenario_.workload, endless))
      node.fail("at least one workload that ends by itself", scenario_.workload.empty() ? "none" : "none that does");
  }

  void policies(const JsonNode& node) {
    for (const auto& [name, item] : node.members()) {
      if (name.empty()) node.fail("names of policies", "an empty one");
      scenario_.policies.push_back(policy(name, item));
    }
    if (scenario_.policies.empty()) node.fail("at least one policy");
  }

  static PolicySpec policy(const std::string& name, const JsonNode& item) {
    PolicySpec spec;
    spec.name = name;
    const auto strategy = item.find("strategy");
    const std::string wanted = strategy ? strategy->string() : name;
    spec.policy = find_policy(wanted);
    if (!spec.policy) {
      const std::string found = unknown_name(wanted, policy_names()) + "; `headway policy list` shows them all";
      if (strategy) strategy->fail("a known strategy", found);
      item.fail("the name of a policy, or a \"strategy\" inside", found);
    }
    spec.parameters = Parameters(spec.policy->parameters);
    std::vector<std::string> keys = names(spec.policy->parameters);
    keys.push_back("strategy");
    item.allow_only(keys);
    for (const auto& [key, value] : item.members()) {
      if (key != "strategy") set_parameter(spec.parameters, key, value);
    }
    return spec;
  }

  static void set_parameter(Parameters& parameters, const std::string& key, const JsonNode& node) {
    const Parameter& parameter = *parameters.find(key);
    std::optional<ParameterValue> value;
    if (node.json().is_boolean()) value = node.boolean();
    if (node.json().is_string()) value = node.string();
    if (node.json().is_number_integer() && !(node.json().is_number_unsigned() &&
                                             node.json().get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)))
      value = node.json().get<std::int64_t>();
    if (!value || !parameters.accepts(parameter, *value)) node.fail(accepted_values(parameter));
    parameters.set(key, *value);
  }

  std::vector<std::string> spec_names() const {
    std::vector<std::string> all;
    for (const auto& spec : scenario_.policies) all.push_back(spec.name);
    return all;
  }

  std::vector<std::string> workload_names() const {
    std::vector<std::string> all;
    for (const auto& spec : scenario_.workload) all.push_back(spec.name);
    return all;
  }

  void baseline() {
    scenario_.baseline = scenario_.policies.front().name;
    if (const auto node = root_.find("baseline")) scenario_.baseline = node->choice(spec_names());
  }

  void expect(const JsonNode& node) {
    for (const auto& item : node.items()) {
      item.allow_only({"metric", "policy", "workload", "relative_to", "min", "max", "equals", "tolerance", "by"});
      Expectation expectation;
      expectation.path = item.path();
      expectation.metric = *find_metric(item.at("metric").choice(metric_names()));
      expectation.policy = item.at("policy").choice(spec_names());
      if (const auto workload = item.find("workload")) expectation.workload = workload->choice(workload_names());
      if (const auto other = item.find("relative_to")) expectation.relative_to = other->choice(spec_names());
      bounds(item, expectation);
      if (const auto by = item.find("by")) {
        expectation.by_confidence = by->choice({"mean", "confidence"}) == "confidence";
        if (expectation.by_confidence && scenario_.replicates < 2)
          by->fail("\"replicates\" of at least 2 in the scenario", fmt::format("{}", scenario_.replicates));
      }
      scenario_.expect.push_back(expectation);
    }
  }

  // "min", "max" or both; or "equals", to within the "tolerance", a fraction of it.
  static void bounds(const JsonNode& item, Expectation& expectation) {
    constexpr double far = 1e300;
    if (const auto least = item.find("min")) expectation.least = least->number(-far, far);
    if (const auto most = item.find("max")) expectation.most = most->number(-far, far);
    if (const auto value = item.find("equals")) {
      if (expectation.least || expectation.most) item.fail("either bounds or \"equals\"", "both");
      const double middle = value->number(-far, far);
      const auto tolerance = item.find("tolerance");
      const double reach = std::abs(middle) * (tolerance ? tolerance->number(0, 1) : 0);
      expectation.least = middle - reach;
      expectation.most = middle + reach;
    } else if (item.has("tolerance")) {
      item.fail("\"equals\" beside \"tolerance\"", "none");
    }
    if (!expectation.least && !expectation.most) item.fail("\"min\", \"max\" or both, or \"equals\"", "none of them");
    if (expectation.least && expectation.most && *expectation.least > *expectation.most)
      item.fail("a min that is not above the max");
  }

  JsonNode root_;
  Scenario scenario_;
};

void check_devices(const Scenario& scenario, const Layout& layout) {
  const auto devices = layout.volume.devices();
  if (devices.size() != scenario.devices.size())
    throw InputError(scenario.file.string(), "/devices",
                     fmt::format("{} drives, as many as {} has devices", devices.size(), layout.source),
                     fmt::format("{}", scenario.devices.size()));
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const std::uint64_t holds = capacity_bytes(*scenario.devices[i].model);
    if (holds < devices[i].bytes)
      throw InputError(scenario.file.string(), "/devices",
                       fmt::format("a drive of at least {} bytes for device {}", devices[i].bytes, devices[i].devid),
                       fmt::format("\"{}\" of {} bytes", scenario.devices[i].drive, holds));
  }
}

void check_devid(const Scenario& scenario, const Layout& layout, const std::string& path, std::uint64_t devid) {
  std::string present;
  for (const auto& device : layout.volume.devices()) {
    if (device.devid == devid) return;
    present += fmt::format(" {}", device.devid);
  }
  throw InputError(scenario.file.string(), path, fmt::format("a device of {}, which has{}", layout.source, present),
                   fmt::format("{}", devid));
}

void check_devids(const Scenario& scenario, const Layout& layout) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    if (scenario.faults[i].kind != FaultKind::no_memory)
      check_devid(scenario, layout, fmt::format("/faults/{}/device", i), scenario.faults[i].devid);
  }
  for (std::size_t i = 0; i < scenario.buses.size(); ++i) {
    for (const std::uint64_t devid : scenario.buses[i].devices)
      check_devid(scenario, layout, fmt::format("/buses/{}/devices", i), devid);
  }
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file) {
  Scenario scenario = read_scenario(JsonNode::read_file(file), file);
  scenario.sha256 = sha256_of_file(file);
  return scenario;
}

Scenario read_scenario(const JsonNode& json, const std::filesystem::path& file) { return Reader(json, file).read(); }

void check_against_layout(const Scenario& scenario, const Layout& layout) {
  check_devices(scenario, layout);
  check_devids(scenario, layout);
  for (std::size_t i = 0; i < scenario.workload.size(); ++i)
    scenario.workload[i].plan->check({layout, scenario.file.string(), fmt::format("/workload/{}", i)});
}

Layout load_scenario_layout(const Scenario& scenario, std::optional<std::uint64_t> seed) {
  LoadOptions options;
  options.notes = false;
  Layout layout = scenario.synthetic ? grow_layout(*scenario.synthetic, seed.value_or(scenario.seed), options)
                                     : load_layout(scenario.layout_files, options);
  check_against_layout(scenario, layout);
  return layout;
}

}  // namespace headway
