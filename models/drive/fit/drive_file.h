// What a log told, as a drive's parameter file (drive.schema.json), each parameter with its origin and uncertainty.
#pragma once

#include <string>

#include "core/base/json_node.h"
#include "models/drive/fit/fit.h"

namespace headway::fit {

// `log`: its name.
Json drive_file(const Findings& found, const FitOptions& options, const std::string& log);

}  // namespace headway::fit
