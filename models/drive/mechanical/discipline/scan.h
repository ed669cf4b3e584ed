// scan: as look, but the heads go on to the last cylinder before they turn around.
#pragma once

#include "models/drive/mechanical/discipline/discipline.h"
#include "models/drive/mechanical/discipline/look.h"

namespace headway {

struct Scan {
  static constexpr Kind kind{"scan", "The elevator that goes on to the edge of the disk before it turns around.",
                             "P. Denning, \"Effects of scheduling on file memory operations\", AFIPS SJCC 1967"};

  bool inward = true;

  Pick pick(const QueueView& queue) {
    if (const auto next = Look::ahead(queue.pending, queue.cylinder(), inward)) return {*next};
    inward = !inward;
    const std::uint32_t edge = inward ? 0 : queue.last_cylinder();
    return {*Look::ahead(queue.pending, edge, inward), true, edge};
  }
};

}  // namespace headway
