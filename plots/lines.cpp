// Lines differ in colour, dash and order of naming, so that they can be told apart in grey as well.
#include "plots/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

#include "core/error.h"
#include "plots/gnuplot.h"
#include "results/table.h"

namespace headway {

namespace {

constexpr std::size_t label_letters = 18, label_lines = 2;

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
  }
  if (!chart.x_logarithmic) extent.x_low = 0;
  if (!(extent.x_high > extent.x_low)) extent.x_high = (std::isfinite(extent.x_low) ? extent.x_low : 0) + 1;
  if (!std::isfinite(extent.x_low)) extent.x_low = chart.x_logarithmic ? extent.x_high / 10 : 0;
  extent.y_high = chart.y_high > 0 ? chart.y_high : extent.y_high > 0 ? extent.y_high * 1.05 : 1;
  return extent;
}

// Where a line lies on the whole: names stand in this order, highest first.
double height_of(const Line& line) {
  if (line.points.empty()) return 0;
  const double sum = std::accumulate(line.points.begin(), line.points.end(), 0.0,
                                     [](double total, const auto& point) { return total + point.second; });
  return sum / static_cast<double>(line.points.size());
}

std::string data_of(const Line& line) {
  std::string text;
  for (const auto& [x, y] : line.points) fmt::format_to(std::back_inserter(text), "{} {}\n", x, y);
  return text;
}

std::string dash(std::size_t line) {
  static constexpr std::array<const char*, 4> dashes = {"solid", "(12,4)", "(4,3)", "(12,4,3,4)"};
  return dashes[line / 2 % dashes.size()];
}

}  // namespace

void draw_lines(const LineChart& chart, const std::filesystem::path& out, const FigureOptions& options) {
  Gnuplot gnuplot(out, options);
  const Extent extent = extent_of(chart);
  const double em = options.font_pt / 72 * 2.54;
  std::vector<std::size_t> order(chart.lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return height_of(chart.lines[i]); });

  std::vector<std::string> labels;
  std::size_t letters = 1, rows = 0;
  for (const std::size_t line : order) {
    labels.push_back(wrapped_label(chart.lines[line].label, label_letters, label_lines));
    rows += 1 + static_cast<std::size_t>(std::ranges::count(labels.back(), '\n'));
    for (std::size_t start = 0; start <= labels.back().size();) {
      const std::size_t end = std::min(labels.back().find('\n', start), labels.back().size());
      letters = std::max(letters, display_width(std::string_view(labels.back()).substr(start, end - start)));
      start = end + 1;
    }
  }
  const double width = options.width_cm > 0 ? options.width_cm : 9;
  const double height = std::max(width <= 12 ? 5.5 : 7.0, em * (1.3 * static_cast<double>(rows) + 6));
  const Tics y_tics = tics_for(0, extent.y_high, 5);
  const auto y_letters = static_cast<double>(fmt::format("{:.{}f}", extent.y_high, y_tics.decimals).size());
  const double left = em * (3.2 + 0.62 * y_letters), right = em * (1.2 + 0.62 * static_cast<double>(letters));
  const double bottom = em * 3.6, top = em * 0.8;

  std::string script = fmt::format(
      "set border 3 lc rgb '#666666'\nset tics nomirror scale 0.4 textcolor rgb '#000000'\n"
      "set grid lc rgb '#dddddd' lt 1 lw 0.6\nunset key\n"
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n"
      "set xrange [{}:{}]\nset yrange [0:{}]\nset ytics {} format '%.{}f'\n"
      "set xlabel {} noenhanced offset 0,0.4\nset ylabel {} noenhanced offset 0.4,0\n",
      left / width, 1 - right / width, bottom / height, 1 - top / height, extent.x_low, extent.x_high, extent.y_high,
      y_tics.step, y_tics.decimals, gnuplot.text(chart.x_title), gnuplot.text(chart.y_title));
  script += chart.x_logarithmic ? "set logscale x\nset format x '%g'\n"
                                : fmt::format("set xtics {} format '%g'\n", tics_for(0, extent.x_high, 5).step);
  std::string plots;
  double y = 1 - top / height;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Line& line = chart.lines[order[i]];
    const auto lines = static_cast<double>(1 + std::ranges::count(labels[i], '\n'));
    y -= 1.3 * em / height * (i == 0 ? 0.6 : 1.0);
    script += fmt::format("set label {} {} at screen {},{} left noenhanced tc rgb '{}'\n", i + 1,
                          gnuplot.text(labels[i]), 1 - right / width + 0.6 * em / width, y, colour(order[i]));
    y -= 1.3 * em / height * (lines - 1);
    if (line.points.empty()) continue;
    const std::string file = fmt::format("line-{}.txt", order[i] + 1);
    gnuplot.data(file, data_of(line));
    plots += fmt::format("{}'{}' using 1:2 with {} lw 2.5 dt {} lc rgb '{}'", plots.empty() ? "plot " : ", ", file,
                         chart.steps ? "steps" : "lines", dash(order[i]), colour(order[i]));
  }
  if (plots.empty()) throw InputError(out.string(), "", "something to draw: a run with reads", "none");
  gnuplot.draw(script + plots + "\n", width, height);
}

}  // namespace headway
