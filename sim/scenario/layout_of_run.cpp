// See layout_of_run.h.
#include "sim/scenario/layout_of_run.h"

#include <filesystem>

#include "sim/scenario/scenario.h"

namespace headway {

std::shared_ptr<const Layout> layout_of_run(const std::string& scenario_file, const std::string& scenario_sha256,
                                            std::optional<std::uint64_t> seed) {
  if (!std::filesystem::exists(scenario_file)) return nullptr;
  const Scenario scenario = read_scenario(scenario_file);
  if (scenario.sha256 != scenario_sha256) return nullptr;
  return std::make_shared<Layout>(load_scenario_layout(scenario, seed));
}

}  // namespace headway
