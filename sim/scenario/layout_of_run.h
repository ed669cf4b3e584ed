// The layout that a run read, for whoever shows its results later.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/layout/layout.h"

namespace headway {

// Of the scenario file that results name, with the hash that they give; null where that file is not there, or is
// another by now. Grown from the scenario's seed, unless the run had another. Throws InputError for a layout that
// cannot be read.
std::shared_ptr<const Layout> layout_of_run(const std::string& scenario_file, const std::string& scenario_sha256,
                                            std::optional<std::uint64_t> seed = {});

}  // namespace headway
