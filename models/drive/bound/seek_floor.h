// The least time in which heads come from one track to another, on whatever detour.
//
// A bound must hold for heads that stop on the way: at reads of what nobody wants, or track by track as read-ahead
// does. It needs a time m with m(a, c) <= m(a, b) + m(b, c), not above what the drive takes. The curve of a drive is as
// its file has it: measured ones have dips, and a data sheet's next track is quicker than a fifth of five tracks. So
//   f(d) = d * min over k <= d of g(k) / k,  g(d) = min over e >= d of seek(e),
// is used. It is at most seek(d); f(d) / d never rises, therefore f(x + y) <= f(x) + f(y); and f never falls, since g
// does not: f(d + 1) is either g(d + 1) >= g(d) >= f(d) or (d + 1) / d * f(d). Of a concave curve it is the curve
// itself. With the head switch, which every way to another head holds at least once, max(f, switch) is such an m.
#pragma once

#include <vector>

#include "models/drive/mechanical/mechanical_model.h"

namespace headway {

class SeekFloor {
 public:
  explicit SeekFloor(const MechanicalModel& model)
      : least_s_(model.seek_s.size()), head_switch_s_(model.head_switch_s) {
    for (std::uint32_t d = 0; d < model.seek_s.size(); ++d) least_s_[d] = model.seek_s[d];
    for (std::size_t d = least_s_.size() - 1; d-- > 1;) least_s_[d] = std::min(least_s_[d], least_s_[d + 1]);
    double slope = least_s_.size() > 1 ? least_s_[1] : 0;
    for (std::size_t d = 1; d < least_s_.size(); ++d) {
      slope = std::min(slope, least_s_[d] / static_cast<double>(d));
      least_s_[d] = std::min(least_s_[d], slope * static_cast<double>(d));
    }
  }

  double over(std::uint32_t cylinders) const { return least_s_[cylinders]; }
  double between(std::uint32_t cylinder, std::uint32_t head, std::uint32_t to_cylinder, std::uint32_t to_head) const {
    const double seek_s = over(cylinder > to_cylinder ? cylinder - to_cylinder : to_cylinder - cylinder);
    return head == to_head ? seek_s : std::max(seek_s, head_switch_s_);
  }

 private:
  std::vector<double> least_s_;  // by distance in cylinders
  double head_switch_s_;
};

}  // namespace headway
