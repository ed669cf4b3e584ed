// See layout_of_run.h.
#include "sim/scenario/layout_of_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "sim/scenario/scenario.h"

namespace headway {

namespace {

std::shared_ptr<const Layout> kept(const std::filesystem::path& file) {
  LoadOptions options;
  options.notes = false;
  options.extents = LoadOptions::Extents::none;
  return std::make_shared<Layout>(load_layout(file, options));
}

std::shared_ptr<const Layout> of_scenario(const LayoutPlace& place, std::uint64_t seed) {
  if (!std::filesystem::exists(place.scenario_file)) return nullptr;
  const Scenario scenario = read_scenario(place.scenario_file);
  if (scenario.sha256 != place.scenario_sha256) return nullptr;
  return std::make_shared<Layout>(load_scenario_layout(scenario, seed));
}

}  // namespace

std::shared_ptr<const Layout> LayoutsOfRuns::of(const LayoutPlace& place, const RunResult& run, std::string& why) {
  const bool is_kept = !place.kept.empty();
  const std::string file = is_kept ? place.kept.string() : place.scenario_file;
  const auto [entry, is_new] = by_place_.try_emplace(is_kept ? file : fmt::format("{} {}", file, run.seed));
  std::shared_ptr<const Layout>& layout = entry->second;
  if (is_new && is_kept && std::filesystem::exists(place.kept)) {
    std::shared_ptr<const Layout>& same = by_digest_[sha256_of_file(place.kept)];
    if (!same) same = kept(place.kept);
    layout = same;
  } else if (is_new && !is_kept) {
    layout = of_scenario(place, run.seed);
  }
  if (is_new && !layout)
    why = is_kept ? fmt::format("{}, which the run left beside its traces, is not there", file)
                  : fmt::format("the scenario {} is not there as it ran", file);
  if (layout) hold_devices(*layout, run, file);
  return layout;
}

void hold_devices(const Layout& layout, const RunResult& run, const std::string& file) {
  if (run.devices.empty()) return;
  if (!std::ranges::equal(layout.volume.devices(), run.devices, {}, &Device::devid, &DeviceResult::devid))
    throw InputError(file, "devices", fmt::format("those of the run \"{}\"", run.policy), "others");
}

}  // namespace headway
