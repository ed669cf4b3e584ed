// See shortfall.h.
#include "sim/driver/shortfall.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/metrics/units.h"

namespace headway {

namespace {

std::string number(std::uint64_t count) { return figure_text(static_cast<double>(count), true); }

// "12 could not be read, 3 were not asked for, 1,511 lie below such".
std::string parts_of(const Shortfall& shortfall) {
  std::vector<std::string> parts;
  if (shortfall.failed > 0) parts.push_back(number(shortfall.failed) + " could not be read");
  if (shortfall.unasked() > 0) parts.push_back(number(shortfall.unasked()) + " it did not ask for");
  if (shortfall.below > 0) parts.push_back(number(shortfall.below) + " lie below such blocks");
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

Shortfall shortfall_of(const Forest& forest, const NeededBlocks& needed, const BlockFates& fates) {
  const auto is_missing = [&](BlockId block) { return needed.lacks(block, fates.memory, fates.was_read); };
  Shortfall shortfall;
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    shortfall.needed += needed.holds(block);
    shortfall.missing += is_missing(block);
  }
  if (shortfall.missing == 0) return shortfall;
  Memory below(forest.blocks());
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    if (!is_missing(block)) continue;
    for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p)
      below.insert(forest.child[p]);
  }
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    if (!is_missing(block)) continue;
    if (fates.failed.holds(block))
      ++shortfall.failed;
    else if (below.holds(block))
      ++shortfall.below;
  }
  return shortfall;
}

std::vector<std::string> shortfall_notes(const Shortfall& shortfall, const PolicyWork& work) {
  if (shortfall.needed == 0) return {};
  const bool read_nothing = work.issues == 0;
  std::string said;
  if (shortfall.missing > 0) {
    said = fmt::format("{}{} of {} wanted blocks were not brought: {}", read_nothing ? "it read nothing; " : "",
                       number(shortfall.missing), number(shortfall.needed), parts_of(shortfall));
  } else if (read_nothing && work.blocks_read_beside > 0) {
    said = fmt::format("it read nothing; the workloads read {} blocks themselves", number(work.blocks_read_beside));
  } else if (read_nothing) {
    said = "it read nothing: what was wanted was in memory at the start";
  } else if (!work.left_out.empty()) {
    said = "part of what was wanted it left to the workloads";
  }
  if (said.empty()) return {};
  for (const std::string& why : work.left_out) said += "; " + why;
  return {said};
}

}  // namespace headway
