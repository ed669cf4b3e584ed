// Maps of heat: one metric over two axes of a sweep, a panel a policy, the values in the cells where they have room.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "plots/gnuplot.h"
#include "plots/page.h"
#include "plots/swept.h"
#include "plots/text_size.h"

namespace headway {

namespace {

// The range of what the maps show; on a spread of decades the colour goes by the logarithm.
struct Heat {
  double low = INFINITY, high = -INFINITY;

  bool logarithmic() const { return low > 0 && high > 30 * low; }
  double part(double value) const {
    if (high <= low) return 0;
    return logarithmic() ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
};

Heat heat_of(const Grid& grid) {
  Heat heat;
  for (const SweptSeries& series : grid.series) {
    for (const Sample& cell : series.samples) {
      if (cell.values.empty()) continue;
      heat.low = std::min(heat.low, cell.mean());
      heat.high = std::max(heat.high, cell.mean());
    }
  }
  return heat;
}

std::string cells_of(const SweptSeries& series, std::size_t columns) {
  std::string cells;
  for (std::size_t place = 0; place < series.samples.size(); ++place) {
    if (!series.samples[place].values.empty())
      cells += fmt::format("{} {} {}\n", place % columns, place / columns, series.samples[place].mean());
  }
  return cells;
}

constexpr double most_name_ems = 9;  // of a value's

// The maps of heat of a sweep on their page, whose lengths are in cm.
class HeatFigure {
 public:
  HeatFigure(const Grid& grid, const SweptAxis& x, const SweptAxis& y, std::string title, const FigureOptions& options);
  void draw(const std::filesystem::path& out) const;

 private:
  PlotAxis axis(const SweptAxis& of, const std::vector<Tick>& ticks) const;
  std::string numbers_plot(Gnuplot& gnuplot, std::size_t i) const;

