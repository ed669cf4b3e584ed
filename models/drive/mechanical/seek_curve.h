// How long the heads take to cross a number of cylinders: a table by distance, from whichever form the figures have.
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

// Track to track, average over pairs of random addresses, full stroke, all met exactly, and `settle_s`, where the curve
// begins for all but the next track: from track_to_track_s up. Empty when no rising curve of the form has these.
SeekCurve seek_from_data_sheet(double track_to_track_s, double settle_s, double average_s, double full_stroke_s,
                               const Geometry& geometry);

// a + b sqrt(d) below `boundary`, c + e d from there on.
SeekCurve seek_from_two_pieces(double a_s, double b_s, double c_s, double e_s, std::uint32_t boundary,
                               std::uint32_t cylinders);

// The mean of value[|distance|] over pairs of addresses drawn at random from the whole drive.
double mean_over_random_pairs(const std::vector<double>& value, const Geometry& geometry);

}  // namespace headway
