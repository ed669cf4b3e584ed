// One figure of some results, as scenarios name it: a metric of a policy, or its ratio to another. What a scenario
// expects and what has been published are held against the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "results/files/results_file.h"
#include "results/metrics/statistics.h"

namespace headway {

// With one of the `relative_to` keys, or more, it is the ratio to the figure that they make of this one.
struct Figure {
  MetricId metric = MetricId::elapsed_s;
  std::string policy;
  std::optional<std::string> workload;     // whose metric it is; the run's without
  std::optional<std::string> relative_to;  // another policy
  std::optional<std::string> relative_to_workload;
  std::optional<MetricId> relative_to_metric;

  bool is_ratio() const { return relative_to || relative_to_workload || relative_to_metric; }
  // Below the line of a ratio.
  Figure divisor() const;
};

const Fields<Figure>& figure_fields();

// What a scenario has that a figure may name.
struct FigureNames {
  std::vector<std::string> policies, workloads;
};

// `node` is the object that has the keys; `than`: of the scenario that the `relative_to` keys mean. Throws InputError,
// with the nearest of what there is.
void check_names(const JsonNode& node, const FigureNames& own, const FigureNames& than);

// "\"scrub\": elapsed_s of reada-2011 / walk".
std::string name_of(const Figure& figure);

// The mean over the seeds with its interval, or the ratio of two means over the seeds that both have; nothing where no
// run has a value. `others`: where what is below the line comes from; these results themselves without.
Estimate estimate_of(const Figure& figure, const Results& results, const Results* others = nullptr);

// Why the figure says less than it seems to, behind "but ": not of the same work as what it is divided by, or something
// of the work not done. Empty where it does not.
std::string caveat_of(const Figure& figure, const Results& results);

}  // namespace headway
