#include "results/trace/course.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/base/testing/approx.h"

using namespace headway;
using enum MetricId;

namespace {

// `windows` of one length, each with as many bytes as its number, the last one half as long.
Intervals intervals(std::size_t windows, double window_s) {
  Intervals all;
  all.window_s = window_s;
  all.end_s = (static_cast<double>(windows) - 0.5) * window_s;
  for (std::size_t w = 0; w < windows; ++w) {
    const double length_s = w + 1 < windows ? window_s : window_s / 2;
    MetricValues values;
    values[elapsed_s] = length_s;
    values[throughput_bytes_per_s] = static_cast<double>(w) / length_s;
    values[seeks] = static_cast<double>(w);
    values[in_flight_mean] = 2;
    all.run.push_back(values);
  }
  return all;
}

}  // namespace

TEST_CASE("the course of a rate has the run's sum, in steps of a hundredth of the axis or more") {
  const std::vector<Intervals> runs = {intervals(400, 0.01), intervals(60, 0.01)};
  const TimeAxis axis = time_axis(runs);
  CHECK_FALSE(axis.logarithmic);
  CHECK(axis.high_s == runs[0].end_s);
  for (const Intervals& run : runs) {
    const auto course = course_of(run, axis, shown_throughput);
    double bytes = 0, all = 0;
    for (std::size_t i = 0; i + 1 < course.size(); ++i) {
      const double length_s = course[i + 1].first - course[i].first;
      bytes += course[i].second * length_s;
      if (i + 3 < course.size()) CHECK(length_s >= 0.01 * axis.high_s * (1 - 1e-9));
    }
    for (std::size_t w = 0; w < run.windows(); ++w) all += static_cast<double>(w);
    CHECK(bytes == testing::approx(all));
    CHECK(course.back() == std::pair(run.end_s, 0.0));
    CHECK(course_of(run, axis, shown_in_flight)[0].second == testing::approx(2));
    CHECK(course_of(run, axis, shown_seeks)[1].second == testing::approx(course[1].second));
  }
}

TEST_CASE("runs of very different lengths have a logarithmic axis, and those without time none") {
  const TimeAxis axis = time_axis(std::vector{intervals(100, 1), intervals(100, 0.01)});
  CHECK(axis.logarithmic);
  CHECK(axis.place(axis.low_s) == 0);
  CHECK(axis.place(0) == 0);
  CHECK(axis.place(axis.high_s) == testing::approx(1));
  CHECK(course_of(intervals(100, 1), axis, shown_seeks)[0].first == axis.low_s);
  CHECK_FALSE(time_axis(std::vector<Intervals>{}).logarithmic);
  CHECK(course_of(Intervals{}, TimeAxis{}, shown_seeks).empty());
}
