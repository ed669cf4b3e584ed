// sstf: shortest seek time first. The command nearest in cylinders; ties by arrival. It knows nothing of rotation, and
// starves the edges while work keeps coming in the middle: see max_age_s.
#pragma once

#include "models/drive/mechanical/discipline/discipline.h"

namespace headway {

struct Sstf {
  static constexpr Kind kind{"sstf", "Shortest seek time first: the command nearest in cylinders.",
                             "P. Denning, \"Effects of scheduling on file memory operations\", AFIPS SJCC 1967"};

  static Pick pick(const QueueView& queue) {
    const auto& pending = queue.pending;
    const std::uint32_t cylinder = queue.cylinder();
    std::size_t best = 0;
    for (std::size_t i = 1; i < pending.size(); ++i) {
      const auto mine = distance(pending[i].place.cylinder, cylinder);
      const auto least = distance(pending[best].place.cylinder, cylinder);
      if (mine < least || (mine == least && pending[i].sequence < pending[best].sequence)) best = i;
    }
    return {best};
  }

 private:
  static std::uint32_t distance(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : b - a; }
};

}  // namespace headway
