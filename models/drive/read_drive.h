// From a drive's parameter file to its model.
#pragma once

#include <string>

#include "core/base/json_node.h"
#include "core/base/shape.h"
#include "models/drive/drive_model.h"

namespace headway {

// Reads and checks a whole parameter file. Throws InputError.
DriveModel read_drive(const JsonNode& node);
// The parameter file that it was read from, every default filled in.
Json drive_in_full(const DriveModel& drive);

// What such a file may hold, all kinds; and the same as a JSON Schema, which models/drive/drive.schema.json is.
Shape drive_shape();
std::string drive_schema();

}  // namespace headway
