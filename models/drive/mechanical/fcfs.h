// fcfs: first come, first served. The order in which commands arrived at the drive; also the order in which any
// discipline serves those beyond its age bound.
#pragma once

#include <span>

#include "models/drive/mechanical/pending.h"

namespace headway {

struct Fcfs {
  static Pick pick(std::span<const Pending> pending) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < pending.size(); ++i) {
      if (pending[i].sequence < pending[best].sequence) best = i;
    }
    return {best};
  }
};

}  // namespace headway
