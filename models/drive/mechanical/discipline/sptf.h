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
#include <array>
#include <limits>
#include <span>

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
    return queue.pending.size() <= 8 ? shortest_of_few(queue, margin_s) : shortest_of_many(queue, margin_s);
  }

 private:
  // What a seek is reckoned to take beyond its time.
  static double reckoned(double seek_s, double sure_s, double margin_s) {
    const bool sure = seek_s <= sure_s;
    return sure ? 0 : margin_s;
  }

  // One by one, without what cannot be the least.
  static Pick shortest_of_few(const QueueView& queue, double margin_s) {
    const double sure_s = skewed_for_s(queue.mechanics.model());
    std::size_t best = 0;
    double best_s = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < queue.pending.size(); ++i) {
      const Pending& one = queue.pending[i];
      double cost_s = -margin_s;
      if (one.host.request.write || !queue.buffer.streams_to(one.first)) {
        const double seek_s = queue.mechanics.seek_s(one.place.cylinder, one.place.head);
        const double reckoned_s = reckoned(seek_s, sure_s, margin_s);
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

  // All of them whole, by columns and without a branch: of many that takes less time than to guess wrongly which ones
  // are worth it.
  static Pick shortest_of_many(const QueueView& queue, double margin_s) {
    const PendingQueue& pending = queue.pending;
    std::array<double, 64> cost_s;
    Pick best;
    double best_s = std::numeric_limits<double>::infinity();
    for (std::size_t begin = 0; begin < pending.size(); begin += cost_s.size()) {
      const std::size_t count = std::min(cost_s.size(), pending.size() - begin);
      positioning_s(queue, margin_s, begin, {cost_s.data(), count});
      const double least_s = least({cost_s.data(), count});
      if (least_s > best_s) continue;
      for (std::size_t i = 0; i < count; ++i) {
        if (cost_s[i] != least_s) continue;
        if (least_s < best_s || pending[begin + i].sequence < pending[best.index].sequence) best.index = begin + i;
        best_s = least_s;
      }
    }
    return best;
  }

  // What each of the commands from `begin` on costs.
  static void positioning_s(const QueueView& queue, double margin_s, std::size_t begin, std::span<double> cost_s) {
    const PendingQueue& pending = queue.pending;
    const MechanicalModel& model = queue.mechanics.model();
    const std::size_t count = cost_s.size();
    model.seek_s.from(static_cast<std::int32_t>(queue.cylinder()), pending.cylinders().subspan(begin, count), cost_s);
    const auto head = static_cast<std::int32_t>(queue.mechanics.head());
    const double switch_s = model.head_switch_s, sure_s = skewed_for_s(model), start_s = queue.start_s;
    const std::int32_t* const heads = pending.heads().data() + begin;
    const double* const angles = pending.angles().data() + begin;
    const Mechanics mechanics = queue.mechanics;
    for (std::size_t i = 0; i < count; ++i) {
      const double other_head_s = cost_s[i] < switch_s ? switch_s : cost_s[i];
      const double seek_s = heads[i] == head ? cost_s[i] : other_head_s;
      const double reckoned_s = reckoned(seek_s, sure_s, margin_s);
      const double there_s = start_s + seek_s + reckoned_s;
      cost_s[i] = seek_s + reckoned_s - margin_s + mechanics.rotation_s(angles[i], there_s);
    }
    spare_read_ahead(queue.buffer, pending.reads_from().subspan(begin, count), -margin_s, cost_s);
  }

  // What the drive is reading ahead costs nothing. Mostly that is none, as the signs tell: read_ahead.cpp, holds().
  static void spare_read_ahead(const ReadAhead& buffer, std::span<const std::uint64_t> reads_from, double nothing_s,
                               std::span<double> cost_s) {
    const auto [first, last] = buffer.streams();
    if (first > last) return;
    std::int64_t signs = -1;
    for (const std::uint64_t from : reads_from)
      signs &= static_cast<std::int64_t>(from - first) | static_cast<std::int64_t>(last - from);
    if (signs < 0) return;
    for (std::size_t i = 0; i < reads_from.size(); ++i) {
      if (first <= reads_from[i] && reads_from[i] <= last) cost_s[i] = nothing_s;
    }
  }

  // The least of several, which four chains of comparisons find sooner than one.
  static double least(std::span<const double> all) {
    std::array<double, 4> of{all[0], all[0], all[0], all[0]};
    std::size_t i = 0;
    for (; i + 4 <= all.size(); i += 4) {
      for (std::size_t k = 0; k < 4; ++k) of[k] = all[i + k] < of[k] ? all[i + k] : of[k];
    }
    for (; i < all.size(); ++i) of[0] = std::min(of[0], all[i]);
    return *std::min_element(of.begin(), of.end());
  }

  // How long the heads have to come to the next track in sequence.
  static double skewed_for_s(const MechanicalModel& model) {
    return std::max(model.seek_s[std::min(2u, model.seek_s.size() - 1)], model.head_switch_s);
  }
};

}  // namespace headway
