// What a log told, as a drive's parameter file (drive.schema.json), each parameter with its origin and uncertainty.
#pragma once

#include <cstdint>

#include "core/base/json_node.h"
#include "models/drive/fit/fit.h"

namespace headway::fit {

// `write_segments`: that the write-back cache has, where there is one.
Json drive_file(const Findings& found, const FitOptions& options, const std::string& log, std::uint32_t write_segments);

}  // namespace headway::fit
