// What `headway --version` says: of the program, of the engine that it has loaded, and of the files that it reads and
// writes. A fact a line, the program's first.
#pragma once

#include <string>

namespace headway {

std::string versions();

}  // namespace headway
