// Random values for a sweep's axes: the same for the same seed, on every machine. sample.cpp has the kinds.
#pragma once

#include <boost/random/mersenne_twister.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/shape.h"

namespace headway {

using SampleGenerator = boost::random::mt19937_64;
using Distribution = std::function<Json(SampleGenerator&)>;

Shape distribution_shape();
// Throws InputError.
Distribution read_distribution(const JsonNode& node);

// A row a sample, a value a distribution. Numbers that are no integers have nine significant digits: enough for any
// experiment, and beyond what mathematical libraries disagree on.
std::vector<std::vector<Json>> draw_samples(const std::vector<Distribution>& distributions, std::uint64_t samples,
                                            std::uint64_t seed);

}  // namespace headway
