// Metrics over time for the page: a run's course, and over several seeds their mean with its interval.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/json_node.h"
#include "results/metrics/statistics.h"
#include "results/trace/course.h"

namespace headway {

struct NamedCourse {
  std::string_view name;  // the key in the page
  Shown shown;
  double unit;  // to divide by
  std::string_view title, unit_name;
};
std::span<const NamedCourse> named_courses();

// {"start_s": [...], NAME: [...], ...}: the same steps as in the printed figures.
Json course_as_json(const Intervals& run, const TimeAxis& axis);

// Of the runs of one policy, each of a seed, in equal steps of the axis up to the end of the longest; a run that has
// ended counts as zero, as it does where it stands alone. Beside each NAME its interval, "NAME_low" and "NAME_high";
// null where there is none.
Json mean_course_as_json(std::span<const Intervals* const> runs, const TimeAxis& axis, Looks looks);

}  // namespace headway
