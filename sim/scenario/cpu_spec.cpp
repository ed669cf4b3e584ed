#include "sim/scenario/cpu_spec.h"

namespace headway {

const Fields<CpuSpec>& cpu_fields() {
  const auto time = json::not_negative("microseconds", 1e6);  // a second: the work of no block takes longer
  static const auto all =
      Fields<CpuSpec>()
          .required("workers", &CpuSpec::workers, json::whole(1, 4096, "workers"),
                    "They look through blocks that have arrived and start reads.")
          .optional("issue_us", &CpuSpec::issue_us, time, "To start a read.")
          .optional("hook_us", &CpuSpec::hook_us, time, "To look through a block.")
          .optional("hook_us_per_item", &CpuSpec::hook_us_per_item, time, "The same, for each of its pointers.");
  return all;
}

}  // namespace headway
