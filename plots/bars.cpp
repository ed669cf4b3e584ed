// See bars.h.
#include "plots/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/gnuplot.h"

namespace headway {

namespace {

constexpr std::size_t label_letters = 24;

std::string label_of(const Bar& bar) { return wrapped_label(bar.label, label_letters, 1) + (bar.marked ? "*" : ""); }

double length_of(const Bar& bar) { return std::accumulate(bar.parts.begin(), bar.parts.end(), 0.0); }

std::string rectangle(int object, double from_x, double to_x, double y, const std::string& fill) {
  return fmt::format(
      "set object {} rectangle from {},{} to {},{} fs solid border rgb '#666666' lw 0.5 fc rgb '{}' front\n", object,
      from_x, y - 0.36, to_x, y + 0.36, fill);
}

// Where a part's name stands in the key: as many in a row as the page is wide.
struct KeyPlace {
  double x = 0;  // cm
  int row = 0;
};

std::vector<KeyPlace> key_places(const std::vector<std::string>& names, double width, double em) {
  std::vector<KeyPlace> places;
  KeyPlace next{0.8 * em, 0};
  for (const std::string& name : names) {
    const double length = em * (1.9 + 0.68 * static_cast<double>(name.size()));  // a name of wide letters
    if (next.x > 0.8 * em && next.x + length > width) next = {0.8 * em, next.row + 1};
    places.push_back(next);
    next.x += length;
  }
  return places;
}

}  // namespace

void draw_bars(const BarChart& chart, const std::filesystem::path& out, const FigureOptions& options) {
  if (chart.bars.empty()) throw InputError(out.string(), "", "something to draw", "nothing");
  Gnuplot gnuplot(out, options);
  const double em = options.font_pt / 72 * 2.54;
  double x_high = chart.x_high, rows = 0;
  std::size_t letters = 1, note_letters = 0;
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    if (chart.x_high == 0) x_high = std::max({x_high, length_of(bar) * 1.02, bar.high * 1.02});
    letters = std::max(letters, display_width(label_of(bar)));
    note_letters = std::max(note_letters, display_width(bar.note));
    rows += i > 0 && bar.group != chart.bars[i - 1].group ? 1.6 : 1;
  }
  if (!(x_high > 0)) x_high = 1;
  const bool key = chart.part_names.size() > 1;
  const double width = options.width_cm > 0 ? options.width_cm : 9;
  const double left = em * (0.8 + 0.62 * static_cast<double>(letters));
  const double right = em * (1.2 + 0.62 * static_cast<double>(note_letters));
  const std::vector<KeyPlace> places = key_places(chart.part_names, width, em);
  const Foot foot(chart.foot, width, em);
  const double bottom = em * 3.4 + foot.height(), top = em * (key ? 2.2 + 1.3 * places.back().row : 0.6);
  const double height = bottom + top + em * 1.5 * rows;

  std::string script = fmt::format(
      "set border 1 lc rgb '#666666'\nset xtics nomirror scale 0.4 textcolor rgb '#000000'\nunset ytics\nunset key\n"
      "set grid xtics lc rgb '#dddddd' lt 1 lw 0.6\n"
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n"
      "set xrange [0:{}]\nset yrange [{}:0.4]\nset xtics {} format '%g'\nset xlabel {} noenhanced offset 0,0.4\n",
      left / width, 1 - right / width, bottom / height, 1 - top / height, x_high, -rows + 0.4,
      tics_for(0, x_high, width <= 12 ? 4 : 8).step, gnuplot.text(chart.x_title));
  script += foot.script(gnuplot, height);
  int object = 0;
  double y = 0;
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    if (i > 0) y -= bar.group != chart.bars[i - 1].group ? 1.6 : 1;
    double x = 0;
    for (std::size_t part = 0; part < bar.parts.size(); ++part) {
      if (bar.parts[part] <= 0) continue;
      script += rectangle(++object, x, std::min(x + bar.parts[part], x_high), y - 0.1, chart.part_colours[part]);
      x += bar.parts[part];
    }
    if (bar.high > bar.low) {
      script += fmt::format("set arrow from {},{} to {},{} heads size screen 0.008,90 lw 2 lc rgb '#000000' front\n",
                            bar.low, y - 0.1, bar.high, y - 0.1);
    }
    script += fmt::format("set label {} at screen {},first {} right noenhanced\n",
                          gnuplot.text(label_of(bar)), (left - 0.5 * em) / width, y - 0.1);
    script += fmt::format("set label {} at graph 1,first {} left offset char 0.6,0 noenhanced\n",
                          gnuplot.text(bar.note), y - 0.1);
  }
  if (key) {
    for (std::size_t part = 0; part < chart.part_names.size(); ++part) {
      const double key_x = places[part].x, key_y = 1 - em * (0.9 + 1.3 * places[part].row) / height;
      script += fmt::format(
          "set object {} rectangle from screen {},{} to screen {},{} fs solid border rgb '#666666' lw 0.5 fc rgb '{}' "
          "front\n",
          ++object, key_x / width, key_y - 0.35 * em / height, (key_x + 0.8 * em) / width, key_y + 0.35 * em / height,
          chart.part_colours[part]);
      script += fmt::format("set label {} at screen {},{} left noenhanced\n", gnuplot.text(chart.part_names[part]),
                            (key_x + 1.1 * em) / width, key_y);
    }
  }
  gnuplot.draw(script + "plot NaN notitle\n", width, height);
}

}  // namespace headway
