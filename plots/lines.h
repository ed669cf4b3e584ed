// Line charts: a line a policy, named in its own colour and with its own mark, in the order in which the lines lie.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plots/figure.h"
#include "plots/series.h"

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
  std::string title{};              // of its panel, among several
};

// More than eight lines carry letters and dashes as well; more than can be told apart are refused, with what to do.
// Panels share their axes, and a line's looks go by its label. Throws as FigureKind::draw does.
void draw_lines(std::vector<LineChart> panels, const std::filesystem::path& out, const FigureOptions& options);
void draw_lines(const LineChart& chart, const std::filesystem::path& out, const FigureOptions& options);

// A chart of each part that --facet asks for.
using ChartOf = std::function<LineChart(std::span<const PlottedRun> runs, const FigureOptions& options)>;
std::vector<LineChart> charts_of(std::span<const PlottedRun> runs, const FigureOptions& options, const ChartOf& of);

// The mean of several courses at each x, each with half of its 95 % interval where there are several.
struct MeanCourse {
  std::vector<std::pair<double, double>> points;
  std::vector<double> halves;
};
// `values[i]` are those at `x[i]`, one a replicate; the others have as many.
MeanCourse mean_course(const std::vector<double>& x, const std::vector<std::vector<double>>& values, Looks looks);

}  // namespace headway
