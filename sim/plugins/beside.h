// What is headway's own, and lies beside the program.
#pragma once

#include <filesystem>
#include <string_view>

namespace headway {

// A shared object of ours, beside the program as it is built or where it is installed; not there: where it should be.
std::filesystem::path beside_program(std::string_view name);

}  // namespace headway
