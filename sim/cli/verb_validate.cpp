// headway validate: checks scenarios as a run would, and runs nothing.
#include <fmt/format.h>

#include "core/base/letters.h"
#include "sim/cli/plugin_option.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/scenario.h"

namespace headway {

void add_validate_verb(Verb& app) {
  Verb verb = app.verb("validate", "Check scenarios, with the layouts and drives that they name");
  struct Words {
    std::vector<std::string> files, set;
  };
  auto words = std::make_shared<Words>();
  verb.option("SCENARIO", words->files, "scenario files").required();
  add_set_option(verb, words->set);
  const PluginOption plugins(verb);
  verb.run([words, plugins] {
    plugins.load();
    for (const auto& file : words->files) {
      const Scenario scenario = read_scenario(file, words->set);
      const Layout layout = load_scenario_layout(scenario);
      const std::size_t published = scenario.published.size();
      fmt::print("{}: sound; {} policies, {} devices, {} blocks{}\n", printable(file), scenario.policies.size(),
                 layout.volume.devices().size(), layout.forest.blocks(),
                 published == 0 ? "" : fmt::format(", {} published figure{}", published, published == 1 ? "" : "s"));
    }
  });
}

}  // namespace headway
