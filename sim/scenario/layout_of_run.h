// The layout that a run read, for whoever shows its results later.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "models/layout/layout.h"

namespace headway {

// Where to look for it.
struct LayoutPlace {
  std::filesystem::path kept;  // beside the results; empty for those of a headway that kept none: then
  std::string scenario_file, scenario_sha256;  // of this scenario, while it is the one that ran
};

// Null where it is not there, with the reason in `why`, for people. Throws InputError for one that cannot be read.
std::shared_ptr<const Layout> layout_of_run(const LayoutPlace& place, std::uint64_t seed, std::string& why);

}  // namespace headway
