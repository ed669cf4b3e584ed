// What `headway layout info` prints: a layout for the eyes, in at most 100 columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/layout/layout.h"

namespace headway {

// Devices, chunks, trees with their disorder, and the histogram of jumps of one tree: `tree`, or the largest.
// Precondition: `tree` is in the layout.
std::string layout_info(const Layout& layout, std::optional<std::uint64_t> tree);

}  // namespace headway
