// Whether a policy from outside is declared as scenarios, help and schema need it.
#pragma once

#include <string>

#include "core/plugin.h"

namespace headway {

// What is wrong first, as the "found" half of an error; empty where nothing is. Names are held against those of
// policies(), and against each other.
std::string wrong_declaration(const PluginContents& contents);

}  // namespace headway
