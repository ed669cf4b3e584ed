// See layout_of_run.h.
#include "sim/scenario/layout_of_run.h"

#include <fmt/format.h>

#include "sim/scenario/scenario.h"

namespace headway {

std::shared_ptr<const Layout> layout_of_run(const LayoutPlace& place, std::uint64_t seed, std::string& why) {
  if (!place.kept.empty()) {
    LoadOptions options;
    options.notes = false;
    if (std::filesystem::exists(place.kept)) return std::make_shared<Layout>(load_layout(place.kept, options));
    why = fmt::format("{}, which the run left beside its traces, is not there", place.kept.string());
    return nullptr;
  }
  if (std::filesystem::exists(place.scenario_file)) {
    const Scenario scenario = read_scenario(place.scenario_file);
    if (scenario.sha256 == place.scenario_sha256)
      return std::make_shared<Layout>(load_scenario_layout(scenario, seed));
  }
  why = fmt::format("the scenario {} is not there as it ran", place.scenario_file);
  return nullptr;
}

}  // namespace headway
