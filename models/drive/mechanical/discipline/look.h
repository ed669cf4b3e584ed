// look: the elevator. The heads keep their direction and serve what lies ahead, nearest first; they turn around when
// nothing lies ahead any more. Ties (one cylinder) by arrival.
#pragma once

#include <optional>

#include "models/drive/mechanical/discipline/discipline.h"

namespace headway {

struct Look {
  static constexpr Kind kind{"look", "The elevator: on in one direction, nearest first, until nothing lies ahead.",
                             "B. Worthington, G. Ganger, Y. Patt, \"Scheduling algorithms for modern disk drives\", "
                             "SIGMETRICS 1994"};

  bool inward = true;  // to higher cylinders

  Pick pick(const QueueView& queue) {
    auto next = ahead(queue.pending, queue.cylinder(), inward);
    if (!next) {
      inward = !inward;
      next = ahead(queue.pending, queue.cylinder(), inward);
    }
    return {*next};
  }

  // The nearest at or beyond `cylinder` in that direction.
  static std::optional<std::size_t> ahead(const PendingQueue& pending, std::uint32_t cylinder, bool inward) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      const std::uint32_t at = pending[i].place.cylinder;
      if (inward ? at < cylinder : at > cylinder) continue;
      if (!best || nearer(pending[i], pending[*best], inward)) best = i;
    }
    return best;
  }

 private:
  static bool nearer(const Pending& a, const Pending& b, bool inward) {
    if (a.place.cylinder != b.place.cylinder) return (a.place.cylinder < b.place.cylinder) == inward;
    return a.sequence < b.sequence;
  }
};

}  // namespace headway
