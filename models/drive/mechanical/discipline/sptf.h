// sptf: shortest positioning time first. The command whose seek and rotation, from here and now, take least; ties by
// arrival. Also M. Seltzer, P. Chen, J. Ousterhout, "Disk scheduling revisited", USENIX Winter 1990.
//
// A real drive does not know when its heads will have settled on another track. It reckons with a margin (the drive
// file's positioning_margin_ms): a sector that comes by earlier than the seek and the margin take counts as missed by
// this turn. sptf-exact knows every positioning time, whatever the file says.
//
// Simplifications:
// - One number stands for all that a drive does not know or does not work out: the spread of its seeks, the grid on
//   which it keeps angles, the commands that it has no time to look at. With 4 ms the measured depths 1 to 32 of a
//   desktop drive come out within 11 % (results/validation/README.md).
// - The drive is careful and never wrong: no chosen sector is missed, which happens to real ones and costs a revolution
//   then. The mean is calibrated; the tail of response times lacks those.
// - Heads that stay on their track need no margin, nor do those that go no farther than a step that tracks are skewed
//   for: a drive that missed there would read no faster in sequence than a track a two turns. What a write-back cache
//   holds goes to the media in exact order.
#pragma once

#include <algorithm>
#include <limits>

#include "models/drive/mechanical/discipline/discipline.h"

namespace headway {

struct Sptf {
  static constexpr Kind kind{"sptf",
                             "Shortest positioning time first: the least seek and rotation from here and now, as far "
                             "as the drive knows them.",
                             "D. Jacobson, J. Wilkes, \"Disk scheduling algorithms based on rotational position\", "
                             "HPL-CSP-91-7, 1991"};

  static Pick pick(const QueueView& queue) {
    return shortest(queue, queue.mechanics.model().interface.positioning_margin_s);
  }

  // Costs are counted from the margin on, which a long seek takes: less than nothing where the heads stay or hardly
  // move.
  static Pick shortest(const QueueView& queue, double margin_s) {
    const double sure_s = skewed_for_s(queue.mechanics.model());
    std::size_t best = 0;
    double best_s = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < queue.pending.size(); ++i) {
      const Pending& one = queue.pending[i];
      double cost_s = -margin_s;
      if (!queue.at_hand(one)) {
        const double seek_s = queue.mechanics.seek_s(one.place.cylinder, one.place.head);
        const double reckoned_s = seek_s > sure_s ? margin_s : 0;
        if (seek_s + reckoned_s - margin_s > best_s) continue;  // the rotation only adds to it
        const double there_s = queue.start_s + seek_s + reckoned_s;
        cost_s = seek_s + reckoned_s - margin_s + queue.mechanics.rotation_s(one.place.angle, there_s);
      }
      if (cost_s < best_s || (cost_s == best_s && one.sequence < queue.pending[best].sequence)) {
        best = i;
        best_s = cost_s;
      }
    }
    return {best};
  }

 private:
  // How long the heads have to come to the next track in sequence.
  static double skewed_for_s(const MechanicalModel& model) {
    return std::max(model.seek_s[std::min<std::size_t>(2, model.seek_s.size() - 1)], model.head_switch_s);
  }
};

}  // namespace headway
