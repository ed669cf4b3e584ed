// From a drive's parameter file to its model.
#pragma once

#include "core/base/json_node.h"
#include "models/drive/drive_model.h"

namespace headway {

// Reads and checks a whole parameter file. Throws InputError.
DriveModel read_drive(const JsonNode& node);

// The kinds, each in its own file. Keys that belong to every kind are allowed and left alone.
MechanicalModel read_mechanical(const JsonNode& node);
SolidStateModel read_solid_state(const JsonNode& node);
ConstantModel read_constant(const JsonNode& node);

// The keys that every kind has, followed by `own`.
std::vector<std::string> with_common_keys(std::vector<std::string> own);

}  // namespace headway
