// The layouts that runs read, for whoever shows their results later.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "models/layout/layout.h"
#include "results/files/results_file.h"

namespace headway {

// Where to look for it.
struct LayoutPlace {
  std::filesystem::path kept;  // beside the results; empty for those of a headway that kept none: then
  std::string scenario_file, scenario_sha256;  // of this scenario, while it is the one that ran
};

// Each is read once, and runs of the same bytes share one, whichever results they are of.
class LayoutsOfRuns {
 public:
  // Null where it is not there; then, the first time, with the reason in `why`, for people. Throws InputError for one
  // that cannot be read or that is not of the run's devices.
  std::shared_ptr<const Layout> of(const LayoutPlace& place, const RunResult& run, std::string& why);

 private:
  std::map<std::string, std::shared_ptr<const Layout>> by_place_, by_digest_;
};

// Throws InputError that names `file`, the layout's, unless it has the devices that the run had.
void hold_devices(const Layout& layout, const RunResult& run, const std::string& file);

}  // namespace headway
