#include "sim/sweep/sweep_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "sim/plugins/plugin.h"

namespace headway {

namespace {

// Names the cell in what is wrong with its scenario.
template <typename F>
auto in_cell(const SweepSpec& sweep, std::size_t cell, F&& work) {
  try {
    return work();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}: {}", sweep.file.string(), sweep.label(cell), error.what()));
  }
}

// What the layout is made of: the files, or the specification and, as a layout grows from it, the seed.
Json layout_identity(const Json& scenario, std::uint64_t seed) {
  const Json& layout = scenario.at("layout");
  return layout.contains("synthetic") ? Json{layout, seed} : Json{layout};
}

// A plug-in is part of what its own policies' runs are, and of no other's.
bool is_others_plugin(const std::filesystem::path& file, const Scenario& scenario, const PolicySpec& policy) {
  return std::ranges::find(scenario.plugins, file) != scenario.plugins.end() && !comes_from(*policy.policy, file);
}

// Numbers distinct texts in the order in which they come.
class Numbers {
 public:
  std::size_t of(const std::string& text) { return numbers_.try_emplace(text, numbers_.size()).first->second; }

 private:
  std::map<std::string, std::size_t> numbers_;
};

class Identities {
 public:
  Identities() : program_(sha256_of_file("/proc/self/exe")) {}

  // Before of(), so that what changes in between is seen.
  std::vector<FileStamp> stamps(const Scenario& scenario) {
    std::vector<FileStamp> all;
    for (const auto& file : scenario.input_files) all.push_back(stamps_.try_emplace(file, file).first->second);
    return all;
  }

  std::string of(const Json& json, const Scenario& scenario, const PolicySpec& policy, std::uint64_t seed) {
    Json seen = json;
    for (const char* key : {"$schema", "name", "description", "replicates", "baseline", "expect", "plugins"})
      seen.erase(key);
    seen["seed"] = seed;
    seen["policies"] = Json{{policy.name, json.at("policies").at(policy.name)}};
    Json files = Json::array();
    for (const auto& file : scenario.input_files) {
      if (!is_others_plugin(file, scenario, policy)) files.push_back(bytes_of(file));
    }
    return sha256_of(Json{{"program", program_}, {"scenario", seen}, {"files", files}}.dump());
  }

 private:
  const std::string& bytes_of(const std::filesystem::path& file) {
    auto [digest, is_new] = files_.try_emplace(file);
    if (is_new) digest->second = sha256_of_file(file);
    return digest->second;
  }

  std::string program_;
  std::map<std::filesystem::path, std::string> files_;
  std::map<std::filesystem::path, FileStamp> stamps_;
};

Scenario read_cell(const SweepSpec& sweep, std::size_t cell, const Json& json) {
  return in_cell(sweep, cell, [&] {
    Scenario scenario = read_scenario(JsonNode::parse(json.dump(), sweep.scenario_called), sweep.scenario_file);
    if (scenario.until)
      scenario.json->at("replicates").fail("a number: each run of a sweep is one for itself", "\"until\"");
    return scenario;
  });
}

}  // namespace

Scenario scenario_of(const SweepSpec& sweep, const SweepRun& run) {
  Scenario scenario = read_cell(sweep, run.cell, sweep.scenario_of(run.cell));
  scenario.seed = run.seed;
  return scenario;
}

const FileStamp* SweepRun::changed_input() const {
  const auto changed = std::ranges::find_if_not(*inputs, &FileStamp::still_holds);
  return changed == inputs->end() ? nullptr : &*changed;
}

std::vector<SweepRun> sweep_runs(const SweepSpec& sweep, ExperimentKeeper* keeper) {
  std::vector<SweepRun> runs;
  Identities identities;
  Numbers layouts;
  for (std::size_t cell = 0; cell < sweep.cells(); ++cell) {
    const Json json = sweep.scenario_of(cell);
    const Scenario scenario = read_cell(sweep, cell, json);
    if (keeper != nullptr) in_cell(sweep, cell, [&] { keeper->add(scenario); });
    const auto inputs = std::make_shared<const std::vector<FileStamp>>(identities.stamps(scenario));
    for (std::uint64_t seed = scenario.seed; seed < scenario.seed + scenario.replicates; ++seed) {
      const LayoutNeeds needs = layout_needs(scenario);
      const std::size_t layout = layouts.of(Json{layout_identity(json, seed), needs.notes, needs.extents}.dump());
      for (const auto& policy : scenario.policies) {
        in_cell(sweep, cell, [&] {
          runs.push_back({cell, policy.name, seed, identities.of(json, scenario, policy, seed), layout, needs, inputs});
        });
      }
    }
  }
  return runs;
}

std::shared_ptr<const Layout> LayoutShelf::get(std::size_t number, const Scenario& scenario) {
  if (const auto found = shelf_.find(number); found != shelf_.end()) return found->second;
  auto layout = std::make_shared<const Layout>(load_scenario_layout(scenario));
  blocks_ += layout->forest.blocks();
  while (blocks_ > max_blocks && !order_.empty()) {
    const auto oldest = shelf_.find(order_.front());
    blocks_ -= oldest->second->forest.blocks();
    shelf_.erase(oldest);
    order_.erase(order_.begin());
  }
  order_.push_back(number);
  return shelf_[number] = std::move(layout);
}

std::set<std::string> check_layouts(const SweepSpec& sweep, std::span<const SweepRun> runs, LayoutShelf& shelf) {
  // A run a cell; seeds of a grown layout together.
  std::map<std::pair<std::string, LayoutNeeds>, std::vector<const SweepRun*>> by_layout;
  std::size_t last = SIZE_MAX;
  for (const auto& run : runs) {
    if (run.cell != std::exchange(last, run.cell))
      by_layout[{sweep.scenario_of(run.cell).at("layout").dump(), run.layout_needs}].push_back(&run);
  }
  std::set<std::string> notes;
  for (const auto& [read, cells] : by_layout) {
    std::shared_ptr<const Layout> layout;
    for (const auto* run : cells) {
      const Scenario scenario = scenario_of(sweep, *run);
      in_cell(sweep, run->cell, [&] {
        if (!layout) layout = shelf.get(run->layout, scenario);
        notes.insert(layout->left_out.begin(), layout->left_out.end());
        for (auto& note : check_against_layout(scenario, *layout)) notes.insert(std::move(note));
      });
    }
  }
  return notes;
}

}  // namespace headway
