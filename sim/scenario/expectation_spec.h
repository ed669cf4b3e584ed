// What a scenario says must come out: an entry of its "expect".
#pragma once

#include <optional>
#include <string>

#include "core/base/fields.h"
#include "results/metrics/metric.h"

namespace headway {

// Without `relative_to` the bounds are the metric's; with it they are those of the ratio to that policy's value; by
// confidence they are those of the whole interval over the replicates.
struct Expectation {
  std::string path;  // in the scenario file
  MetricId metric = MetricId::elapsed_s;
  std::string policy;
  std::optional<std::string> workload;  // whose metric it is; the run's without
  std::optional<std::string> relative_to;
  std::optional<double> least;
  std::optional<double> most;
  bool by_confidence = false;
};

// {"metric": "elapsed_s", "policy": "reada-2011", "relative_to": "walk", "max": 0.5}
const Fields<Expectation>& expectation_fields();

}  // namespace headway
