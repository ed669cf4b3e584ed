// Units for people: a metric's values in seconds, bytes and rates that are neither 0.000021 nor 123456789.
#pragma once

#include <string>
#include <string_view>

#include "results/metrics/metric.h"

namespace headway {

struct DisplayUnit {
  double size = 1;  // divide by it
  std::string_view name;
};

// The unit in which values of the metric up to `largest` read best: one for all that are shown together.
DisplayUnit display_unit(MetricId id, double largest);

// What an axis of the metric says: "latency p95 (ms)" for latency_s_p95 in milliseconds. The name's own unit goes,
// since `unit` stands in its place; none where that is empty.
std::string axis_title(MetricId id, std::string_view unit);

// Three to four figures, thousands apart by commas; "-" for NaN.
std::string figure_text(double value, bool whole);

}  // namespace headway
