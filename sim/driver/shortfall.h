// What the workloads of a run wanted and did not get, block by block, and how that is told to people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/forest.h"
#include "core/memory.h"
#include "sim/driver/needed_blocks.h"

namespace headway {

struct BlockFates {
  const Memory& memory;
  const Memory& was_read;
  const Memory& failed;
};

// Of `needed` blocks those that were not brought: `failed` could not be read, `below` hang below others that were not
// brought, so that nobody came to know of them, and the rest was at hand and nobody asked for it.
struct Shortfall {
  std::uint64_t needed = 0, missing = 0, failed = 0, below = 0;

  std::uint64_t unasked() const { return missing - failed - below; }
};
Shortfall shortfall_of(const Forest& forest, const NeededBlocks& needed, const BlockFates& fates);

// What the policy did about it.
struct PolicyWork {
  std::uint64_t issues = 0;              // reads
  std::uint64_t blocks_read_beside = 0;  // by workloads
  std::vector<std::string> left_out{};   // Strategy::left_out()
};

// None where all was brought and the policy had a part in it.
std::vector<std::string> shortfall_notes(const Shortfall& shortfall, const PolicyWork& work);

}  // namespace headway
