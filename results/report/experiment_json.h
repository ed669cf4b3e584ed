// One experiment as the page shows it: its policies with means and intervals over the seeds, the seeds themselves, what
// was expected and published, what the figures do not cover.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/json_node.h"
#include "results/report/report.h"
#include "results/trace/course.h"

namespace headway {

// What stands in elements of its own, since most of it is never looked at: (id, JSON).
using PageParts = std::vector<std::pair<std::string, std::string>>;

// A run's curves, by the place of the run.
using RunIntervals = std::vector<std::optional<Intervals>>;

// The runs whose reads are shown: of each policy one that went well and left a trace.
std::vector<const RunResult*> runs_with_reads(const ReportSource& source, const ReportOptions& options);

// All but the curves. `most_reads`: of a run. Reads go to `parts`; curves are read into `intervals`.
Json experiment_as_json(const ReportSource& source, const ReportOptions& options, std::size_t most_reads,
                        PageParts& parts, RunIntervals& intervals);

// "course" of each policy and, where there are several, of each of its seeds.
void add_courses(Json& experiment, const ReportSource& source, const RunIntervals& intervals, const TimeAxis& axis);

}  // namespace headway
