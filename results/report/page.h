// The report's page as built from src/ when Node was there; empty otherwise.
#pragma once

#include <string_view>

namespace headway {

std::string_view report_page();

}  // namespace headway
