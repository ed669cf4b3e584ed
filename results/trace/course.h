// Metrics over time as they are shown: one rule for the printed figures and for the report, so that both show the same.
//
// Windows are averaged until a step is wide enough for the eye to follow. Where one run takes many times as long as
// another, the axis of time is logarithmic: on a linear one the fast run would be a stroke at its left end.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "results/trace/intervals.h"

namespace headway {

struct TimeAxis {
  bool logarithmic = false;
  double low_s = 0, high_s = 1;

  double place(double t) const;  // from 0 to 1
};

// For all runs that are shown together.
TimeAxis time_axis(std::span<const Intervals> runs);

// What is shown of a window: something that is an average over it, as a rate is.
using Shown = double (*)(const MetricValues& window);
double shown_throughput(const MetricValues& window);  // bytes/s
double shown_seeks(const MetricValues& window);       // a second
double shown_in_flight(const MetricValues& window);   // reads

// Its course as steps: from each point's time on its value holds until the next one's. Ends with the run, at zero.
std::vector<std::pair<double, double>> course_of(const Intervals& run, const TimeAxis& axis, Shown shown);

}  // namespace headway
