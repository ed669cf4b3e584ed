// See courses_json.h.
#include "results/report/courses_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace headway {

namespace {

constexpr std::size_t steps = 160;  // of a mean's course
constexpr double mib = 1024.0 * 1024;

double shown_busy(const MetricValues& window) { return window[MetricId::busy_fraction]; }

constexpr std::array<NamedCourse, 4> courses = {{
    {"throughput", shown_throughput, mib, "Throughput", "MiB/s"},
    {"in_flight", shown_in_flight, 1, "In flight", "reads"},
    {"seeks", shown_seeks, 1, "Seeks", "seeks/s"},
    {"busy", shown_busy, 0.01, "Drives busy", "%"},
}};

using Course = std::vector<std::pair<double, double>>;

double edge(const TimeAxis& axis, std::size_t step) {
  const double share = static_cast<double>(step) / steps;
  if (!axis.logarithmic) return axis.high_s * share;
  return axis.low_s * std::pow(axis.high_s / axis.low_s, share);
}

// The mean of each step of the axis; zero once the course is over.
std::array<double, steps> in_steps(const Course& course, const TimeAxis& axis) {
  std::array<double, steps> values{};
  std::size_t at = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    const double from = edge(axis, step), to = edge(axis, step + 1);
    double sum = 0;
    while (at + 1 < course.size() && course[at + 1].first <= from) ++at;
    for (std::size_t k = at; k < course.size() && course[k].first < to; ++k) {
      const double end = k + 1 < course.size() ? std::min(course[k + 1].first, to) : to;
      sum += course[k].second * std::max(0.0, end - std::max(course[k].first, from));
    }
    values[step] = to > from ? sum / (to - from) : 0;
  }
  return values;
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

}  // namespace

std::span<const NamedCourse> named_courses() { return courses; }

Json course_as_json(const Intervals& run, const TimeAxis& axis) {
  Json json;
  for (const NamedCourse& each : courses) {
    Json starts = Json::array(), values = Json::array();
    for (const auto& [start_s, value] : course_of(run, axis, each.shown)) {
      starts.push_back(start_s);
      values.push_back(number(value / each.unit));
    }
    json["start_s"] = std::move(starts);
    json[std::string(each.name)] = std::move(values);
  }
  return json;
}

Json mean_course_as_json(std::span<const Intervals* const> runs, const TimeAxis& axis, Looks looks) {
  Json json;
  double end_s = 0;
  for (const Intervals* run : runs) end_s = std::max(end_s, run->end_s);
  std::size_t last = 0;  // of the steps: that in which the longest run ends
  for (; last < steps && (last == 0 || edge(axis, last) < end_s); ++last) json["start_s"].push_back(edge(axis, last));
  json["start_s"].push_back(end_s);
  for (const NamedCourse& each : courses) {
    std::vector<std::array<double, steps>> all;
    for (const Intervals* run : runs) all.push_back(in_steps(course_of(*run, axis, each.shown), axis));
    Json mean = Json::array(), low = Json::array(), high = Json::array();
    for (std::size_t step = 0; step < last; ++step) {
      std::vector<double> values;
      for (const auto& one : all) {
        if (std::isfinite(one[step])) values.push_back(one[step] / each.unit);
      }
      const Estimate here = estimate(values, looks);
      mean.push_back(number(here.mean));
      low.push_back(number(here.low));
      high.push_back(number(here.high));
    }
    for (Json* values : {&mean, &low, &high}) values->push_back(0);  // then it is over
    json[std::string(each.name)] = std::move(mean);
    json[fmt::format("{}_low", each.name)] = std::move(low);
    json[fmt::format("{}_high", each.name)] = std::move(high);
  }
  return json;
}

}  // namespace headway
