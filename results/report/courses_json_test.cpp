#include "results/report/courses_json.h"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

using namespace headway;

namespace {

// Windows of a second with so many MiB/s each.
Intervals steady(std::size_t windows, double mib_per_s) {
  Intervals intervals{.window_s = 1, .end_s = static_cast<double>(windows), .devids = {}, .run = {}, .devices = {}};
  MetricValues window;
  for (const Metric& each : metrics()) window[each.id] = 0;
  window[MetricId::elapsed_s] = 1;
  window[MetricId::throughput_bytes_per_s] = mib_per_s * 1024 * 1024;
  intervals.run.assign(windows, window);
  return intervals;
}

}  // namespace

TEST_CASE("the mean course of seeds has an interval, and a run that is over counts as zero") {
  const Intervals slow = steady(8, 10), fast = steady(4, 20);
  const std::array both{slow, fast};
  const std::array<const Intervals*, 2> runs{&slow, &fast};
  const Json json = mean_course_as_json(runs, time_axis(both), Looks::once);
  const Json& mean = json["throughput"];
  CHECK(mean.front() == doctest::Approx(15));
  CHECK(json["throughput_low"].front() < 15.0);
  CHECK(json["throughput_high"].front() > 15.0);
  CHECK(mean[mean.size() - 2] == doctest::Approx(5));
  CHECK(mean.back() == 0);
  CHECK(json["start_s"].back() == 8.0);
  CHECK(json["start_s"].size() == mean.size());
}

TEST_CASE("the course of policies that are done early ends there, on an axis that goes on") {
  const Intervals slow = steady(100, 1), fast = steady(2, 50);
  const std::array all{slow, fast};
  const std::array<const Intervals*, 2> runs{&fast, &fast};
  const Json json = mean_course_as_json(runs, time_axis(all), Looks::once);
  CHECK(json["start_s"].back() == 2.0);
  CHECK(json["throughput"].front() == doctest::Approx(50));
  CHECK(json["throughput_low"].front() == doctest::Approx(50));
}
