#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/document_kind.h"
#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/base/json_node.h"
#include "core/base/sha256.h"
#include "models/layout/grow/grow.h"
#include "sim/plugins/plugin.h"
#include "sim/scenario/policy_keys.h"
#include "sim/scenario/scenario_shape.h"

namespace headway {

namespace {

// Builds a scenario from its JSON, part by part.
class Reader {
 public:
  Reader(JsonNode root, const std::filesystem::path& file) : root_(std::move(root)) {
    scenario_.file = file;
    scenario_.json = root_;
  }

  Scenario read() {
    expect_document(root_, document::scenario);
    plugins();
    scenario_fields().shape().check(root_);
    scenario_fields().fill(root_, scenario_);
    layout(root_.at("layout"));
    devices(root_.at("devices"));
    if (const auto node = root_.find("buses")) buses(*node);
    workload(root_.at("workload"));
    policies(root_.at("policies"));
    baseline();
    until();
    if (const auto node = root_.find("expect")) expect(*node);
    if (const auto node = root_.find("published")) published(*node);
    if (scenario_.seed > UINT64_MAX - (scenario_.replicates - 1))
      root_.at("seed").fail("a seed with room for replicates");
    return std::move(scenario_);
  }

 private:
  // A path of the scenario's; what it leads to is part of the experiment.
  std::filesystem::path input_file(const std::string& path) {
    scenario_.input_files.push_back(scenario_.file.parent_path() / path);
    return scenario_.input_files.back();
  }

  void plugins() {
    if (const auto node = root_.find("plugins")) {
      plugins_value().shape.check(*node);
      for (const auto& item : node->items()) {
        scenario_.plugins.push_back(input_file(item.string()));
        try {
          load_plugin(scenario_.plugins.back());
        } catch (const InputError& error) {
          throw InputError(fmt::format("{}: {}: {}", item.file(), item.path(), error.what()));
        }
      }
    }
    const auto directory = std::filesystem::absolute(scenario_.file).parent_path();
    for (const auto& file : plugins_for_all_scenarios()) {
      const auto is_same = [&](const auto& other) { return is_same_plugin(file, other); };
      if (std::ranges::any_of(scenario_.plugins, is_same)) continue;
      // As the scenario would name it: results do not depend on where the command was given.
      scenario_.plugins.push_back(input_file(std::filesystem::absolute(file).lexically_proximate(directory).string()));
    }
  }

  // What another scenario's plug-in has brought is not this one's.
  void policies(const JsonNode& node) {
    scenario_.policies = read_policies(node);
    for (const PolicySpec& spec : scenario_.policies) {
      const auto file = plugin_of(*spec.policy);
      const auto is_its_own = [&](const auto& plugin) { return comes_from(*spec.policy, plugin); };
      if (!file.empty() && std::ranges::none_of(scenario_.plugins, is_its_own))
        node.at(spec.name).fail("a policy of headway or of this scenario's \"plugins\"",
                                fmt::format("{}, which is one of {}", spec.policy->name, file.string()));
    }
  }

  void layout(const JsonNode& node) {
    const LayoutKeys keys = layout_fields().read(node);
    scenario_.synthetic = keys.synthetic;
    for (const auto& file : keys.files) scenario_.layout_files.push_back(input_file(file));
  }

  void devices(const JsonNode& node) {
    for (const auto& item : node.items()) {
      const DeviceKeys keys = device_fields().read(item);
      DeviceSpec device{.drive = keys.drive, .queue = keys.queue, .max_sectors_kb = keys.max_sectors_kb};
      if (is_drive_file(device.drive)) input_file(device.drive);
      try {
        device.model = load_drive(device.drive, scenario_.file.parent_path());
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}: {}", item.file(), item.at("drive").path(), error.what()));
      }
      if (keys.count > UINT16_MAX - scenario_.devices.size())
        item.fail(fmt::format("at most {} drives in all", UINT16_MAX), "more");
      scenario_.devices.insert(scenario_.devices.end(), keys.count, device);
    }
  }