  const Grid& grid_;
  const SweptAxis &x_, &y_;
  const Heat heat_;
  const std::string title_;
  const FigureOptions& options_;
  const double em_;
  std::vector<Tick> x_ticks_, y_ticks_;
  std::size_t columns_, rows_;
  double width_, height_, left_, gap_, right_, top_, below_, head_, foot_, panel_, panel_height_;
  bool slanted_;  // the names along the x axis, where they are wider than their cells
};

HeatFigure::HeatFigure(const Grid& grid, const SweptAxis& x, const SweptAxis& y, std::string title,
                       const FigureOptions& options)
    : grid_(grid),
      x_(x),
      y_(y),
      heat_(heat_of(grid)),
      title_(std::move(title)),
      options_(options),
      em_(em_of(options)) {
  const std::size_t panels = grid.series.size();
  width_ = width_of(options, panels > 1);
  columns_ = std::min<std::size_t>(panels, width_ < 12 ? 1 : 3);
  rows_ = (panels + columns_ - 1) / columns_;
  x_ticks_ = named_ticks(x.values, most_name_ems);
  y_ticks_ = named_ticks(y.values, most_name_ems);
  left_ = gap_ = em_ * ems_left({.ticks = y_ticks_, .title = y.name});
  right_ = em_ * 6.4;
  const auto columns = static_cast<double>(columns_), rows = static_cast<double>(rows_);
  const auto fit = [&] { panel_ = (width_ - left_ - right_ - gap_ * (columns - 1)) / columns; };
  fit();
  slanted_ = panel_ / static_cast<double>(x.values.size()) < em_ * (widest_ems(x_ticks_) + 0.5);
  if (slanted_) {  // the first name reaches beyond its panel
    left_ = std::max(left_, em_ * (0.4 + std::cos(slant_degrees * std::acos(-1) / 180) * widest_ems(x_ticks_)));
    fit();
  }
  if (panel_ < 2 * em_) throw InputError("", "--width", "room for the maps", fmt::format("{:.1f} cm", width_));
  below_ = em_ * ems_below({.ticks = x_ticks_, .title = x.name, .slanted = slanted_});
  top_ = em_ * 1.8;
  head_ = title_of(options, panels > 1).height();
  foot_ = Sentences(grid.undone.sentences(), width_, em_).height();
  const double cell = std::clamp(panel_ / static_cast<double>(x.values.size()), 0.3, 0.9);
  const double least = 1.3 * em_ * static_cast<double>(y.values.size());  // names of rows would touch
  panel_height_ = std::max({3 * em_, cell * static_cast<double>(y.values.size()), least});
  height_ = (top_ + below_ + panel_height_) * rows + head_ + foot_;
}

PlotAxis HeatFigure::axis(const SweptAxis& of, const std::vector<Tick>& ticks) const {
  PlotAxis axis{-0.5, static_cast<double>(of.values.size()) - 0.5};
  axis.ticks = ticks;
  axis.title = of.name;
  return axis;
}

// The values in their cells, as tables show them; nothing where one has no room.
std::string HeatFigure::numbers_plot(Gnuplot& gnuplot, std::size_t i) const {
  const SweptSeries& series = grid_.series[i];
  const double cell_width = panel_ / static_cast<double>(x_.values.size());
  const double cell_height = panel_height_ / static_cast<double>(y_.values.size());
  std::string numbers;
  double widest = 0;
  for (std::size_t place = 0; place < series.samples.size(); ++place) {
    if (series.samples[place].values.empty()) continue;
    const double mean = series.samples[place].mean();
    const std::string number = figure_text(mean, metric(options_.metric).is_count) + (series.marked[place] ? "*" : "");
    widest = std::max(widest, text_ems(number));
    numbers += fmt::format("{} {} {} \"{}\" {}\n", place % x_.values.size(), place / x_.values.size(), mean, number,
                           heat_.part(mean) > 0.5 ? 0xffffff : 0);
  }
  gnuplot.data(fmt::format("numbers-{}.txt", i + 1), numbers);
  if (numbers.empty() || cell_width < (widest + 0.4) * em_ || cell_height < 1.1 * em_) return "";
  return fmt::format(", 'numbers-{}.txt' using 1:2:4:5 with labels noenhanced tc rgb variable", i + 1);
}

void HeatFigure::draw(const std::filesystem::path& out) const {
  Gnuplot gnuplot(out, options_);
  Page page(gnuplot, options_);
  page.size(width_, height_);
  page.title(title_of(options_, grid_.series.size() > 1));
  page.foot({grid_.undone.sentences(), width_, em_});
  page.raw(fmt::format(
      "set border 15 lc rgb '#999999' lw 0.6\nunset grid\nset tics scale 0\nunset colorbox\n"
      "set palette defined (0 '#fde725', 1 '#5ec962', 2 '#21918c', 3 '#3b528b', 4 '#440154')\n{}set cbrange [{}:{}]\n",
      heat_.logarithmic() ? "set logscale cb\n" : "", heat_.low, heat_.high > heat_.low ? heat_.high : heat_.low + 1));
  PlotAxis x = axis(x_, x_ticks_), y = axis(y_, y_ticks_);
  x.title = x_title(options_, x.title);
  y.title = y_title(options_, y.title);
  x.slanted = slanted_;
  std::vector<std::string> names;
  for (const SweptSeries& series : grid_.series) names.push_back(series.label);
  names = wrapped_labels(names, panel_ / em_ - 0.5, 1);
  for (std::size_t i = 0; i < grid_.series.size(); ++i) {
    const double top = height_ - head_ - top_ - static_cast<double>(i / columns_) * (panel_height_ + top_ + below_);
    const Box box{left_ + static_cast<double>(i % columns_) * (panel_ + gap_), top - panel_height_, panel_,
                  panel_height_};
    const std::string file = fmt::format("heat-{}.txt", i + 1);
    gnuplot.data(file, cells_of(grid_.series[i], x_.values.size()));
    page.text(box.left + panel_ / 2, top + 0.8 * em_, names[i] + (grid_.undone.marks(grid_.series[i].label) ? "*" : ""),
              Align::centre);
    if (i == 0)
      draw_colour_key(page, {width_ - right_ + 0.6 * em_, box.bottom, 0.5 * em_, panel_height_},
                      {heat_.low, heat_.high > heat_.low ? heat_.high : heat_.low + 1, heat_.logarithmic()}, title_);
    page.panel(box, x, y);
    page.plot(fmt::format("'{}' using 1:2:3 with image pixels{}", file, numbers_plot(gnuplot, i)));
  }
  page.draw();
}

}  // namespace

void draw_heat(const std::vector<PlottedRun>& runs, const std::vector<SweptAxis>& axes, const DisplayUnit& unit,
               const std::filesystem::path& out, const FigureOptions& options) {
  const SweptAxis &x = axes[0], &y = axes[1];
  Grid grid(x.values.size() * y.values.size());
  for (const PlottedRun& run : runs) {
    grid.add(swept_label(run), y.place(value_at(run, y.name)) * x.values.size() + x.place(value_at(run, x.name)),
             value_of(run, options.metric, options.selection) / unit.size, run.result);
  }
  constexpr std::size_t most_panels = 24, most_values = 40;
  if (grid.series.size() > most_panels || x.values.size() > most_values || y.values.size() > most_values) {
    throw InputError(
        out.string(), "",
        fmt::format("at most {} policies and {} values an axis on maps of heat (or --lines)", most_panels, most_values),
        fmt::format("{}, {} and {}", grid.series.size(), x.values.size(), y.values.size()));
  }
  const Heat heat = heat_of(grid);
  if (!(heat.low <= heat.high)) throw InputError(out.string(), "", "something to draw: a run with the metric", "none");
  HeatFigure(grid, x, y, metric_title(options, unit), options).draw(out);
}

}  // namespace headway
