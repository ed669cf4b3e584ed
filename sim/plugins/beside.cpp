// See beside.h.
#include "sim/plugins/beside.h"

#include "sim/cli/version.h"

namespace headway {

namespace fs = std::filesystem;

fs::path beside_program(std::string_view name) {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path installed = (here / private_libraries()).lexically_normal() / name;
  return fs::exists(installed) ? installed : here / name;
}

}  // namespace headway
