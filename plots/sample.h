// The values of one thing over several seeds: their mean, and the 95 % interval of it.
#pragma once

#include <string>
#include <vector>

#include "results/metrics/statistics.h"

namespace headway {

struct Sample {
  std::string label;
  std::vector<double> values;
  Looks looks = Looks::once;

  double mean() const;
  double half_interval() const;  // half of its width; 0 for one value
};

}  // namespace headway
