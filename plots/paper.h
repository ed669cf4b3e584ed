// What figures are made for: how wide a column and the text are there. One table, from which the command line derives
// its choices.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/options.h"

namespace headway {

struct Paper {
  std::string_view name;
  double column_cm, text_cm;  // of one column, and of the text from edge to edge, rounded down
  double font_pt;
  std::string_view source;  // where the widths stand
};

std::span<const Paper> papers();
std::vector<std::string> paper_names();
// Sets the widths, and the size of letters unless that was asked for. Precondition: a name of the table.
void make_for(FigureOptions& options, std::string_view name, bool keep_font);

}  // namespace headway
