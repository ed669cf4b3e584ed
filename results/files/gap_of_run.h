// The gap of a run in results: what trace/gap.h needs of them, and which runs have none, and why.
#pragma once

#include <filesystem>
#include <string>

#include "results/files/results_file.h"
#include "results/trace/gap.h"

namespace headway {

// Empty for a run that has a gap, if it has a trace.
std::string no_gap(const RunResult& run, bool measured);

// As the scenario in full has them. Throws InputError.
CpuCosts cpu_costs(const Experiment& experiment);

// Of a run that has one. Throws InputError.
Gap gap_of_run(const RunResult& run, const std::filesystem::path& trace, const Volume& volume, const Forest& forest,
               const CpuCosts& cpu);

}  // namespace headway
