// Horizontal bars, one below another, each named at its left: names need no turning, and any number of bars fits.
#pragma once

#include <string>
#include <vector>

#include "plots/figure.h"

namespace headway {

struct Bar {
  std::string label;
  std::vector<double> parts;  // laid end to end
  double low = 0, high = 0;   // an interval around the end; none where equal
  std::string note;           // at its right
  std::size_t group = 0;      // bars of one group stand together
  bool marked = false;        // with an asterisk, which the foot explains
};

struct BarChart {
  std::string x_title;
  std::vector<std::string> part_names;  // one, without a name, or the names of the parts
  std::vector<std::string> part_colours;
  double x_high = 0;  // 0: from the data
  std::vector<Bar> bars;
  std::vector<std::string> foot{};  // sentences below the axis
  std::string title{};              // of its panel, among several
};

// Panels stand below each other, share their axis, and what the parts are called. Throws as FigureKind::draw does.
void draw_bars(std::vector<BarChart> panels, const std::filesystem::path& out, const FigureOptions& options);
void draw_bars(const BarChart& chart, const std::filesystem::path& out, const FigureOptions& options);

}  // namespace headway
