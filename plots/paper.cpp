// See paper.h. A TeX point is 1/72.27 inch. Letters of 8 points are those of captions or a point below them; a talk's
// are larger.
#include "plots/paper.h"

#include <algorithm>
#include <array>

namespace headway {

namespace {

constexpr std::array<Paper, 5> table = {{
    {"acm", 8.47, 17.79, 8, "acmart.cls with sigconf: text of 506.295 pt, a gutter of 2 pc, columns of 241.147 pt"},
    {"ieee", 8.85, 18.13, 8, "IEEEtran.cls: columns of 252 pt (21 pc), text of 516 pt (43 pc)"},
    {"usenix", 8.47, 17.78, 8, "usenix2019_v3.sty: text of 7 in, a gutter of 0.33 in, so columns of 3.335 in"},
    {"lncs", 12.2, 12.2, 8, "llncs.cls: one column of 12.2 cm"},
    {"slides", 14.0, 14.0, 11, "beamer with aspectratio=169: a page of 16 cm with margins of 1 cm"},
}};

}  // namespace

std::span<const Paper> papers() { return table; }

std::vector<std::string> paper_names() {
  std::vector<std::string> names;
  for (const Paper& paper : table) names.emplace_back(paper.name);
  return names;
}

void make_for(FigureOptions& options, std::string_view name, bool keep_font) {
  const Paper& paper = *std::ranges::find(table, name, &Paper::name);
  options.column_cm = paper.column_cm;
  options.text_cm = paper.text_cm;
  if (!keep_font) options.font_pt = paper.font_pt;
}

}  // namespace headway
