// See simgrid_version.h.
#include "sim/engine/simgrid_version.h"

#include <fmt/format.h>
#include <simgrid/forward.h>  // which version.h does without saying
#include <simgrid/version.h>

namespace headway {

std::string simgrid_version() {
  int major = 0, minor = 0, patch = 0;
  sg_version_get(&major, &minor, &patch);
  return patch == 0 ? fmt::format("{}.{}", major, minor) : fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace headway
