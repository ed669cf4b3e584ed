// The reads of one run for the head chart: as columns, with the zones that drives were sent to, and where each read
// came from.
#pragma once

#include <cstddef>

#include "core/base/json_node.h"
#include "results/report/report.h"
#include "results/trace/traced_reads.h"

namespace headway {

// {"count", "shown", "end_s": of the run, "columns": {"end_s", "physical", ...}, "zones": [[[begin_s, end_s, set], ...]
// by device], "sets": [{"logical", "spans": [[device's place, first byte, one past the last], ...]}]}.
//
// Of more than `most` reads every n-th is shown. "parent" is the place of the read that brought the node that points at
// the block, the last one that did so before this read was issued; without a layout there is no such column, and sets
// have no spans. Simplification: of a read of several blocks it is the first block's that has one.
Json reads_as_json(const TracedRun& run, const LayoutParts& layout, std::size_t most);

}  // namespace headway
