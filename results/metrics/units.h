// Units for people: a metric's values in seconds, bytes and rates that are neither 0.000021 nor 123456789. The figures
// themselves are number_text.h's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/number_text.h"
#include "results/metrics/metric.h"
#include "results/metrics/statistics.h"

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

// How far an interval reaches to its farther side; 0 where there is none.
double half_interval(const Estimate& estimate);

// Values of one metric that stand below each other.
struct FigureColumn {
  std::string unit;  // of all; empty where the metric has none, or each cell names its own
  std::vector<std::string> cells;
};
FigureColumn figure_column(MetricId id, std::span<const Estimate> values);
// One value with its unit: "2.23 s".
std::string value_text(MetricId id, double value);

}  // namespace headway
