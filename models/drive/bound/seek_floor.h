// The least time in which heads come from one track to another, on whatever detour.
//
// A bound must hold for heads that stop on the way: at reads of what nobody wants, or track by track as read-ahead
// does. It needs a time m with m(a, c) <= m(a, b) + m(b, c), not above what the drive takes. The curve of a drive is as
// its file has it: measured ones have dips, and a data sheet's next track is quicker than a fifth of five tracks. So
//   f(d) = d * min over k <= d of g(k) / k,  g(d) = min over e >= d of seek(e),
// is used. It is at most seek(d); f(d) / d never rises, therefore f(x + y) <= f(x) + f(y); and f never falls, since g
// does not: f(d + 1) is either g(d + 1) >= g(d) >= f(d) or (d + 1) / d * f(d). Of a concave curve it is the curve
// itself. With the head switch, which every way to another head holds at least once, max(f, switch) is such an m.
//
// A data sheet's curve, a + b sqrt(d) + c d behind the next track, never falls, and the time a cylinder of a longer
// seek is less than that of a shorter one, by far more than a double rounds: the least of them is that of d itself or
// of the next track. So f needs no table there, which of a modern drive is of half a million cylinders.
#pragma once

#include <algorithm>
#include <vector>

#include "models/drive/mechanical/mechanical_model.h"

namespace headway {

class SeekFloor {
 public:
  // `model` outlives it.
  explicit SeekFloor(const MechanicalModel& model) : seek_s_(model.seek_s), head_switch_s_(model.head_switch_s) {
    if (seek_s_.concave()) return;
    least_s_.resize(seek_s_.size());
    for (std::uint32_t d = 0; d < seek_s_.size(); ++d) least_s_[d] = seek_s_[d];
    for (std::size_t d = least_s_.size() - 1; d-- > 1;) least_s_[d] = std::min(least_s_[d], least_s_[d + 1]);
    double slope = least_s_.size() > 1 ? least_s_[1] : 0;
    for (std::size_t d = 1; d < least_s_.size(); ++d) {
      slope = std::min(slope, least_s_[d] / static_cast<double>(d));
      least_s_[d] = std::min(least_s_[d], slope * static_cast<double>(d));
    }
  }

  double over(std::uint32_t cylinders) const {
    if (!least_s_.empty()) return least_s_[cylinders];
    if (cylinders == 0) return 0;
    const double seek_s = seek_s_[cylinders];
    return std::min(seek_s, std::min(seek_s_[1], seek_s / cylinders) * cylinders);
  }
  double between(std::uint32_t cylinder, std::uint32_t head, std::uint32_t to_cylinder, std::uint32_t to_head) const {
    const double seek_s = over(cylinder > to_cylinder ? cylinder - to_cylinder : to_cylinder - cylinder);
    return head == to_head ? seek_s : std::max(seek_s, head_switch_s_);
  }

 private:
  const SeekCurve& seek_s_;
  double head_switch_s_;
  std::vector<double> least_s_;  // by distance in cylinders, where the curve is another one
};

}  // namespace headway
