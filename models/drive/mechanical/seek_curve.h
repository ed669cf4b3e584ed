// How long the heads take to cross a number of cylinders, from whichever form the figures have.
//
// The two-piece form is that of C. Ruemmler and J. Wilkes, "An introduction to disk drive modeling", IEEE Computer
// 27(3), 1994. The three data-sheet numbers are fitted by t(d) = a + b sqrt(d) + c d, which has that shape: the heads
// accelerate over short distances and coast over long ones.
//
// A data sheet's "track to track" or "single track" time is of the next track, which the fine positioner reaches
// without a seek proper. Beyond it the heads must move and settle, and for some tens to hundreds of tracks settling is
// all that counts: about a millisecond (S. Schlosser and others, "On multidimensional data and modern disks", FAST
// 2005, rest on it). So the curve goes through the settle where it would go through the sheet's shortest time, and only
// the next track takes that.
//
// Simplifications:
// - The time depends on the distance alone. Real seeks differ by direction and radius by a few per cent, which evens
//   out over random requests.
// - The next track is the only one that is quicker than the settle. On a real drive the few behind it are in between; a
//   seek so short is one of 50,000 random ones, and reading on takes the skew in any case.
#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/drive/mechanical/geometry.h"

namespace headway {

// Seconds by distance in cylinders; [0] is 0.
//
// A modern drive has half a million cylinders: a table of its curve is 4 MB, from which every seek fetched a line that
// no cache had. So the curve is its formula, which a read works out again, to the same bits as a table of it had.
class SeekCurve {
 public:
  SeekCurve() = default;  // of no cylinders
  // Measured points (distance, seconds), at least two, distances ascending from 1 on: linear between them, the first
  // one's time below it, and beyond the last as between the last two.
  SeekCurve(const std::vector<std::pair<std::uint32_t, double>>& points, std::uint32_t cylinders);
  // next_s over one cylinder; then near_s + near_root_s sqrt(d) + near_each_s d below `boundary`, and
  // far_s + far_each_s d from there on.
  struct Roots {
    double next_s = 0;
    double near_s = 0;
    double near_root_s = 0;
    double near_each_s = 0;
    std::uint32_t boundary = UINT32_MAX;
    double far_s = 0;
    double far_each_s = 0;
  };
  SeekCurve(const Roots& roots, std::uint32_t cylinders) : cylinders_(cylinders), roots_(roots) {}

  // `distance` is below size().
  double operator[](std::uint32_t distance) const {
    assert(distance < cylinders_);
    return knots_.empty() ? by_roots(distance) : by_knots(distance);
  }
  // The same from one cylinder to each of several: seek_s has as many.
  void from(std::int32_t cylinder, std::span<const std::int32_t> to, std::span<double> seek_s) const;

  std::uint32_t size() const { return cylinders_; }
  bool empty() const { return cylinders_ == 0; }
  // A data sheet's, which never falls, as seek_from_data_sheet() has made sure, and of which the time a cylinder falls
  // from the second one on. Others may have dips.
  bool concave() const {
    return knots_.empty() && roots_.boundary == UINT32_MAX && roots_.near_s >= 0 && roots_.near_root_s > 0;
  }
  double longest_s() const { return (*this)[cylinders_ - 1]; }

 private:
  // From `first` on, until the next one: s, and what it rises by over `run` cylinders counted from `base`.
  struct Knot {
    std::uint32_t first = 0;
    std::uint32_t base = 0;
    double s = 0;
    double rise_s = 0;
    double run = 1;
  };

  double by_roots(std::uint32_t distance) const {
    if (distance < 2) return distance == 0 ? 0 : roots_.next_s;
    const double d = distance;
    if (distance >= roots_.boundary) return roots_.far_s + roots_.far_each_s * d;
    return roots_.near_s + roots_.near_root_s * std::sqrt(d) + roots_.near_each_s * d;
  }
  double by_knots(std::uint32_t distance) const {
    std::uint32_t knot = hints_[distance >> hint_shift_];
    while (knots_[knot + 1].first <= distance) ++knot;
    const Knot& from = knots_[knot];
    return from.s + from.rise_s * (distance - from.base) / from.run;
  }

  std::uint32_t cylinders_ = 0;
  Roots roots_;
  std::vector<Knot> knots_;           // and one that no distance reaches; empty: roots_
  std::vector<std::uint32_t> hints_;  // the first knot that a distance may follow, by distance >> hint_shift_
  int hint_shift_ = 0;
};

// Track to track, average over pairs of random addresses, full stroke, all met exactly, and `settle_s`, where the curve
// begins for all but the next track: from track_to_track_s up. Empty when no rising curve of the form has these.
SeekCurve seek_from_data_sheet(double track_to_track_s, double settle_s, double average_s, double full_stroke_s,
                               const Geometry& geometry);

// a + b sqrt(d) below `boundary`, c + e d from there on.
SeekCurve seek_from_two_pieces(double a_s, double b_s, double c_s, double e_s, std::uint32_t boundary,
                               std::uint32_t cylinders);

// The mean of curve[|distance|] over pairs of addresses drawn at random from the whole drive.
double mean_over_random_pairs(const SeekCurve& curve, const Geometry& geometry);

}  // namespace headway
