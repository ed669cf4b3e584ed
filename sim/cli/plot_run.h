// Runs that are to be drawn, with the layouts that they read.
#pragma once

#include <filesystem>
#include <vector>

#include "plots/figure.h"

namespace headway {

// For kinds that use layouts: gives each run the one beside its results, or `given`; says of each that is not there what
// the figure lacks. Throws InputError.
void attach_layouts(std::vector<PlottedRun>& runs, const std::vector<std::filesystem::path>& given);

}  // namespace headway
