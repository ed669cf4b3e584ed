// Line charts: a line a run, named at the right in its own colour and with its own mark, in the order in which the
// lines lie.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plots/figure.h"

namespace headway {

struct Line {
  std::string label;
  std::vector<std::pair<double, double>> points;
  std::vector<double> halves{};  // half an interval about each point; none when empty
  bool marked = false;           // with an asterisk, which the foot explains
};

struct LineChart {
  std::string x_title, y_title;
  bool x_logarithmic = false;
  bool steps = false;                  // a value holds until the next point
  bool every_point = false;            // has a mark: each is a measurement of its own
  std::vector<std::string> x_names{};  // of the places 0, 1, 2, ... on the x axis; empty: numbers
  double y_high = 0;                   // 0: from the data
  double y_low = 0;                    // above 0: the y axis is logarithmic from there
  std::vector<Line> lines;
  std::vector<std::string> foot{};  // sentences below the axis
};

// Throws as FigureKind::draw does.
void draw_lines(const LineChart& chart, const std::filesystem::path& out, const FigureOptions& options);

}  // namespace headway
