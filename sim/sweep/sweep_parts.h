// A sweep cut into parts, for machines that take many runs at a time. A part's name says which runs it holds and what
// they compute: "150-199.3fa98c1d02b7" is the runs 150 to 199, with the beginning of a digest of their ids. Whoever has
// the name need not know how the sweep was cut, and notices when it has changed since.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/sweep/sweep_runs.h"

namespace headway {

std::vector<std::string> sweep_parts(std::span<const SweepRun> runs, std::size_t runs_a_part);

// Throws InputError for what is no part of these runs.
std::vector<SweepRun> runs_of_part(std::span<const SweepRun> runs, const std::string& name);

}  // namespace headway
