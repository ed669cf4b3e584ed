// Figures from results and traces, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace headway {

// A trace and the label that its panels carry.
struct LabelledTrace {
  std::string label;
  std::filesystem::path path;
};

struct FigureOptions {
  double width_cm = 0;  // 0: one column of a paper (9 cm), or two (18 cm) where one is too narrow
  double font_pt = 8;
  std::filesystem::path keep;  // a directory for the gnuplot script and its data, for changing by hand; empty: none
};

// Physical offset over time: a column of panels a trace, a row a device; a row shares its axis of offsets, all share
// that of time. The ending of `out` says what it becomes: pdf, svg or png. Throws InputError for another ending, a
// trace that cannot be read, or traces of different devices; std::runtime_error when gnuplot is missing or fails.
void plot_offset_time(std::span<const LabelledTrace> traces, const std::filesystem::path& out,
                      const FigureOptions& options = {});

}  // namespace headway
