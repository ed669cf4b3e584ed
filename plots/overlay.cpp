// Two results over each other, as a measurement and its prediction: a column a policy, and in it a row a device with
// the offsets of both runs' reads over time, and below them how long reads took in either.
//
// Of each policy the lowest seed that both results have. All columns share the axis of latencies; a row shares its axis
// of offsets; a column has its own time, since one policy may take many times as long as another.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>
#include <unordered_set>

#include "core/base/error.h"
#include "plots/distributions.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "plots/page.h"
#include "plots/stretches.h"
#include "plots/text_size.h"
#include "plots/undone.h"

namespace headway {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024, milliseconds = 1e-3;

struct Column {
  std::string policy;
  std::array<TracedRun, 2> runs;  // of the first result, of the second
  bool marked = false;            // one of them left something undone
};

// How the two results are called: by what they are, or else by the directories that hold them.
std::array<std::string, 2> names_of(const PlottedRun& first, const PlottedRun& second) {
  if (first.measured != second.measured)
    return {first.measured ? "measured" : "simulated", second.measured ? "measured" : "simulated"};
  if (!first.experiment.empty() && first.experiment != second.experiment) return {first.experiment, second.experiment};
  const auto directory = [](const PlottedRun& run) {
    return std::filesystem::path(run.file).parent_path().filename().string();
  };
  return {directory(first), directory(second)};
}

const PlottedRun* partner_of(const PlottedRun& run, std::span<const PlottedRun> runs) {
  const auto found = std::ranges::find_if(runs, [&](const PlottedRun& other) {
    return other.file != run.file && other.result.policy == run.result.policy && other.result.seed == run.result.seed;
  });
  return found == runs.end() ? nullptr : &*found;
}

class Overlay {
 public:
  Overlay(std::span<const PlottedRun> runs, const FigureOptions& options);

  void draw(const std::filesystem::path& out) const;

 private:
  std::size_t rows() const { return devids_.size(); }
  std::size_t columns() const { return columns_.size(); }
  std::vector<double> offsets(std::size_t row) const;
  PlotAxis latencies() const;
  void lay_out();
  Box box(std::size_t column, std::size_t row) const;  // row rows() is that of the latencies
  void draw_offsets(Page& page, Gnuplot& gnuplot, std::size_t column, std::size_t row) const;
  void draw_latencies(Page& page, Gnuplot& gnuplot, std::size_t column) const;
  void draw_key(Page& page, double foot) const;

  static constexpr double row_gap = 0.3, cdf_height = 3.0;

  const FigureOptions& options_;
  const double em_;
  std::array<std::string, 2> names_;
  std::vector<Column> columns_;
  std::vector<std::uint64_t> devids_;
  std::vector<std::string> labels_, foot_;  // labels: of the columns
  std::vector<Stretches> stretches_;        // by row
  double width_ = 0, height_ = 0, left_ = 0, right_ = 0, gap_ = 0, top_ = 0, bottom_ = 0, cdf_gap_ = 0;
  double panel_ = 0, panel_height_ = 0;
};

Overlay::Overlay(std::span<const PlottedRun> runs, const FigureOptions& options)
    : options_(options), em_(em_of(options)) {
  std::set<std::string> files;
  for (const PlottedRun& run : runs) files.insert(run.file);
  if (files.size() != 2)
    throw InputError("", "", "two results, to lay one over the other", fmt::format("{}", files.size()));
  Undone undone;
  std::set<std::uint64_t> seeds;
  for (const PlottedRun& run : runs) {
    if (run.file != runs.front().file || std::ranges::count(columns_, run.result.policy, &Column::policy) > 0) continue;
    const PlottedRun* const other = partner_of(run, runs);
    if (other == nullptr) continue;
    names_ = names_of(run, *other);
    const bool marked = left_something(run.result) || left_something(other->result);
    columns_.push_back(
        {run.result.policy, {selected_run(run, options.selection), selected_run(*other, options.selection)}, marked});
    seeds.insert(run.result.seed);
    undone.add(fmt::format("{}, {}", run.result.policy, names_[0]), run.result);
    undone.add(fmt::format("{}, {}", run.result.policy, names_[1]), other->result);
  }
  if (columns_.empty()) throw InputError(runs.front().file, "", "a policy and seed that both results have", "none");
  const auto& devices = columns_.front().runs[0].header.devices;
  for (const Device& device : devices) devids_.push_back(device.devid);
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      if (!std::ranges::equal(run.header.devices, devices, {}, &Device::devid, &Device::devid))
        throw InputError(runs.front().file, "devices", "the same devices in both results", "others");
    }
  }
  if (runs.size() > 2 * columns_.size())
    foot_.push_back(fmt::format("seed {}, the lowest that both have", fmt::join(seeds, " and ")));
  for (std::string& sentence : undone.sentences()) foot_.push_back(std::move(sentence));
  lay_out();
}

