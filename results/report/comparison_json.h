// Two experiments beside each other, as the page shows them: what differs, and each policy's ratio of the second to the
// first.
#pragma once

#include "core/base/json_node.h"
#include "results/report/report.h"

namespace headway {

// {"differing": [sentences], "policies": [{"name", "other_work", "metrics": [{"name", "unit", "first", "second",
// "ratio"}]}]}: of policies that both have and that went well in both. Of other work no ratio is told.
Json comparison_as_json(const ReportSource& first, const ReportSource& second);

}  // namespace headway
