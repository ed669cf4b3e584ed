// The reads of one run for the head chart: as columns, with the zones that drives were sent to, and where each read
// came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/json_node.h"
#include "results/report/report.h"
#include "results/trace/traced_reads.h"

namespace headway {

inline constexpr std::uint32_t no_origin = UINT32_MAX;
// By read, the place of the one that it came from: of the reads that brought a node which points at the block, the last
// that did before this one was issued; no_origin where there is none. Precondition: the layout's volume and forest.
std::vector<std::uint32_t> origins_of(const TracedRun& run, const LayoutParts& layout);

// {"count", "shown", "end_s": of the run, "columns": {"end_s", "physical", ...}, "zones": [[[begin_s, end_s, set], ...]
// by device], "sets": [{"logical", "spans": [[device's place, first byte, one past the last], ...]}]}.
//
// Of more than `most` reads every n-th is shown. "parent" is the place of its origin among those shown; without a
// layout there is no such column, and sets have no spans. Simplification: of a read of several blocks it is the first
// block's that has one.
Json reads_as_json(const TracedRun& run, const LayoutParts& layout, std::size_t most);

}  // namespace headway
