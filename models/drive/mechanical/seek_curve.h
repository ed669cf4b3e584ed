// How long the heads take to cross a number of cylinders: a table by distance, from whichever form the figures have.
//
// The two-piece form is that of C. Ruemmler and J. Wilkes, "An introduction to disk drive modeling", IEEE Computer
// 27(3), 1994. The three data-sheet numbers are fitted by t(d) = a + b sqrt(d) + c d, which has that shape: the heads
// accelerate over short distances and coast over long ones.
//
// Simplification: the time depends on the distance alone. Real seeks differ by direction and radius by a few per cent,
// which evens out over random requests.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/drive/mechanical/geometry.h"

namespace headway {

// Seconds by distance in cylinders; [0] is 0.
using SeekCurve = std::vector<double>;

// Measured points (distance, seconds), distances ascending from 1 on: linear between them, and beyond the last as
// between the last two.
SeekCurve seek_from_points(const std::vector<std::pair<std::uint32_t, double>>& points, std::uint32_t cylinders);

// Track to track, average over pairs of random addresses (met exactly), full stroke. Empty when no rising curve of
// the form has these three.
SeekCurve seek_from_data_sheet(double track_to_track_s, double average_s, double full_stroke_s,
                               const Geometry& geometry);

// a + b sqrt(d) below `boundary`, c + e d from there on.
SeekCurve seek_from_two_pieces(double a_s, double b_s, double c_s, double e_s, std::uint32_t boundary,
                               std::uint32_t cylinders);

// The mean of value[|distance|] over pairs of addresses drawn at random from the whole drive.
double mean_over_random_pairs(const std::vector<double>& value, const Geometry& geometry);

}  // namespace headway
