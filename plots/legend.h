// What the lines of a chart are called: to the right of the axes or below them, in the order in which the lines lie.
#pragma once

#include <string>
#include <vector>

#include "plots/page.h"

namespace headway {

// The looks of line number i of a figure: colours first, then dashes and a letter, since more than eight colours cannot
// be told apart; in grey dashes from the beginning.
struct LineLook {
  std::string colour, stroke;  // what gnuplot draws the line with, "lw 2 lc rgb '#0072B2' dt 2"
  int shape = 0;               // of its marks
  std::string letter{};        // instead of marks, where there are many lines
};
inline constexpr std::size_t most_coloured_lines = 8;
LineLook line_look(std::size_t line, std::size_t lines, bool grey);

struct LegendEntry {
  std::string label;
  LineLook look;
};

class LegendBox {
 public:
  // `automatic` is to the right, unless that would leave the axes less than about half of the page.
  LegendBox(std::vector<LegendEntry> entries, double page_width, const FigureOptions& options);
  double right() const;  // how much room it takes there, cm
  double below() const;
  double least_height() const;  // of axes that it stands beside
  // `top`: of the axes. `bottom`: where its own room begins, if it stands below.
  void draw(Page& page, double top, double bottom) const;

 private:
  void entry(Page& page, double x, double y, std::size_t i) const;

  std::vector<LegendEntry> entries_;
  std::vector<std::string> names_;  // as short as need be
  double em_, page_width_, entry_width_ = 0;
  bool is_right_ = false, is_below_ = false;
  std::size_t columns_ = 1;
};

// A letter in a disc at each of the line's marks, or its shape: what `plot` draws of the file of them.
std::string marks_plot(const std::string& file, const LineLook& look, double font_pt);

}  // namespace headway
