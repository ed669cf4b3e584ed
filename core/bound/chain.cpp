#include "core/bound/chain.h"

#include <algorithm>
#include <array>
#include <limits>

namespace headway {

double longest_chain(const Forest& forest, const Memory& memory, std::span<const BlockId> wanted,
                     std::span<const float> alone_s) {
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<double> there_s(forest.blocks(), never);  // first: of the earliest parent; then its own
  std::vector<float> own_s(forest.blocks(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) own_s[wanted[i]] = alone_s[i];
  std::array<std::vector<BlockId>, 256> by_level;
  for (BlockId block = 0; block < forest.blocks(); ++block) by_level[forest.level[block]].push_back(block);
  for (std::size_t level = by_level.size(); level-- > 0;) {
    for (const BlockId block : by_level[level]) {
      there_s[block] = memory.holds(block) ? 0.0 : there_s[block] + static_cast<double>(own_s[block]);
      for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p)
        there_s[forest.child[p]] = std::min(there_s[forest.child[p]], there_s[block]);
    }
  }
  double longest_s = 0;
  for (const BlockId block : wanted) longest_s = std::max(longest_s, there_s[block] == never ? 0.0 : there_s[block]);
  return longest_s;
}

}  // namespace headway
