// See bars.h.
#include "plots/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "core/base/error.h"
#include "plots/gnuplot.h"
#include "plots/page.h"
#include "plots/text_size.h"

namespace headway {

namespace {

constexpr double row_ems = 1.5, group_rows = 0.6;  // between groups, beyond a row
constexpr double least_row_ems = 1.15;             // names would touch
constexpr double most_label_share = 0.4;           // of the page
constexpr std::size_t most_bars = 400;             // beyond it no page is long enough

double length_of(const Bar& bar) { return std::accumulate(bar.parts.begin(), bar.parts.end(), 0.0); }

// Where a part's name stands in the key: as many in a row as the page is wide.
struct KeyPlace {
  double x = 0;  // cm
  int row = 0;
};

std::vector<KeyPlace> key_places(const std::vector<std::string>& names, double width, double em) {
  std::vector<KeyPlace> places;
  KeyPlace next{0.8 * em, 0};
  for (const std::string& name : names) {
    const double length = em * (2.2 + text_ems(name));
    if (next.x > 0.8 * em && next.x + length > width) next = {0.8 * em, next.row + 1};
    places.push_back(next);
    next.x += length;
  }
  return places;
}

class BarFigure {
 public:
  BarFigure(std::vector<BarChart> panels, const FigureOptions& options);
  void draw(const std::filesystem::path& out);

 private:
  void order_bars();
  void find_extent();
  double rows_of(const BarChart& chart) const;
  void lay_out();
  void draw_key(Page& page) const;
  std::string data() const;
  void draw_bar(Page& page, const Bar& bar, const std::string& label, double y) const;
  double x_of(double value) const { return left_ + std::clamp(x_.place(value), 0.0, 1.0) * plot_width_; }

