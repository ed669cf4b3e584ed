// sptf: shortest positioning time first. The command whose seek and rotation, from here and now, take least; ties by
// arrival. D. Jacobson and J. Wilkes, "Disk scheduling algorithms based on rotational position", HPL-CSP-91-7, 1991;
// M. Seltzer, P. Chen, J. Ousterhout, "Disk scheduling revisited", USENIX Winter 1990.
//
// Simplification: the drive knows each positioning time exactly. A real one estimates, adds a margin, and sometimes
// misses a revolution: it gains somewhat less from a deep queue than this does.
#pragma once

#include <limits>
#include <span>

#include "models/drive/mechanical/mechanics.h"
#include "models/drive/mechanical/pending.h"

namespace headway {

struct Sptf {
  // `start_s`: when the heads can begin to move. A command that `at_hand` says the drive is reading already costs
  // nothing.
  template <class AtHand>
  static Pick pick(std::span<const Pending> pending, const Mechanics& mechanics, double start_s,
                   const AtHand& at_hand) {
    std::size_t best = 0;
    double best_s = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < pending.size(); ++i) {
      const Pending& one = pending[i];
      double cost_s = 0;
      if (!at_hand(one)) {
        cost_s = mechanics.seek_s(one.place.cylinder, one.place.head);
        if (cost_s > best_s) continue;  // the rotation only adds to it
        cost_s += mechanics.rotation_s(one.place.angle, start_s + cost_s);
      }
      if (cost_s < best_s || (cost_s == best_s && one.sequence < pending[best].sequence)) {
        best = i;
        best_s = cost_s;
      }
    }
    return {best};
  }
};

}  // namespace headway
