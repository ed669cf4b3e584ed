// What the readahead's workers cost: a scenario's "cpu".
#pragma once

#include <cstdint>

#include "core/base/fields.h"

namespace headway {

struct CpuSpec {
  std::uint32_t workers = 0;  // 0: nothing costs CPU time
  double issue_us = 0;
  double hook_us = 0;
  double hook_us_per_item = 0;
};

// {"workers": 4, "issue_us": 2, "hook_us": 5, "hook_us_per_item": 0.02}
const Fields<CpuSpec>& cpu_fields();

}  // namespace headway