  const FigureOptions& options_;
  std::vector<BarChart> panels_;
  std::vector<std::vector<std::string>> labels_;  // by panel and bar
  PlotAxis x_;
  double em_, width_;
  std::vector<KeyPlace> key_;
  std::vector<std::string> foot_;
  double left_ = 0, right_ = 0, plot_width_ = 0, top_ = 0, floor_ = 0, row_ = 0, height_ = 0, title_gap_ = 0;
};

BarFigure::BarFigure(std::vector<BarChart> panels, const FigureOptions& options)
    : options_(options), panels_(std::move(panels)), em_(em_of(options)), width_(width_of(options)) {
  for (const BarChart& panel : panels_) {
    for (const std::string& sentence : panel.foot) {
      if (std::ranges::find(foot_, sentence) == foot_.end()) foot_.push_back(sentence);
    }
  }
  order_bars();
  find_extent();
  lay_out();
}

void BarFigure::order_bars() {
  for (BarChart& panel : panels_) {
    if (options_.order == Order::name) std::ranges::stable_sort(panel.bars, {}, &Bar::label);
    if (options_.order == Order::value) std::ranges::stable_sort(panel.bars, {}, length_of);
  }
}

void BarFigure::find_extent() {
  std::size_t bars = 0;
  for (const BarChart& panel : panels_) {
    bars += panel.bars.size();
    if (panel.x_high > 0) x_.high = panel.x_high;
  }
  if (bars > most_bars)
    throw InputError("", "", fmt::format("at most {} bars (--policy and --device choose)", most_bars),
                     fmt::format("{}", bars));
  if (panels_.front().x_high == 0) {
    x_.high = 0;
    for (const BarChart& panel : panels_) {
      for (const Bar& bar : panel.bars) x_.high = std::max({x_.high, length_of(bar) * 1.02, bar.high * 1.02});
    }
  }
  if (!(x_.high > 0)) x_.high = 1;
  if (!options_.x_range) return;
  if (options_.x_range->low > 0)
    throw InputError("", "--x-range", "a range from 0, for a bar's length is its value",
                     fmt::format("{:g}", options_.x_range->low));
  if (std::isfinite(options_.x_range->high)) x_.high = options_.x_range->high;
}

double BarFigure::rows_of(const BarChart& chart) const {
  double rows = 0;
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    rows += i > 0 && chart.bars[i].group != chart.bars[i - 1].group ? 1 + group_rows : 1;
  return rows;
}

void BarFigure::lay_out() {
  double label_ems = 1, note_ems = 0, rows = 0;
  const double widest = width_ * most_label_share / em_;
  for (const BarChart& panel : panels_) {
    std::vector<std::string> names;
    for (const Bar& bar : panel.bars) names.push_back(bar.label);
    names = wrapped_labels(names, widest, 1);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (panel.bars[i].marked) names[i] += "*";
      label_ems = std::max(label_ems, text_ems(names[i]));
      note_ems = std::max(note_ems, text_ems(panel.bars[i].note));
    }
    labels_.push_back(std::move(names));
    rows += rows_of(panel);
  }
  left_ = em_ * (1.0 + label_ems);
  right_ = em_ * (1.4 + note_ems);
  plot_width_ = width_ - left_ - right_;
  if (plot_width_ < 3 * em_)
    throw InputError("", "--width", "room for bars between their names and values", fmt::format("{:.1f} cm", width_));
  x_.ticks = ticks_across(x_, plot_width_, em_);
  x_.title = x_title(options_, panels_.front().x_title);
  if (panels_.front().part_names.size() > 1) key_ = key_places(panels_.front().part_names, width_, em_);
  const Sentences foot(foot_, width_, em_);
  floor_ = foot.height() + em_ * ems_below(x_);
  const bool titles = !panels_.front().title.empty();
  title_gap_ = titles ? 1.7 * em_ : 0;
  top_ = title_of(options_).height() + em_ * (key_.empty() ? 0.6 : 0.9 + 1.3 * (key_.back().row + 1));
  const double fixed = floor_ + top_ + title_gap_ * static_cast<double>(panels_.size());
  row_ = options_.height_cm > 0 ? (options_.height_cm - fixed) / rows : row_ems * em_;
  if (row_ < least_row_ems * em_)
    throw InputError("", "--height",
                     fmt::format("at least {:.1f} cm for this figure", fixed + rows * least_row_ems * em_),
                     fmt::format("{:g}", options_.height_cm));
  height_ = fixed + rows * row_;
}

void BarFigure::draw_key(Page& page) const {
  for (std::size_t part = 0; part < key_.size(); ++part) {
    const double y = height_ - title_of(options_).height() - em_ * (0.9 + 1.3 * key_[part].row);
    page.rectangle(
        {key_[part].x, y - 0.35 * em_, 0.8 * em_, 0.7 * em_},
        fmt::format("fs solid border rgb '#666666' lw 0.5 fc rgb '{}' front", panels_.front().part_colours[part]));
    page.text(key_[part].x + 1.1 * em_, y, panels_.front().part_names[part], Align::left);
  }
}

// For who keeps the script: panel, bar, part, and from where to where it reaches.
std::string BarFigure::data() const {
  std::string text;
  for (std::size_t panel = 0; panel < panels_.size(); ++panel) {
    for (std::size_t bar = 0; bar < panels_[panel].bars.size(); ++bar) {
      double from = 0;
      const std::vector<double>& parts = panels_[panel].bars[bar].parts;
      for (std::size_t part = 0; part < parts.size(); from += parts[part++])
        fmt::format_to(std::back_inserter(text), "{} {} {} {} {}\n", panel + 1, bar + 1, part + 1, from,
                       from + parts[part]);
    }
  }
  return text;
}

void BarFigure::draw_bar(Page& page, const Bar& bar, const std::string& label, double y) const {
  double from = 0;
  for (std::size_t part = 0; part < bar.parts.size(); ++part) {
    if (!(bar.parts[part] > 0)) continue;
    const double to = from + bar.parts[part], left = x_of(from);
    page.rectangle(
        {left, y - 0.36 * row_, x_of(to) - left, 0.72 * row_},
        fmt::format("fs solid border rgb '#666666' lw 0.5 fc rgb '{}' front", panels_.front().part_colours[part]));
    from = to;
  }
  if (bar.high > bar.low) {
    for (const double end : {bar.low, bar.high})
      page.line(x_of(end), y - 0.2 * row_, x_of(end), y + 0.2 * row_, "lw 2 lc rgb '#000000' front");
    page.line(x_of(bar.low), y, x_of(bar.high), y, "lw 2 lc rgb '#000000' front");
  }
  page.text(left_ - 0.5 * em_, y, label, Align::right);
  page.text(width_ - right_ + 0.6 * em_, y, bar.note, Align::left);
}

void BarFigure::draw(const std::filesystem::path& out) {
  Gnuplot gnuplot(out, options_);
  Page page(gnuplot, options_);
  page.size(width_, height_);
  page.title(title_of(options_));
  page.foot({foot_, width_, em_});
  draw_key(page);
  page.raw("set border 1 lc rgb '#666666'\n");
  double top = height_ - top_;
  gnuplot.data("bars.txt", data());
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    const BarChart& panel = panels_[i];
    top -= title_gap_;
    if (!panel.title.empty())
      page.text(left_, top + 0.8 * em_, wrapped_label(panel.title, (width_ - left_) / em_ - 1, 1), Align::left);
    const double height = rows_of(panel) * row_;
    PlotAxis x = x_;
    x.is_named = i + 1 == panels_.size();
    if (!x.is_named) x.title.clear();
    page.panel({left_, top - height, plot_width_, height}, x, {});
    double y = top - row_ / 2;
    for (std::size_t bar = 0; bar < panel.bars.size(); ++bar) {
      if (bar > 0) y -= row_ * (panel.bars[bar].group != panel.bars[bar - 1].group ? 1 + group_rows : 1);
      draw_bar(page, panel.bars[bar], labels_[i][bar], y);
    }
    page.plot("");
    top -= height;
  }
  page.draw();
}

}  // namespace

void draw_bars(std::vector<BarChart> panels, const std::filesystem::path& out, const FigureOptions& options) {
  std::erase_if(panels, [](const BarChart& panel) { return panel.bars.empty(); });
  if (panels.empty()) throw InputError(out.string(), "", "something to draw", "nothing");
  BarFigure(std::move(panels), options).draw(out);
}

void draw_bars(const BarChart& chart, const std::filesystem::path& out, const FigureOptions& options) {
  draw_bars(std::vector{chart}, out, options);
}

}  // namespace headway
