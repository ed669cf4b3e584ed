// See lines.h.
#include "plots/lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "core/base/error.h"
#include "plots/draw.h"
#include "plots/legend.h"
#include "plots/page.h"
#include "plots/sample.h"
#include "plots/text_size.h"

namespace headway {

namespace {

constexpr std::size_t most_lines = 16, marks_a_line = 6;

// Where a line lies on the whole: names stand in this order, highest first.
double height_of(const Line& line) {
  if (line.points.empty()) return 0;
  const double sum = std::accumulate(line.points.begin(), line.points.end(), 0.0,
                                     [](double total, const auto& point) { return total + point.second; });
  return sum / static_cast<double>(line.points.size());
}

double half_of(const Line& line, std::size_t point) { return line.halves.empty() ? 0 : line.halves[point]; }

bool has_intervals(const Line& line) {
  return std::ranges::any_of(line.halves, [](double half) { return half > 0; });
}

// What all panels share.
class LineFigure {
 public:
  LineFigure(std::vector<LineChart> panels, const FigureOptions& options);
  void draw(const std::filesystem::path& out);

 private:
  bool names_are_titles() const;
  // Of many lines in one panel they would cover each other.
  bool has_bands() const { return labels_.size() <= most_coloured_lines || names_are_titles(); }
  void find_extent();
  void take_ranges();
  std::vector<LegendEntry> entries() const;
  std::vector<std::string> foot() const;
  void lay_out(const LegendBox& legend);
  void title_and_panel(Page& page, std::size_t i);
  std::vector<std::pair<double, double>> marks_of(const Line& line, std::size_t place) const;
  std::string plot_of(const LineChart& chart, const Line& line, std::size_t number, Gnuplot& gnuplot) const;
  std::string panel_plots(std::size_t i, Gnuplot& gnuplot);
  double drawn(double y) const { return y_.logarithmic ? std::max(y, y_.low) : y; }

