// The files of models/drive/library/, part of the program: CMake writes the table at build time.
#pragma once

#include <span>
#include <string_view>

namespace headway {

struct EmbeddedDrive {
  std::string_view name;  // the file's, without .json
  std::string_view text;
};

std::span<const EmbeddedDrive> embedded_drives();

}  // namespace headway
