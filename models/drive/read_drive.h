// From a drive's parameter file to its model.
#pragma once

#include "core/base/json_node.h"
#include "models/drive/drive_model.h"

namespace headway {

// Reads and checks a whole parameter file. Throws InputError.
DriveModel read_drive(const JsonNode& node);

// The keys that every kind has, followed by `own`.
std::vector<std::string> with_common_keys(std::vector<std::string> own);

}  // namespace headway