  const FigureOptions& options_;
  std::vector<LineChart> panels_;
  std::vector<std::string> labels_;  // each once, marked ones with their asterisk
  PlotAxis x_, y_;
  double em_, width_;
  // Lengths in cm.
  std::size_t columns_ = 1, rows_ = 1;
  double height_ = 0, left_ = 0, right_ = 0, top_ = 0, panel_width_ = 0, panel_height_ = 0, row_gap_ = 0, gap_ = 0;
  double floor_ = 0;  // of the lowest panels
  std::size_t files_ = 0;
};

std::string marked_label(const Line& line) { return line.label + (line.marked ? "*" : ""); }

LineFigure::LineFigure(std::vector<LineChart> panels, const FigureOptions& options)
    : options_(options),
      panels_(std::move(panels)),
      em_(em_of(options)),
      width_(width_of(options, panels_.size() > 2)) {
  for (LineChart& panel : panels_) {
    if (panel.lines.size() > most_lines)
      throw InputError(
          "", "",
          fmt::format("at most {} lines in one panel (--policy chooses, --facet policy draws a panel each)",
                      most_lines),
          fmt::format("{}", panel.lines.size()));
    for (const Line& line : panel.lines) {
      if (std::ranges::find(labels_, marked_label(line)) == labels_.end()) labels_.push_back(marked_label(line));
    }
  }
  if (options.order == Order::name) std::ranges::sort(labels_);
  find_extent();
  take_ranges();
}

bool LineFigure::names_are_titles() const {
  return panels_.size() > 1 && std::ranges::all_of(panels_, [](const LineChart& panel) {
           return panel.lines.size() == 1 && panel.lines[0].label == panel.title && !panel.lines[0].marked;
         });
}

void LineFigure::find_extent() {
  const LineChart& first = panels_.front();
  x_.logarithmic = first.x_logarithmic || (options_.log_x && first.x_names.empty());
  const bool logarithmic_y =
      options_.log_y || std::ranges::any_of(panels_, [](auto& panel) { return panel.y_low > 0; });
  double x_low = INFINITY, x_high = -INFINITY, y_high = 0, least = INFINITY;
  for (const LineChart& panel : panels_) {
    for (const Line& line : panel.lines) {
      for (std::size_t i = 0; i < line.points.size(); ++i) {
        const auto [x, y] = line.points[i];
        if (!x_.logarithmic || x > 0) x_low = std::min(x_low, x);
        x_high = std::max(x_high, x);
        y_high = std::max(y_high, y + half_of(line, i));
        if (y > 0) least = std::min(least, y);
      }
    }
    if (panel.y_low > 0) y_.low = y_.low > 0 ? std::min(y_.low, panel.y_low) : panel.y_low;
    y_.high = std::max(y_.high, panel.y_high);
  }
  if (!x_.logarithmic) x_low = std::min(x_low, 0.0);
  if (!(x_high > x_low)) x_high = (std::isfinite(x_low) ? x_low : 0) + 1;
  if (!std::isfinite(x_low)) x_low = x_.logarithmic ? x_high / 10 : 0;
  x_.low = x_low;
  x_.high = x_high;
  y_.logarithmic = logarithmic_y;
  if (logarithmic_y && !(y_.low > 0)) y_.low = std::isfinite(least) ? std::pow(10, std::floor(std::log10(least))) : 0.1;
  const double fixed = std::ranges::max(panels_, {}, &LineChart::y_high).y_high;
  y_.high = fixed > 0 ? fixed : y_high > y_.low ? y_high * (logarithmic_y ? 1.5 : 1.05) : y_.low > 0 ? y_.low * 10 : 1;
  if (first.x_names.empty()) return;
  x_.low = -0.4;
  x_.high = static_cast<double>(first.x_names.size()) - 0.6;
}

void LineFigure::take_ranges() {
  const auto take = [](std::string_view option, const std::optional<ValueRange>& range, PlotAxis& axis) {
    if (!range) return;
    if (std::isfinite(range->low)) axis.low = range->low;
    if (std::isfinite(range->high)) axis.high = range->high;
    if (axis.logarithmic && !(axis.low > 0))
      throw InputError("", option, "a range above 0, for the axis is logarithmic", fmt::format("{}", axis.low));
    if (!(axis.low < axis.high))
      throw InputError("", option, "a range in which something lies", fmt::format("{:g}..{:g}", axis.low, axis.high));
  };
  take("--x-range", options_.x_range, x_);
  take("--y-range", options_.y_range, y_);
}

std::vector<LegendEntry> LineFigure::entries() const {
  std::vector<double> heights(labels_.size(), -INFINITY);
  for (const LineChart& panel : panels_) {
    for (const Line& line : panel.lines) {
      const auto place = std::ranges::find(labels_, marked_label(line)) - labels_.begin();
      double& height = heights[static_cast<std::size_t>(place)];
      height = std::max(height, height_of(line));
    }
  }
  std::vector<std::size_t> order(labels_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (options_.order == Order::automatic || options_.order == Order::value)
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) { return heights[i]; });
  std::vector<LegendEntry> entries;
  for (const std::size_t i : order) entries.push_back({labels_[i], line_look(i, labels_.size(), options_.grey)});
  return entries;
}

std::vector<std::string> LineFigure::foot() const {
  std::vector<std::string> sentences;
  bool intervals = false;
  for (const LineChart& panel : panels_) {
    intervals = intervals || std::ranges::any_of(panel.lines, has_intervals);
    for (const std::string& sentence : panel.foot) {
      if (std::ranges::find(sentences, sentence) == sentences.end()) sentences.push_back(sentence);
    }
  }
  if (intervals && (has_bands() || panels_.front().every_point))
    sentences.push_back(
        fmt::format("{}: 95 % intervals of the mean over seeds", panels_.front().every_point ? "bars" : "bands"));
  else if (intervals)
    sentences.emplace_back("means over seeds (--facet policy shows their 95 % intervals)");
  return sentences;
}

void LineFigure::lay_out(const LegendBox& legend) {
  x_.title = x_title(options_, panels_.front().x_title);
  y_.title = y_title(options_, panels_.front().y_title);
  const bool many = panels_.size() > 1;
  constexpr double least_panel = 3;
  const double room = width_ - legend.right() - em_ * 5;
  columns_ = std::clamp<std::size_t>(static_cast<std::size_t>(room / least_panel), 1, panels_.size());
  rows_ = (panels_.size() + columns_ - 1) / columns_;
  columns_ = (panels_.size() + rows_ - 1) / rows_;  // as many in each row
  const auto rows = static_cast<double>(rows_), columns = static_cast<double>(columns_);
  const Sentences foot(this->foot(), width_, em_), title = title_of(options_, panels_.size() > 2);
  top_ = em_ * (many ? 1.8 : 0.8) + title.height();
  row_gap_ = many ? em_ * 2.4 : 0;
  // The x axis takes the same room whatever its tics, unless they are slanted.
  floor_ = foot.height() + legend.below() + em_ * 3.3;
  const double usual = many ? (rows * 2.6 + row_gap_ * (rows - 1)) + top_ + floor_ - legend.below()
                            : (width_ <= 12 ? 5.5 : 7.0) + foot.height() + title.height();
  const double least = std::max(legend.least_height() + top_, em_ * 6 * rows + row_gap_ * (rows - 1)) + floor_;
  height_ = options_.height_cm > 0 ? options_.height_cm : std::max(usual + legend.below(), least);
  const double least_shown = floor_ + top_ + rows * 2 * em_ + row_gap_ * (rows - 1);
  if (height_ < std::max(least_shown, legend.least_height()))
    throw InputError("", "--height",
                     fmt::format("at least {:.1f} cm for this figure", std::max(least_shown, legend.least_height())),
                     fmt::format("{:g}", options_.height_cm));
  panel_height_ = (height_ - top_ - floor_ - row_gap_ * (rows - 1)) / rows;
  y_.ticks = ticks_up(y_, panel_height_, em_);
  left_ = em_ * ems_left(y_);
  right_ = std::max(legend.right(), em_ * 1.2);
  gap_ = em_ * 1.5;
  panel_width_ = (width_ - left_ - right_ - gap_ * (columns - 1)) / columns;
  if (panel_width_ < 3 * em_)
    throw InputError("", "--width", "room for the axes beside the names (--legend below)",
                     fmt::format("{:.1f} cm", width_));
  if (panels_.front().x_names.empty()) {
    x_.ticks = ticks_across(x_, panel_width_, em_);
  } else {
    const double ems = panel_width_ / em_ / static_cast<double>(panels_.front().x_names.size()) - 0.6;
    x_.ticks = named_ticks(panels_.front().x_names, std::max(1.5, ems));
  }
}

void LineFigure::title_and_panel(Page& page, std::size_t i) {
  const std::size_t row = i / columns_, column = i % columns_;
  const Box box{left_ + static_cast<double>(column) * (panel_width_ + gap_),
                floor_ + static_cast<double>(rows_ - 1 - row) * (panel_height_ + row_gap_), panel_width_,
                panel_height_};
  PlotAxis x = x_, y = y_;
  y.is_named = column == 0;
  if (column > 0) y.title.clear();
  x.is_named = i + columns_ >= panels_.size();  // none below it
  if (!x.is_named) x.title.clear();
  if (!panels_[i].title.empty())
    page.text(box.left + box.width / 2, box.top() + 0.8 * em_,
              wrapped_label(panels_[i].title, panel_width_ / em_ - 0.5, 1), Align::centre);
  page.panel(box, x, y);
}

// Marks of neighbours are set apart, so that lines upon each other show both.
std::vector<std::pair<double, double>> LineFigure::marks_of(const Line& line, std::size_t place) const {
  std::vector<std::pair<double, double>> marks;
  const double shift =
      (static_cast<double>(place) + 0.5) / static_cast<double>(std::max<std::size_t>(1, labels_.size()));
  for (std::size_t mark = 0; mark < marks_a_line; ++mark) {
    const double wanted = (static_cast<double>(mark) + shift) / marks_a_line;
    const auto nearest = std::ranges::min_element(
        line.points, {}, [&](const auto& point) { return std::abs(x_.place(point.first) - wanted); });
    if (marks.empty() || marks.back() != *nearest) marks.push_back(*nearest);
  }
  return marks;
}

std::string LineFigure::plot_of(const LineChart& chart, const Line& line, std::size_t number, Gnuplot& gnuplot) const {
  const auto place = static_cast<std::size_t>(std::ranges::find(labels_, marked_label(line)) - labels_.begin());
  const LineLook look = line_look(place, names_are_titles() ? 1 : labels_.size(), options_.grey);
  std::string points, band, marks, plot;
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    const auto [x, y] = line.points[i];
    const double half = half_of(line, i);
    fmt::format_to(std::back_inserter(points), "{} {} {}\n", x, drawn(y), half);
    const double low = std::max(y - half, y_.low), high = drawn(y + half);
    fmt::format_to(std::back_inserter(band), "{} {} {}\n", x, low, high);
    if (chart.steps && i + 1 < line.points.size())
      fmt::format_to(std::back_inserter(band), "{} {} {}\n", line.points[i + 1].first, low, high);
  }
  for (const auto& [x, y] : chart.every_point ? line.points : marks_of(line, place))
    fmt::format_to(std::back_inserter(marks), "{} {}\n", x, drawn(y));
  const std::string file = fmt::format("line-{}.txt", number), marks_file = fmt::format("marks-{}.txt", number);
  gnuplot.data(file, points);
  gnuplot.data(marks_file, marks);
  if (has_intervals(line) && !chart.every_point && has_bands()) {
    gnuplot.data(fmt::format("band-{}.txt", number), band);
    plot = fmt::format("'band-{}.txt' using 1:2:3 with filledcurves fs transparent solid 0.2 noborder fc rgb '{}', ",
                       number, look.colour);
  }
  plot += fmt::format("'{}' using 1:2 with {} {}, ", file, chart.steps ? "steps" : "lines", look.stroke);
  if (has_intervals(line) && chart.every_point)
    plot += fmt::format("'{}' using 1:2:3 with yerrorbars pt {} ps 0.9 lw 1.5 lc rgb '{}', ", file, look.shape,
                        look.colour);
  return plot + marks_plot(marks_file, look, options_.font_pt);
}

