// See plugin_option.h.
#include "sim/cli/plugin_option.h"

#include "sim/plugins/plugin.h"

namespace headway {

PluginOption::PluginOption(Verb& verb) : files_(std::make_shared<std::vector<std::filesystem::path>>()) {
  verb.option("--plugin", *files_,
              "policies of your own, a shared object or a file in Python (*.py), besides those that the scenario "
              "names; may be given several times");
}

void PluginOption::load() const { load_for_all_scenarios(*files_); }

}  // namespace headway
