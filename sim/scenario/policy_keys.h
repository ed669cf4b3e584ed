// The policies that a scenario compares, and their parameters: its "policies".
#pragma once

#include <vector>

#include "core/base/shape.h"
#include "sim/driver/policy_spec.h"

namespace headway {

// {"walk": {}, "reada-2011": {"max_in_flight": 8}, "no-peer-lock": {"strategy": "reada-2011", "peer_lock": false}}
Shape policies_shape();
// Throws InputError.
std::vector<PolicySpec> read_policies(const JsonNode& node);

}  // namespace headway