std::string LineFigure::panel_plots(std::size_t i, Gnuplot& gnuplot) {
  const LineChart& panel = panels_[i];
  std::vector<std::size_t> order(panel.lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t line) { return height_of(panel.lines[line]); });
  std::vector<std::string> plots;
  for (const std::size_t line : order) {
    if (!panel.lines[line].points.empty())
      plots.push_back(plot_of(panel, panel.lines[line], files_ + line + 1, gnuplot));
  }
  files_ += panel.lines.size();
  return fmt::format("{}", fmt::join(plots, ", "));
}

void LineFigure::draw(const std::filesystem::path& out) {
  Gnuplot gnuplot(out, options_);
  const LegendBox legend(names_are_titles() ? std::vector<LegendEntry>{} : entries(), width_, options_);
  lay_out(legend);
  Page page(gnuplot, options_);
  page.size(width_, height_);
  page.title(title_of(options_, panels_.size() > 2));
  const Sentences foot(this->foot(), width_, em_);
  page.foot(foot);
  legend.draw(page, height_ - top_, foot.height());
  page.raw("set border 3 lc rgb '#666666'\n");
  bool any = false;
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    title_and_panel(page, i);
    const std::string plots = panel_plots(i, gnuplot);
    any = any || !plots.empty();
    page.plot(plots);
  }
  if (!any) throw InputError(out.string(), "", "something to draw: a run with reads", "none");
  page.draw();
}

}  // namespace

void draw_lines(std::vector<LineChart> panels, const std::filesystem::path& out, const FigureOptions& options) {
  LineFigure(std::move(panels), options).draw(out);
}

void draw_lines(const LineChart& chart, const std::filesystem::path& out, const FigureOptions& options) {
  draw_lines(std::vector{chart}, out, options);
}

std::vector<LineChart> charts_of(std::span<const PlottedRun> runs, const FigureOptions& options, const ChartOf& of) {
  std::vector<LineChart> charts;
  for (const Part& part : parts_of(good_runs(runs), options)) {
    charts.push_back(of(part.runs, part.options));
    charts.back().title = part.title;
  }
  return charts;
}

MeanCourse mean_course(const std::vector<double>& x, const std::vector<std::vector<double>>& values, Looks looks) {
  MeanCourse course;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Sample sample{"", values[i], looks};
    course.points.emplace_back(x[i], sample.mean());
    course.halves.push_back(sample.half_interval());
  }
  return course;
}

}  // namespace headway
