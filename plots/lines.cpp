// Lines differ in colour, in the marks upon them and in the order of naming, so that they can be told apart in grey as
// well; dashes would drown in the noise of what is drawn here.
#include "plots/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/gnuplot.h"

namespace headway {

namespace {

constexpr std::size_t label_letters = 18, label_lines = 2, marks_a_line = 6;

struct Extent {
  double x_low = INFINITY, x_high = -INFINITY, y_high = 0;
};

Extent extent_of(const LineChart& chart) {
  Extent extent;
  for (const Line& line : chart.lines) {
    for (const auto& [x, y] : line.points) {
      if (!chart.x_logarithmic || x > 0) extent.x_low = std::min(extent.x_low, x);
      extent.x_high = std::max(extent.x_high, x);
      extent.y_high = std::max(extent.y_high, y);
    }
    for (std::size_t i = 0; i < line.halves.size(); ++i) {
      extent.y_high = std::max(extent.y_high, line.points[i].second + line.halves[i]);
    }
  }
  if (!chart.x_logarithmic) extent.x_low = std::min(extent.x_low, 0.0);
  if (!(extent.x_high > extent.x_low)) extent.x_high = (std::isfinite(extent.x_low) ? extent.x_low : 0) + 1;
  if (!std::isfinite(extent.x_low)) extent.x_low = chart.x_logarithmic ? extent.x_high / 10 : 0;
  const double room = chart.y_low > 0 ? 1.5 : 1.05;
  extent.y_high = chart.y_high > 0 ? chart.y_high : extent.y_high > chart.y_low ? extent.y_high * room : 1;
  if (!chart.x_names.empty()) {
    extent.x_low = -0.4;
    extent.x_high = static_cast<double>(chart.x_names.size()) - 0.6;
  }
  return extent;
}

// Where a line lies on the whole: names stand in this order, highest first.
double height_of(const Line& line) {
  if (line.points.empty()) return 0;
  const double sum = std::accumulate(line.points.begin(), line.points.end(), 0.0,
                                     [](double total, const auto& point) { return total + point.second; });
  return sum / static_cast<double>(line.points.size());
}

std::string data_of(const Line& line, double y_low) {
  std::string text;
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    const auto [x, y] = line.points[i];
    fmt::format_to(std::back_inserter(text), "{} {} {}\n", x, std::max(y, y_low),
                   line.halves.empty() ? 0.0 : line.halves[i]);
  }
  return text;
}

// gnuplot's numbers of shapes that differ at 2 mm: disc, square, triangle, diamond, the last one upside down, and the
// outlines of the first three.
int shape(std::size_t line) {
  static constexpr std::array<int, 8> shapes = {7, 5, 9, 13, 11, 6, 4, 8};
  return shapes[line % shapes.size()];
}

// The names of the lines stand to the right of the axes, in the order in which the lines lie.
struct Names {
  std::vector<std::size_t> order;   // numbers of lines
  std::vector<std::string> labels;  // in that order
  std::size_t letters = 1, rows = 0;
};

Names names_of(const LineChart& chart) {
  Names names;
  names.order.resize(chart.lines.size());
  std::iota(names.order.begin(), names.order.end(), std::size_t{0});
  std::ranges::stable_sort(names.order, std::greater<>(), [&](std::size_t i) { return height_of(chart.lines[i]); });
  for (const std::size_t line : names.order) {
    const std::string& label =
        names.labels.emplace_back(wrapped_label(chart.lines[line].label, label_letters, label_lines) +
                                  (chart.lines[line].marked ? "*" : ""));
    for (std::size_t start = 0; start <= label.size(); ++names.rows) {
      const std::size_t end = std::min(label.find('\n', start), label.size());
      names.letters = std::max(names.letters, display_width(std::string_view(label).substr(start, end - start)));
      start = end + 1;
    }
  }
  return names;
}

// Where the axes stand, in cm, and how wide a letter is.
struct Frame {
  double em, width, height;
  double left, right, bottom, top;  // from the figure's edges
  double sample;                    // of a line, before its name
};

double width_of(const FigureOptions& options) { return options.width_cm > 0 ? options.width_cm : 9; }
double em_of(const FigureOptions& options) { return options.font_pt / 72 * 2.54; }

Frame frame_of(const Names& names, double y_letters, const Foot& foot, const FigureOptions& options) {
  const double em = em_of(options), width = width_of(options);
  const double height =
      foot.height() + std::max(width <= 12 ? 5.5 : 7.0, em * (1.3 * static_cast<double>(names.rows) + 6));
  const double sample = 1.6 * em;
  return {em,
          width,
          height,
          em * (3.3 + 0.66 * y_letters),
          sample + em * (1.6 + 0.62 * static_cast<double>(names.letters)),
          em * 3.6 + foot.height(),
          em * 0.8,
          sample};
}

std::string axes_script(const LineChart& chart, const Extent& extent, const Tics& y_tics, const Frame& frame,
                        const Gnuplot& gnuplot) {
  std::string script = fmt::format(
      "set border 3 lc rgb '#666666'\nset tics nomirror scale 0.4 textcolor rgb '#000000'\n"
      "set grid lc rgb '#dddddd' lt 1 lw 0.6\nunset key\n"
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n"
      "set xrange [{}:{}]\nset yrange [{}:{}]\n"
      "set xlabel {} noenhanced offset 0,0.4\nset ylabel {} noenhanced offset 0.4,0\n",
      frame.left / frame.width, 1 - frame.right / frame.width, frame.bottom / frame.height,
      1 - frame.top / frame.height, extent.x_low, extent.x_high, chart.y_low, extent.y_high,
      gnuplot.text(chart.x_title), gnuplot.text(chart.y_title));
  if (!chart.x_names.empty()) {
    const double name_ems =
        (frame.width - frame.left - frame.right) / frame.em / static_cast<double>(chart.x_names.size());
    script += named_tics(gnuplot, 'x', chart.x_names, static_cast<std::size_t>(std::max(3.0, name_ems / 0.62 - 1)));
  } else if (chart.x_logarithmic) {
    script += logarithmic_tics('x', extent.x_low, extent.x_high);
  } else {
    script += fmt::format("set xtics {} format '%g'\n", tics_for(0, extent.x_high, 5).step);
  }
  return script + (chart.y_low > 0 ? logarithmic_tics('y', chart.y_low, extent.y_high)
                                   : fmt::format("set ytics {} format '%.{}f'\n", y_tics.step, y_tics.decimals));
}

std::string look_of(std::size_t line) { return fmt::format("lc rgb '{}'", colour(line)); }

// A piece of each line with its mark, and its name.
std::string names_script(const Names& names, const Frame& frame, const Gnuplot& gnuplot) {
  std::string script;
  const double x = 1 - (frame.right - 0.6 * frame.em) / frame.width, sample = frame.sample / frame.width;
  double y = 1 - frame.top / frame.height;
  for (std::size_t i = 0; i < names.order.size(); ++i) {
    const std::size_t line = names.order[i];
    y -= 1.3 * frame.em / frame.height * (i == 0 ? 0.6 : 1.0);
    script += fmt::format("set arrow {0} from screen {1},{2} to screen {3},{2} nohead lw 2.5 {4}\n", i + 1, x, y,
                          x + sample, look_of(line));
    script += fmt::format("set label {} '' at screen {},{} point pt {} ps 0.9 {}\n", 2 * i + 1, x + sample / 2, y,
                          shape(line), look_of(line));
    script +=
        fmt::format("set label {} {} at screen {},{} left noenhanced tc rgb '{}'\n", 2 * i + 2,
                    gnuplot.text(names.labels[i]), x + (frame.sample + 0.5 * frame.em) / frame.width, y, colour(line));
    y -= 1.3 * frame.em / frame.height * static_cast<double>(std::ranges::count(names.labels[i], '\n'));
  }
  return script;
}

// What `plot` is to draw of one line, from the data file that this writes.
std::string plot_of(const LineChart& chart, std::size_t number, Gnuplot& gnuplot) {
  const Line& line = chart.lines[number];
  const std::string file = fmt::format("line-{}.txt", number + 1);
  gnuplot.data(file, data_of(line, chart.y_low));
  // Marks of neighbours are set apart, so that lines upon each other show both.
  const std::size_t gap = chart.every_point ? 1 : std::max<std::size_t>(1, line.points.size() / marks_a_line);
  std::string plot = fmt::format(
      "'{0}' using 1:2 with {1} lw 2 {2}, '{0}' using 1:2 every {3}::{4} with points pt {5} ps 0.9 {2}", file,
      chart.steps ? "steps" : "lines", look_of(number), gap, number * gap / chart.lines.size(), shape(number));
  if (!line.halves.empty()) {
    plot +=
        fmt::format(", '{}' using 1:2:3 with yerrorbars pt {} ps 0.9 lw 1.5 {}", file, shape(number), look_of(number));
  }
  return plot;
}

}  // namespace

void draw_lines(const LineChart& chart, const std::filesystem::path& out, const FigureOptions& options) {
  Gnuplot gnuplot(out, options);
  const Extent extent = extent_of(chart);
  const Tics y_tics = tics_for(0, extent.y_high, 5);
  const Names names = names_of(chart);
  const auto y_letters = static_cast<double>(fmt::format("{:.{}f}", extent.y_high, y_tics.decimals).size());
  const Foot foot(chart.foot, width_of(options), em_of(options));
  const Frame frame = frame_of(names, y_letters, foot, options);
  std::vector<std::string> plots;
  for (const std::size_t line : names.order) {
    if (!chart.lines[line].points.empty()) plots.push_back(plot_of(chart, line, gnuplot));
  }
  if (plots.empty()) throw InputError(out.string(), "", "something to draw: a run with reads", "none");
  gnuplot.draw(axes_script(chart, extent, y_tics, frame, gnuplot) + names_script(names, frame, gnuplot) +
                   foot.script(gnuplot, frame.height) +
                   fmt::format("plot {}\n", fmt::join(plots, ", ")),
               frame.width, frame.height);
}

}  // namespace headway
