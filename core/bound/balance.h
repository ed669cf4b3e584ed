// Blocks that lie on several machines each: the least time in which any choice of copies has them all.
//
// Each block is done by one of its ways, a way loads one machine by its cost, and a machine that does anything takes
// its opening beside the sum of its loads. With T the time of the slowest machine and prices p that add up to 1,
//   T >= sum over machines of p * (load + opening) >= sum over blocks of the least p * cost among its ways + openings,
// whatever the choice: every vector of prices proves a bound (the dual of the relaxation in which blocks may be divided;
// J. Lenstra, D. Shmoys, E. Tardos, "Approximation algorithms for scheduling unrelated parallel machines",
// Mathematical Programming 46, 1990). Prices only decide how good it is. They are found by multiplicative weights: the
// price of a machine that is loaded more than others rises.
//
// A machine that no block needs may stay unused, so an opening counts only where some block has no other machine, or
// where it is negative.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace headway {

inline constexpr std::uint32_t no_machine = UINT32_MAX;

struct Way {
  std::uint32_t machine = no_machine;  // none: the block has fewer ways than others
  float cost_s = 0;                    // rounded down
};

// Of `ways_each` ways a block, block after block; `opening_s` by machine. O(ways) a round, some ten to hundreds of
// rounds, the fewer the more blocks there are.
double least_makespan(std::span<const Way> ways, std::size_t ways_each, std::span<const double> opening_s);

// The same by trying every choice, of few blocks: a machine's time is given for each set of blocks that it may do, as
// bits (`set_s[machine][set]`, 0 of the empty one).
double least_makespan_of_few(std::span<const Way> ways, std::size_t ways_each,
                             const std::vector<std::vector<double>>& set_s);
// Whether there are few enough: the choices, and the sets of each machine.
bool few_enough(std::span<const Way> ways, std::size_t ways_each);

// `value` as a float that is not above it.
float rounded_down(double value);

}  // namespace headway
