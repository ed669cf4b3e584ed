// See plot_run.h.
#include "sim/cli/plot_run.h"

#include <map>
#include <memory>

#include "sim/cli/output.h"
#include "sim/scenario/layout_of_run.h"

namespace headway {

namespace {

// The two parts of a layout that figures know; each keeps the whole alive.
std::shared_ptr<const PlottedLayout> plotted(const std::shared_ptr<const Layout>& layout) {
  return std::make_shared<PlottedLayout>(PlottedLayout{{layout, &layout->volume}, {layout, &layout->forest}});
}

}  // namespace

void attach_layouts(std::vector<PlottedRun>& runs, const std::vector<std::filesystem::path>& given) {
  const auto same = given.empty() ? nullptr : std::make_shared<const Layout>(load_layout(given));
  LayoutsOfRuns layouts;
  std::map<std::shared_ptr<const Layout>, std::shared_ptr<const PlottedLayout>> drawn;
  for (PlottedRun& run : runs) {
    std::string why;
    const LayoutPlace place{run.kept_layout, run.scenario_file, run.scenario_sha256};
    const auto layout = same ? same : layouts.of(place, run.result, why);
    if (!why.empty()) say_note(why + ": drawn without what the layout would show (--layout FILE names one)");
    if (!layout) continue;
    if (same) hold_devices(*same, run.result, given[0].string());
    std::shared_ptr<const PlottedLayout>& shown = drawn[layout];
    if (!shown) shown = plotted(layout);
    run.layout = shown;
  }
}

}  // namespace headway