  void buses(const JsonNode& node) {
    for (const auto& item : node.items()) {
      BusSpec bus = bus_fields().read(item);
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

  void until() {
    if (!scenario_.until) return;
    const JsonNode node = root_.at("replicates").at("until");
    if (scenario_.policies.size() < 2) node.fail("two policies to compare", "one");
    if (const auto other = node.find("relative_to")) other->choice(spec_names());
    if (scenario_.until->relative_to.empty()) scenario_.until->relative_to = scenario_.baseline;
  }

  void expect(const JsonNode& node) {
    for (const auto& item : node.items()) {
      Expectation expectation = expectation_fields().read(item);
      expectation.path = item.path();
      check_names(item, names(), names());
      if (expectation.by_confidence && scenario_.replicates < 2)
        item.at("by").fail("\"replicates\" of at least 2 in the scenario", fmt::format("{}", scenario_.replicates));
      scenario_.expect.push_back(expectation);
    }
  }

  void published(const JsonNode& node) {
    for (const auto& item : node.items()) {
      Published published = published_fields().read(item);
      const auto& other = published.relative_to_scenario;
      check_names(item, names(), other ? names_of(item.at("relative_to_scenario"), *other) : names());
      if (published.range) file_beside(item.at("range").at("sweep"), published.range->sweep, "a sweep's file");
      scenario_.published.push_back(std::move(published));
    }
  }

  FigureNames names() const { return {spec_names(), workload_names()}; }

  // Of another scenario, which is read for its names alone.
  FigureNames names_of(const JsonNode& node, const std::string& name) const {
    const auto file = file_beside(node, name, "a scenario's file");
    if (file.lexically_normal() == scenario_.file.lexically_normal()) node.fail("another scenario's file", "itself");
    const JsonNode other = JsonNode::read_file(file);
    expect_document(other, document::scenario);
    FigureNames names;
    for (const auto& [policy, parameters] : other.at("policies").members()) names.policies.push_back(policy);
    for (const auto& workload : other.at("workload").items()) names.workloads.push_back(workload.at("name").string());
    return names;
  }

  // A file that decides nothing of the result.
  std::filesystem::path file_beside(const JsonNode& node, const std::string& name, std::string_view expected) const {
    const std::filesystem::path file = scenario_.file.parent_path() / name;
    if (const auto why = why_unreadable(file); !why.empty())
      node.fail(expected, fmt::format("{}: {}", file.string(), why));
    return file;
  }

  JsonNode root_;
  Scenario scenario_;
};

void check_devices(const Scenario& scenario, const Layout& layout) {
  const auto devices = layout.volume.devices();
  if (devices.size() != scenario.devices.size())
    throw InputError(scenario.called(), "/devices",
                     fmt::format("{} drives, as many as {} has devices", devices.size(), layout.source),
                     fmt::format("{}", scenario.devices.size()));
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const std::uint64_t holds = capacity_bytes(*scenario.devices[i].model);
    if (holds < devices[i].bytes)
      throw InputError(scenario.called(), "/devices",
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
  throw InputError(scenario.called(), path, fmt::format("a device of {}, which has{}", layout.source, present),
                   fmt::format("{}", devid));
}

void check_devids(const Scenario& scenario, const Layout& layout) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    if (const auto devid = scenario.faults[i]->devid)
      check_devid(scenario, layout, fmt::format("/faults/{}/device", i), *devid);
  }
  for (std::size_t i = 0; i < scenario.buses.size(); ++i) {
    for (const std::uint64_t devid : scenario.buses[i].devices)
      check_devid(scenario, layout, fmt::format("/buses/{}/devices", i), devid);
  }
}

// Blocks that cannot leave memory: the roots, and below them a path of each search at once.
std::uint64_t held_blocks(const Scenario& scenario, const Layout& layout) {
  const Forest& forest = layout.forest;
  std::set<BlockId> roots;
  for (const TreeRoot& tree : forest.trees) roots.insert(tree.root);
  std::uint64_t held = roots.size();
  for (const WorkloadSpec& spec : scenario.workload) {
    std::uint64_t levels = 0;
    for (const TreeRange& range : spec.plan->ranges(layout))
      levels = std::max<std::uint64_t>(levels, forest.level[forest.trees[*forest.find_tree(range.tree)].root]);
    held += levels * spec.plan->searches(layout.volume);
  }
  return held;
}

void check_cache(const Scenario& scenario, const Layout& layout) {
  if (scenario.memory_bytes == 0) return;
  const std::uint64_t node_bytes = layout.forest.node_bytes, blocks = scenario.memory_bytes / node_bytes;
  const std::string found = fmt::format("{}", scenario.memory_bytes);
  if (const std::uint64_t held = held_blocks(scenario, layout); blocks < held)
    throw InputError(scenario.called(), "/cache/bytes",
                     fmt::format("at least {} bytes, {} blocks of {}: the roots of its trees and a path of each search",
                                 held * node_bytes, held, layout.source),
                     found);
  if (const std::uint64_t rest = scenario.memory_bytes % node_bytes; rest > 0)
    throw InputError(scenario.called(), "/cache/bytes",
                     fmt::format("whole blocks of {} bytes, {} or {}", node_bytes, scenario.memory_bytes - rest,
                                 scenario.memory_bytes - rest + node_bytes),
                     found);
  const auto fits = static_cast<double>(blocks) / static_cast<double>(layout.forest.blocks());
  if (scenario.warm_fraction > fits)
    throw InputError(scenario.called(), "/cache/warm_fraction",
                     fmt::format("at most {:.3f}, the share of {}'s blocks that \"bytes\" has room for",
                                 std::floor(fits * 1000) / 1000, layout.source),
                     fmt::format("{}", scenario.warm_fraction));
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& set) {
  SetDocument read = set_in(JsonNode::read_file(file), set);
  Scenario scenario = read_scenario(read.document, file);
  scenario.set = std::move(read.set);
  scenario.sha256 = sha256_of_file(file);
  return scenario;
}

Scenario read_scenario(const JsonNode& json, const std::filesystem::path& file) { return Reader(json, file).read(); }

LayoutNeeds layout_needs(const Scenario& scenario) {
  LayoutNeeds needs;
  for (const WorkloadSpec& spec : scenario.workload) {
    needs.notes = needs.notes || spec.plan->needs_notes();
    needs.extents = needs.extents || spec.plan->needs_extents();
  }
  return needs;
}

std::vector<std::string> check_against_layout(const Scenario& scenario, const Layout& layout) {
  check_devices(scenario, layout);
  check_devids(scenario, layout);
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    std::vector<std::string> said;
    scenario.workload[i].plan->check({layout, scenario.called(), fmt::format("/workload/{}", i), said});
    for (const auto& sentence : said)
      notes.push_back(fmt::format("workload \"{}\": {}", scenario.workload[i].name, sentence));
  }
  check_cache(scenario, layout);
  return notes;
}

namespace {

// By the names that the scenario's author knows, whatever the file says that it was made from.
Layout load_layout_files(const Scenario& scenario, const LoadOptions& options) {
  std::string names;
  for (const auto& file : scenario.layout_files) {
    if (const auto why = why_unreadable(file); !why.empty())
      throw InputError(scenario.called(), "/layout/file", "a file that can be read",
                       fmt::format("{}: {}", file.string(), why));
    names += fmt::format("{}{}", names.empty() ? "" : " ", file.string());
  }
  Layout layout = load_layout(scenario.layout_files, options);
  layout.source = names;
  return layout;
}

}  // namespace

Layout load_scenario_layout(const Scenario& scenario, std::optional<std::uint64_t> seed) {
  LoadOptions options;
  const LayoutNeeds needs = layout_needs(scenario);
  options.notes = needs.notes;
  options.extents = needs.extents ? LoadOptions::Extents::at_hand : LoadOptions::Extents::none;
  Layout layout = scenario.synthetic ? grow_layout(*scenario.synthetic, seed.value_or(scenario.seed), options)
                                     : load_layout_files(scenario, options);
  for (auto& note : check_against_layout(scenario, layout)) layout.left_out.push_back(std::move(note));
  return layout;
}

}  // namespace headway
