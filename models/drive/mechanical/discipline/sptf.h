// sptf: shortest positioning time first. The command whose seek and rotation, from here and now, take least; ties by
// arrival. Also M. Seltzer, P. Chen, J. Ousterhout, "Disk scheduling revisited", USENIX Winter 1990.
//
// Simplification: the drive knows each positioning time exactly. A real one estimates, adds a margin, and sometimes
// misses a revolution: it gains somewhat less from a deep queue than this does.
#pragma once

#include <limits>

#include "models/drive/mechanical/discipline/discipline.h"

namespace headway {

struct Sptf {
  static constexpr Kind kind{"sptf", "Shortest positioning time first: the least seek and rotation from here and now.",
                             "D. Jacobson, J. Wilkes, \"Disk scheduling algorithms based on rotational position\", "
                             "HPL-CSP-91-7, 1991"};

  static Pick pick(const QueueView& queue) {
    std::size_t best = 0;
    double best_s = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < queue.pending.size(); ++i) {
      const Pending& one = queue.pending[i];
      double cost_s = 0;
      if (!queue.at_hand(one)) {
        cost_s = queue.mechanics.seek_s(one.place.cylinder, one.place.head);
        if (cost_s > best_s) continue;  // the rotation only adds to it
        cost_s += queue.mechanics.rotation_s(one.place.angle, queue.start_s + cost_s);
      }
      if (cost_s < best_s || (cost_s == best_s && one.sequence < queue.pending[best].sequence)) {
        best = i;
        best_s = cost_s;
      }
    }
    return {best};
  }
};

}  // namespace headway
