// Values for a policy's parameters, drawn for a case, such as bring out what it does on small layouts.
#pragma once

#include "core/base/testing/dice.h"
#include "core/strategy.h"

namespace headway {

Parameters random_values(const Policy& policy, testing::Dice dice);

// Whether it is one of headway's own that go by the readahead engine of btrfs, which refuses some profiles and leaves
// branches out on purpose.
bool of_reada_family(const Policy& policy);

}  // namespace headway
