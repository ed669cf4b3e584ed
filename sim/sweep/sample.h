// Random values for a sweep's axes: the same for the same seed, on every machine.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

enum class DistributionKind : std::uint8_t { uniform, log_uniform, integer, choice };

struct Distribution {
  DistributionKind kind = DistributionKind::uniform;
  double low = 0, high = 1;  // uniform: [low, high); integer: both may come
  std::vector<Json> values;  // choice
};

Distribution read_distribution(const JsonNode& node);

// A row a sample, a value a distribution. Numbers that are no integers have nine significant digits: enough for any
// experiment, and beyond what mathematical libraries disagree on.
std::vector<std::vector<Json>> draw_samples(const std::vector<Distribution>& distributions, std::uint64_t samples,
                                            std::uint64_t seed);

}  // namespace headway
