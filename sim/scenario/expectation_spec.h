// What a scenario says must come out: an entry of its "expect".
#pragma once

#include <optional>
#include <string>

#include "core/base/fields.h"
#include "results/files/figure.h"

namespace headway {

// The bounds are the figure's; by confidence they are those of its whole interval over the replicates.
struct Expectation {
  std::string path;  // in the scenario file
  Figure figure;
  std::optional<double> least;
  std::optional<double> most;
  bool by_confidence = false;
};

// {"metric": "elapsed_s", "policy": "reada-2011", "relative_to": "walk", "max": 0.5}
const Fields<Expectation>& expectation_fields();

}  // namespace headway
