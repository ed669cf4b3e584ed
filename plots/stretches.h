// Axes of offsets without the long stretches in which nothing lies: a file system's trees are often gathered at a few
// places of a large drive, and would be strokes on an axis that shows all of it.
#pragma once

#include <vector>

#include "plots/page.h"

namespace headway {

// The pieces of an axis that are shown, each closely upon the one below it. Values keep their unit; what stands above a
// stretch that is left out is shown lower by its length.
class Stretches {
 public:
  // All of `values`, in any order, with room around each piece; `least` is that room at least.
  Stretches(std::vector<double> values, double least);

  double shown(double value) const;  // a value of a stretch that is left out: at its end
  bool is_broken() const { return pieces_.size() > 1; }
  std::vector<double> breaks() const;  // where pieces meet, as shown
  // Shown from low to high, with tics that name true values.
  PlotAxis axis(double height_cm, double em) const;

 private:
  struct Piece {
    double low, high, shift;  // shift: what is taken off a value to show it
  };
  std::vector<Piece> pieces_;
};

// A mark over the axis and across the panel at each break.
void draw_breaks(Page& page, const Box& box, const PlotAxis& axis, const std::vector<double>& breaks);

}  // namespace headway