std::vector<double> Overlay::offsets(std::size_t row) const {
  std::vector<double> offsets;
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      for (const TracedRead& read : run.reads) {
        if (read.device == devids_[row]) offsets.push_back(static_cast<double>(read.physical) / gib);
      }
    }
  }
  return offsets;
}

PlotAxis Overlay::latencies() const {
  PlotAxis axis{INFINITY, 0, true};
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      for (const TracedRead& read : run.reads) {
        if (read.error > 0 || !(read.latency_s() > 0)) continue;
        axis.low = std::min(axis.low, read.latency_s() / milliseconds);
        axis.high = std::max(axis.high, read.latency_s() / milliseconds);
      }
    }
  }
  if (!(axis.low < axis.high)) return {0.1, 10, true};
  return axis;
}

void Overlay::lay_out() {
  width_ = width_of(options_, columns() > 2);
  right_ = 2.2 * em_;
  gap_ = 1.8 * em_;
  panel_height_ = rows() <= 2 ? 3.0 : rows() <= 6 ? 2.2 : rows() <= 16 ? 1.2 : 0.7;
  double left_ems = text_ems("100") + 0.7;
  for (std::size_t row = 0; row < rows(); ++row) {
    stretches_.emplace_back(offsets(row), 1e-4);
    left_ems = std::max(left_ems, ems_left(stretches_.back().axis(panel_height_, em_)));
  }
  left_ = em_ * (left_ems + 1.4);
  const auto count = static_cast<double>(columns());
  panel_ = (width_ - left_ - right_ - gap_ * (count - 1)) / count;
  constexpr double least_panel = 1.2;
  if (panel_ < least_panel)
    throw InputError("", "",
                     fmt::format("at most {:.0f} policies beside each other on {:g} cm (--policy chooses)",
                                 std::floor((width_ - left_ - right_ + gap_) / (least_panel + gap_)), width_),
                     fmt::format("{}", columns()));
  for (const Column& column : columns_) labels_.push_back(column.policy + (column.marked ? "*" : ""));
  labels_ = wrapped_labels(labels_, panel_ / em_ + 1, 3);
  std::size_t label_lines = 1;
  for (const std::string& label : labels_) label_lines = std::max(label_lines, lines_of(label).size());
  const Sentences foot(foot_, width_, em_);
  top_ = em_ * (0.8 + line_ems * static_cast<double>(label_lines)) + title_of(options_, columns() > 2).height();
  bottom_ = 4.9 * em_ + foot.height();
  cdf_gap_ = 3.6 * em_;
  const double fixed = top_ + bottom_ + cdf_gap_ + cdf_height;
  const double rows_all = static_cast<double>(rows());
  if (options_.height_cm > 0) panel_height_ = (options_.height_cm - fixed) / rows_all - row_gap;
  if (panel_height_ < 2 * em_)
    throw InputError("", "--height", "room for the panels", fmt::format("{:g} cm", options_.height_cm));
  height_ = fixed + rows_all * (panel_height_ + row_gap);
}

Box Overlay::box(std::size_t column, std::size_t row) const {
  const double left = left_ + static_cast<double>(column) * (panel_ + gap_);
  if (row == rows()) return {left, bottom_, panel_, cdf_height};
  const double top = height_ - top_ - static_cast<double>(row) * (panel_height_ + row_gap);
  return {left, top - panel_height_, panel_, panel_height_};
}

// Points finer than print shows are left out.
std::string points_of(const TracedRun& run, std::uint64_t devid, const PlotAxis& time, const PlotAxis& offset,
                      const Stretches& stretches) {
  constexpr double across = 3000, up = 1500;
  std::unordered_set<std::uint64_t> drawn;
  std::string text;
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    const double shown = stretches.shown(static_cast<double>(read.physical) / gib);
    const auto x = static_cast<std::uint64_t>(time.place(read.end_s) * across);
    const auto y = static_cast<std::uint64_t>(offset.place(shown) * up);
    if (drawn.insert(x << 32 | y).second) fmt::format_to(std::back_inserter(text), "{} {}\n", read.end_s, shown);
  }
  return text;
}

PlotAxis time_of(const Column& column, const Selection& selection) {
  const double end_s = std::max(column.runs[0].end_s, column.runs[1].end_s);
  PlotAxis time{0, end_s > 0 ? end_s * 1.02 : 1};
  if (!selection.time_s) return time;
  time = {std::max(selection.time_s->low, 0.0), std::min(selection.time_s->high, time.high)};
  if (!(time.low < time.high))
    throw InputError("", "--time", fmt::format("a time within the runs, up to {:g} s", end_s),
                     fmt::format("{:g}..{:g}", selection.time_s->low, selection.time_s->high));
  return time;
}

