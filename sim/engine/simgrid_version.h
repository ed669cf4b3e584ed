// The version of SimGrid that the program runs on.
#pragma once

#include <string>

namespace headway {

std::string simgrid_version();  // "3.32"; a third number where it is not 0

}  // namespace headway
