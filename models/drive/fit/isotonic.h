// Isotonic regression: of all sequences that never fall, the one nearest to given values by weighted squares.
#pragma once

#include <vector>

namespace headway::fit {

// By pooling adjacent violators (R. Barlow and others, "Statistical Inference under Order Restrictions", 1972): in
// O(n). `weights`: one per value, above 0.
std::vector<double> rising(const std::vector<double>& values, const std::vector<double>& weights);

}  // namespace headway::fit
