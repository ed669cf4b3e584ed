// The layout that a run read, for whoever shows its results later.
#pragma once

#include <memory>
#include <string>

#include "models/layout/layout.h"

namespace headway {

// Of the scenario file that results name, with the hash that they give; null where that file is not there, or is
// another by now. Throws InputError for a layout that cannot be read.
std::shared_ptr<const Layout> layout_of_run(const std::string& scenario_file, const std::string& scenario_sha256);

}  // namespace headway
