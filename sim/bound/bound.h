// The least time that any policy could take for what a scenario's workloads want.
//
// Claim. Whatever is read, in whatever order, from whatever copies: each block that is wanted and not in memory at the
// start is read from one of its devices by the end of the run, so the run takes at least what the slowest device needs
// for its share (drive_needs.h), in the best division (balance.h); at least the longest chain of nodes that must be read
// one after the other (chain.h), where the policy learns of blocks from their parents; and at least the work of a reader
// that thinks at each node. Beside a scrub, what a device needs for the data that the scrub reads of it for certain
// (stream_needs.h) stands for all reads: blocks may come with the data around them. Buses, CPUs, schedulers and bounds
// of reads in flight only delay; they are left out. So is that the tree keeps devices waiting while its upper levels are
// read.
//
// No bound is claimed where drives are slowed or reads fail by the scenario's faults, and beside workloads that read or
// write what is theirs (foreground, a send's file data): the reason is said instead. A run that did not bring all that
// was wanted is compared with nothing.
#pragma once

#include <cstdint>
#include <string>

#include "results/files/results_file.h"
#include "sim/scenario/scenario.h"

namespace headway {

struct Bound {
  double all_known_s = 0;   // for policies that know what is wanted without having read its parents
  double by_parents_s = 0;  // for all others; at least as much
  std::string none;         // why there is none; empty: there is
};

// Of few blocks all divisions and orders are tried, unless that is not wanted.
enum class FewBlocks : std::uint8_t { try_all, as_many };

// Of all runs of the scenario with this seed, on its layout of this seed. O(n log n) in blocks.
Bound bound_of(const Scenario& scenario, const Layout& layout, std::uint64_t seed,
               FewBlocks few = FewBlocks::try_all);

// Fills in bound_s and efficiency, or why there is none.
void add_bound(RunResult& run, const Bound& bound, const PolicySpec& policy);

}  // namespace headway
