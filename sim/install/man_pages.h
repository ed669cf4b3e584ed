// The manual: headway.1 and a page a verb, in the macros of man(7).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/install/command.h"

namespace headway {

struct ManPage {
  std::string file;  // headway-layout.1
  std::string text;
};

// `version` as it stands at the foot of each page.
std::vector<ManPage> man_pages(const Command& program, std::string_view version);

}  // namespace headway
