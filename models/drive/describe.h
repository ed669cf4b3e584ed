// Drives in words and figures, for the terminal.
#pragma once

#include <memory>
#include <string>

#include "models/drive/drive_model.h"

namespace headway {

// Two lines a drive: name, capacity, turns, mean seek, sequential rate, what its figures are held to; what it is.
std::string list_drives();

// One drive: its parameters with their origins, its seek curve drawn with characters, its main figures found by
// running it, and what others say of them beside.
std::string describe_drive(std::shared_ptr<const DriveModel> model);

// Every figure that a data sheet of the library's drives states or that others measured ("measured") beside ours:
// drive, figure, stated, ours, distance, whose figure. `within` becomes false when one that is the maker's is missed by
// more than 5 %.
std::string validation_table(bool& within);

}  // namespace headway
