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

// Physical offset over time: a column of panels a trace, a row a device; a row shares its axis of offsets, all share
// that of time. The ending of `out` says what it becomes: pdf, svg or png. Throws InputError for another ending, a
// trace that cannot be read, or traces of different devices; std::runtime_error when gnuplot is missing or fails.
void plot_offset_time(std::span<const LabelledTrace> traces, const std::filesystem::path& out);

}  // namespace headway
