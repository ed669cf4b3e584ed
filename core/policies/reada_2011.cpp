// reada-2011: the engine as the patch of 2011-06-29 has it (../reada/engine.h tells what it does).
//
// Constants: MAX_IN_FLIGHT 6, MAX_MIRRORS 2, 10,000 starts a work, two re-queues. Each is a parameter, so that the
// seed's open questions can be measured one at a time.
#include "core/reada/engine.h"

namespace headway {

extern const Policy policy_reada_2011;
const Policy policy_reada_2011{
    .name = "reada-2011",
    .sentence = "btrfs readahead: each device sweeps its zones upwards, mirrors keep out of each other's way.",
    .source = "Jansen, btrfs: initial readahead code and prototypes, v4 (2011-06-29)",
    .parameters = reada::declare(reada::Settings{}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<reada::Engine>(context, reada::settings_from(values, reada::Settings{}));
    }};

}  // namespace headway