void Overlay::draw_offsets(Page& page, Gnuplot& gnuplot, std::size_t column, std::size_t row) const {
  const Box place = box(column, row);
  PlotAxis offset = stretches_[row].axis(panel_height_, em_), time = time_of(columns_[column], options_.selection);
  time.ticks = ticks_across(time, panel_, em_);
  time.is_named = row + 1 == rows();
  if (time.is_named) time.title = x_title(options_, "time (s)");
  offset.is_named = column == 0;
  page.panel(place, time, offset);
  if (row == 0)
    page.text(place.left + panel_ / 2, place.top() + (top_ - title_of(options_, columns() > 2).height()) / 2,
              labels_[column], Align::centre);
  if (row + column == 0)
    page.text(0.9 * em_, (box(0, 0).top() + box(0, rows() - 1).bottom) / 2, y_title(options_, "offset (GiB)"),
              Align::centre, {.turned = 90});
  if (column + 1 == columns()) draw_device_name(page, place, device_names(devids_, panel_height_, em_)[row]);
  if (stretches_[row].is_broken()) draw_breaks(page, place, offset, stretches_[row].breaks());
  std::string plots;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::string points = points_of(columns_[column].runs[side], devids_[row], time, offset, stretches_[row]);
    if (points.empty()) continue;
    const std::string file = fmt::format("reads-{}-{}-{}.txt", column + 1, devids_[row], side + 1);
    gnuplot.data(file, points);
    plots += fmt::format("{}'{}' using 1:2 with points pt {} ps 0.3 lc rgb '{}' notitle", plots.empty() ? "" : ", ",
                         file, side == 0 ? 7 : 6, colour(side));
  }
  if (plots.empty())
    page.text(place.left + panel_ / 2, place.middle(), "no reads", Align::centre, {.colour = "#555555"});
  page.plot(plots);
}

void Overlay::draw_latencies(Page& page, Gnuplot& gnuplot, std::size_t column) const {
  const Box place = box(column, rows());
  PlotAxis x = latencies(), y{0, 100};
  x.ticks = ticks_across(x, panel_, em_);
  x.title = "read took at most (ms)";
  if (text_ems(x.title) * em_ > panel_ + gap_) x.title = "took (ms)";
  y.ticks = ticks_up(y, cdf_height, em_);
  y.is_named = column == 0;
  page.panel(place, x, y);
  if (column == 0) page.text(0.9 * em_, place.middle(), "reads (%)", Align::centre, {.turned = 90});
  std::string plots;
  for (std::size_t side = 0; side < 2; ++side) {
    Distribution latency{""};
    for (const TracedRead& read : columns_[column].runs[side].reads) {
      if (read.error <= 0) latency.values.push_back(read.latency_s() / milliseconds);
    }
    if (latency.values.empty()) continue;
    const LineChart chart = distributions_chart({latency}, "");
    std::string text;
    for (const auto& [at, percent] : chart.lines.front().points)
      fmt::format_to(std::back_inserter(text), "{} {}\n", at, percent);
    const std::string file = fmt::format("latencies-{}-{}.txt", column + 1, side + 1);
    gnuplot.data(file, text);
    plots += fmt::format("{}'{}' using 1:2 with lines lw 1.5 dt {} lc rgb '{}' notitle", plots.empty() ? "" : ", ",
                         file, side + 1, colour(side));
  }
  page.plot(plots);
}

// Which is which, at the page's foot.
void Overlay::draw_key(Page& page, double foot) const {
  const auto names = wrapped_labels({names_[0], names_[1]}, (width_ / 2 - em_) / em_ - 2, 1);
  double x = em_;
  for (std::size_t side = 0; side < 2; ++side) {
    page.mark(x, foot + 0.8 * em_, fmt::format("pt {} ps 0.7 lc rgb '{}'", side == 0 ? 7 : 6, colour(side)));
    page.text(x + 0.8 * em_, foot + 0.8 * em_, names[side], Align::left);
    x += em_ * (2.4 + text_ems(names[side]));
  }
}

void Overlay::draw(const std::filesystem::path& out) const {
  Gnuplot gnuplot(out, options_);
  Page page(gnuplot, options_);
  const Sentences foot(foot_, width_, em_);
  page.size(width_, height_);
  page.title(title_of(options_, columns() > 2));
  page.foot(foot);
  draw_key(page, foot.height());
  page.raw("set border 3 lc rgb '#666666'\n");
  for (std::size_t column = 0; column < columns(); ++column) {
    for (std::size_t row = 0; row < rows(); ++row) draw_offsets(page, gnuplot, column, row);
    draw_latencies(page, gnuplot, column);
  }
  page.draw();
}

}  // namespace

void draw_overlay(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = good_runs(runs);
  Overlay(good, options).draw(out);
}

}  // namespace headway
