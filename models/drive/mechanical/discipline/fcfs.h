// fcfs: first come, first served. The order in which commands arrived at the drive; also the order in which any
// discipline serves those beyond its age bound.
#pragma once

#include "models/drive/mechanical/discipline/discipline.h"

namespace headway {

struct Fcfs {
  static constexpr Kind kind{"fcfs", "First come, first served.",
                             "P. Denning, \"Effects of scheduling on file memory operations\", AFIPS SJCC 1967"};

  static Pick pick(const QueueView& queue) { return {oldest(queue.pending)}; }

  static std::size_t oldest(const PendingQueue& pending) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < pending.size(); ++i) {
      if (pending[i].sequence < pending[best].sequence) best = i;
    }
    return best;
  }
};

}  // namespace headway
