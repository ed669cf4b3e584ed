// See legend.h.
#include "plots/legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plots/text_size.h"

namespace headway {

namespace {

constexpr std::size_t most_lines = 2;
constexpr double widest_name_ems = 11;     // of a name
constexpr double least_axes_share = 0.55;  // of the page, beside a legend
constexpr double sample_ems = 2;           // of a line, before its name

// gnuplot's numbers of shapes that differ at 2 mm: disc, square, triangle, diamond, the last one upside down, and the
// outlines of the first three.
constexpr std::array<int, most_coloured_lines> shapes = {7, 5, 9, 13, 11, 6, 4, 8};
constexpr std::array<const char*, 5> dashes = {"1", "'-'", "'.'", "'_.'", "'-..'"};

}  // namespace

LineLook line_look(std::size_t line, std::size_t lines, bool grey) {
  LineLook look{colour(line), "", shapes[line % shapes.size()]};
  const std::size_t dash = grey ? line % dashes.size() : line / most_coloured_lines;
  look.stroke = fmt::format("lw 2 lc rgb '{}' dt {}", look.colour, dashes[dash % dashes.size()]);
  if (lines > most_coloured_lines) look.letter = std::string(1, static_cast<char>('A' + line % 26));
  return look;
}

std::string marks_plot(const std::string& file, const LineLook& look, double font_pt) {
  if (look.letter.empty())
    return fmt::format("'{}' using 1:2 with points pt {} ps 0.9 lc rgb '{}'", file, look.shape, look.colour);
  return fmt::format(
      "'{0}' using 1:2 with points pt 7 ps {3} lc rgb '#ffffff', '{0}' using 1:2:(\"{1}\") with labels centre "
      "noenhanced "
      "font ',{4}' tc rgb '{2}'",
      file, look.letter, look.colour, font_pt * 0.2, font_pt * 0.85);
}

LegendBox::LegendBox(std::vector<LegendEntry> entries, double page_width, const FigureOptions& options)
    : entries_(std::move(entries)), em_(em_of(options)), page_width_(page_width) {
  if (entries_.empty() || options.legend == Legend::none) return;
  std::vector<std::string> labels;
  for (const LegendEntry& entry : entries_) labels.push_back(entry.label);
  names_ = wrapped_labels(labels, widest_name_ems, most_lines);
  double widest = 0;
  for (const std::string& name : names_) widest = std::max(widest, text_ems(name));
  entry_width_ = em_ * (sample_ems + 1.6 + widest);
  is_right_ = options.legend == Legend::right ||
              (options.legend == Legend::automatic && page_width - entry_width_ > least_axes_share * page_width);
  is_below_ = !is_right_;
  columns_ = is_right_ ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>(page_width / entry_width_));
}

double LegendBox::right() const { return is_right_ ? entry_width_ : 0; }

double LegendBox::below() const {
  if (!is_below_) return 0;
  double height = 0;
  for (std::size_t row = 0; row < names_.size(); row += columns_) {
    std::size_t lines = 1;
    for (std::size_t i = row; i < std::min(row + columns_, names_.size()); ++i)
      lines = std::max(lines, lines_of(names_[i]).size());
    height += line_ems * static_cast<double>(lines);
  }
  return em_ * (0.4 + height);
}

double LegendBox::least_height() const {
  if (!is_right_) return 0;
  std::size_t lines = 0;
  for (const std::string& name : names_) lines += lines_of(name).size();
  return em_ * line_ems * static_cast<double>(lines);
}

void LegendBox::entry(Page& page, double x, double y, std::size_t i) const {
  const LineLook& look = entries_[i].look;
  const double length = sample_ems * em_, first_y = y;
  page.line(x, first_y, x + length, first_y, look.stroke);
  if (look.letter.empty()) {
    page.mark(x + length / 2, first_y, fmt::format("pt {} ps 0.9 lc rgb '{}'", look.shape, look.colour));
  } else {
    page.mark(x + length / 2, first_y, fmt::format("pt 7 ps {} lc rgb '#ffffff'", em_ * 4));
    page.text(x + length / 2, first_y, look.letter, Align::centre, {.colour = look.colour});
  }
  const double lines = static_cast<double>(lines_of(names_[i]).size());
  page.text(x + length + 0.5 * em_, y - line_ems * em_ * (lines - 1) / 2, names_[i], Align::left,
            {.colour = look.colour});
}

void LegendBox::draw(Page& page, double top, double bottom) const {
  if (!is_right_ && !is_below_) return;
  const double left = is_right_ ? page_width_ - entry_width_ + 0.6 * em_ : 0.6 * em_;
  double y = is_right_ ? top - 0.6 * em_ : bottom + below() - line_ems * em_ / 2;
  for (std::size_t row = 0; row < names_.size(); row += columns_) {
    std::size_t lines = 1;
    for (std::size_t i = row; i < std::min(row + columns_, names_.size()); ++i) {
      entry(page, left + static_cast<double>(i - row) * entry_width_, y, i);
      lines = std::max(lines, lines_of(names_[i]).size());
    }
    y -= line_ems * em_ * static_cast<double>(lines);
  }
}

}  // namespace headway
