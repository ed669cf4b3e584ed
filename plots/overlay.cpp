// Two results over each other, as a measurement and its prediction: a column a policy, and in it a row a device with
// the offsets of both runs' reads over time, and below them how long reads took in either.
//
// Of each policy the lowest seed that both results have. All columns share the axis of latencies; a row shares its axis
// of offsets; a column has its own time, since one policy may take many times as long as another.
#include <fmt/format.h>

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
#include "plots/undone.h"
#include "results/trace/traced_reads.h"

namespace headway {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024, milliseconds = 1e-3;

struct Column {
  std::string policy;
  std::array<TracedRun, 2> runs;  // of the first result, of the second
  bool marked = false;            // one of them left something undone
};

struct Range {
  double low = INFINITY, high = -INFINITY;

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // With room around it.
  Range padded(double least) const {
    if (!(low <= high)) return {0, 1};
    const double pad = std::max((high - low) * 0.04, least);
    return {std::max(low - pad, 0.0), high + pad};
  }
};

// How the two results are called: by what they are, or else by the directories that hold them.
std::array<std::string, 2> names_of(const PlottedRun& first, const PlottedRun& second) {
  if (first.measured != second.measured)
    return {first.measured ? "measured" : "simulated", second.measured ? "measured" : "simulated"};
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
  struct Page {
    double width, height, left, right, top, bottom, column_gap, row_gap, panel_height, cdf_gap;
  };

  std::size_t rows() const { return columns_.front().runs[0].header.devices.size(); }
  std::uint64_t devid(std::size_t row) const { return columns_.front().runs[0].header.devices[row].devid; }
  Range offsets(std::size_t row) const;
  Range latencies() const;
  double panel_width(const Page& page) const;
  std::string label(const Page& page, std::size_t column) const;
  Page page(double foot) const;
  std::string place(const Page& page, std::size_t column, std::size_t row) const;
  std::string offsets_script(Gnuplot& gnuplot, const Page& page, std::size_t column, std::size_t row) const;
  std::string latencies_script(Gnuplot& gnuplot, const Page& page, std::size_t column) const;
  std::string key_script(const Gnuplot& gnuplot, const Page& page, double foot) const;

  const FigureOptions& options_;
  double em_;  // cm
  std::array<std::string, 2> names_;
  std::vector<Column> columns_;
  Undone undone_;
};

Overlay::Overlay(std::span<const PlottedRun> runs, const FigureOptions& options)
    : options_(options), em_(options.font_pt / 72 * 2.54) {
  std::set<std::string> files;
  for (const PlottedRun& run : runs) files.insert(run.file);
  if (files.size() != 2)
    throw InputError("", "", "two results, to lay one over the other", fmt::format("{}", files.size()));
  for (const PlottedRun& run : runs) {
    if (run.file != runs.front().file || std::ranges::count(columns_, run.result.policy, &Column::policy) > 0) continue;
    const PlottedRun* const other = partner_of(run, runs);
    if (other == nullptr) continue;
    names_ = names_of(run, *other);
    const bool marked = left_something(run.result) || left_something(other->result);
    columns_.push_back({run.result.policy, {read_run(trace_of(run)), read_run(trace_of(*other))}, marked});
    undone_.add(fmt::format("{}, {}", run.result.policy, names_[0]), run.result);
    undone_.add(fmt::format("{}, {}", run.result.policy, names_[1]), other->result);
  }
  if (columns_.empty()) throw InputError(runs.front().file, "", "a policy and seed that both results have", "none");
  const auto& devices = columns_.front().runs[0].header.devices;
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      if (!std::ranges::equal(run.header.devices, devices, {}, &Device::devid, &Device::devid))
        throw InputError(runs.front().file, "devices", "the same devices in both results", "others");
    }
  }
}

Range Overlay::offsets(std::size_t row) const {
  Range range;
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      for (const TracedRead& read : run.reads) {
        if (read.device == devid(row)) range.take(static_cast<double>(read.physical) / gib);
      }
    }
  }
  return range.padded(1e-4);
}

Range Overlay::latencies() const {
  Range range;
  for (const Column& column : columns_) {
    for (const TracedRun& run : column.runs) {
      for (const TracedRead& read : run.reads) {
        if (read.error <= 0 && read.latency_s() > 0) range.take(read.latency_s() / milliseconds);
      }
    }
  }
  if (!(range.low < range.high)) return {0.1, 10};
  return range;
}

double Overlay::panel_width(const Page& page) const {
  const auto columns = static_cast<double>(columns_.size());
  return (page.width - page.left - page.right - page.column_gap * (columns - 1)) / columns;
}

std::string Overlay::label(const Page& page, std::size_t column) const {
  const auto letters = static_cast<std::size_t>(std::max(4.0, panel_width(page) / (em_ * 0.6)));
  return wrapped_label(columns_[column].policy, letters, 3) + (columns_[column].marked ? "*" : "");
}

Overlay::Page Overlay::page(double foot) const {
  Page page{};
  page.width = options_.width_cm > 0 ? options_.width_cm : columns_.size() <= 2 ? 9 : 18;
  page.left = 6.5 * em_;
  page.right = 2.2 * em_;
  page.bottom = 5.4 * em_ + foot;
  page.column_gap = 1.8 * em_;
  std::size_t label_lines = 1;
  for (std::size_t column = 0; column < columns_.size(); ++column)
    label_lines = std::max<std::size_t>(label_lines, 1 + std::ranges::count(label(page, column), '\n'));
  page.top = em_ * (1.0 + 1.25 * static_cast<double>(label_lines));
  page.row_gap = 0.3;
  page.panel_height = rows() <= 2 ? 3.0 : rows() <= 6 ? 2.2 : 1.6;
  page.cdf_gap = 3.4 * em_;
  page.height =
      page.top + page.bottom + static_cast<double>(rows()) * (page.panel_height + page.row_gap) + page.cdf_gap + 3.0;
  return page;
}

// Row `rows()` is that of the latencies.
std::string Overlay::place(const Page& page, std::size_t column, std::size_t row) const {
  const double width = panel_width(page);
  const double left = page.left + static_cast<double>(column) * (width + page.column_gap);
  const bool is_cdf = row == rows();
  const double top = page.height - page.top - static_cast<double>(row) * (page.panel_height + page.row_gap) -
                     (is_cdf ? page.cdf_gap - page.row_gap : 0);
  const double bottom = is_cdf ? page.bottom : top - page.panel_height;
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin at screen {}\n",
      left / page.width, (left + width) / page.width, top / page.height, bottom / page.height);
}

// Points finer than print shows are left out.
std::string points_of(const TracedRun& run, std::uint64_t devid, double time_high, const Range& offset) {
  constexpr double across = 3000, up = 1500;
  std::unordered_set<std::uint64_t> drawn;
  std::string text;
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    const double offset_gib = static_cast<double>(read.physical) / gib;
    const auto x = static_cast<std::uint64_t>(read.end_s / time_high * across);
    const auto y = static_cast<std::uint64_t>((offset_gib - offset.low) / (offset.high - offset.low) * up);
    if (drawn.insert(x << 32 | y).second) fmt::format_to(std::back_inserter(text), "{} {}\n", read.end_s, offset_gib);
  }
  return text;
}

std::string Overlay::offsets_script(Gnuplot& gnuplot, const Page& page, std::size_t column, std::size_t row) const {
  const Column& shown = columns_[column];
  const Range offset = offsets(row);
  const double end_s = std::max(shown.runs[0].end_s, shown.runs[1].end_s);
  const double time_high = end_s > 0 ? end_s * 1.02 : 1;
  const Tics tics = tics_for(offset.low, offset.high, 4);
  std::string script = place(page, column, row);
  script += row > 0 ? "unset title\n"
                    : fmt::format("set title {} noenhanced offset 0,-0.6\n", gnuplot.text(label(page, column)));
  script += fmt::format("unset logscale x\nset xrange [0:{}]\nset xtics {} format '{}'\n{}\n", time_high,
                        tics_for(0, time_high, 3).step, row + 1 == rows() ? "%g" : "",
                        row + 1 == rows() ? "set xlabel 'time (s)' offset 0,0.4" : "unset xlabel");
  script += fmt::format("set yrange [{}:{}]\nset ytics {} format '{}'\n{}\n", offset.low, offset.high, tics.step,
                        column == 0 ? fmt::format("%.{}f", tics.decimals) : "",
                        column == 0 && row == rows() / 2 ? "set ylabel 'offset (GiB)' offset 0.4,0" : "unset ylabel");
  script +=
      column + 1 == columns_.size()
          ? fmt::format("set label 2 'device {}' at graph 1,0.5 centre rotate by -90 offset char 1.2,0\n", devid(row))
          : "unset label 2\n";
  std::string plots;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::string file = fmt::format("reads-{}-{}-{}.txt", column + 1, devid(row), side + 1);
    const std::string points = points_of(shown.runs[side], devid(row), time_high, offset);
    gnuplot.data(file, points);
    if (!points.empty())
      plots += fmt::format("{}'{}' using 1:2 with points pt {} ps 0.3 lc rgb '{}' notitle", plots.empty() ? "" : ", ",
                           file, side == 0 ? 7 : 6, colour(side));
  }
  return script + no_reads_label(plots.empty()) + "plot " + (plots.empty() ? "NaN notitle" : plots) + "\n";
}

std::string Overlay::latencies_script(Gnuplot& gnuplot, const Page& page, std::size_t column) const {
  const Range range = latencies();
  std::string script = place(page, column, rows());
  script += fmt::format(
      "unset title\nunset label 1\nunset label 2\n{}set xrange [{}:{}]\nset yrange [0:100]\nset ytics 25 format '{}'\n"
      "set xlabel 'read took at most (ms)' offset 0,0.4\n{}\n",
      logarithmic_tics('x', range.low, range.high), range.low, range.high, column == 0 ? "%g" : "",
      column == 0 ? "set ylabel 'reads (%)' offset 0.4,0" : "unset ylabel");
  std::string plots;
  for (std::size_t side = 0; side < 2; ++side) {
    Distribution latency{""};
    for (const TracedRead& read : columns_[column].runs[side].reads) {
      if (read.error <= 0) latency.values.push_back(read.latency_s() / milliseconds);
    }
    if (latency.values.empty()) continue;
    const LineChart chart = distributions_chart({latency}, "");
    std::string text;
    for (const auto& [x, y] : chart.lines.front().points)
      fmt::format_to(std::back_inserter(text), "{} {}\n", x, y);
    const std::string file = fmt::format("latencies-{}-{}.txt", column + 1, side + 1);
    gnuplot.data(file, text);
    plots += fmt::format("{}'{}' using 1:2 with lines lw 1.5 dt {} lc rgb '{}' notitle", plots.empty() ? "" : ", ",
                         file, side + 1, colour(side));
  }
  return script + "plot " + (plots.empty() ? "NaN notitle" : plots) + "\n";
}

// Which is which, at the page's foot.
std::string Overlay::key_script(const Gnuplot& gnuplot, const Page& page, double foot) const {
  std::string script;
  for (std::size_t side = 0; side < 2; ++side) {
    const double x = (side == 0 ? page.left : page.width / 2) / page.width, y = (0.8 * em_ + foot) / page.height;
    script += fmt::format(
        "set label {} '' at screen {},{} point pt {} ps 0.7 lc rgb '{}'\n"
        "set label {} {} at screen {},{} left noenhanced\n",
        11 + 2 * side, x, y, side == 0 ? 7 : 6, colour(side), 12 + 2 * side,
        gnuplot.text(wrapped_label(names_[side], 24, 1)), x + 0.8 * em_ / page.width, y);
  }
  return script;
}

void Overlay::draw(const std::filesystem::path& out) const {
  Gnuplot gnuplot(out, options_);
  const double width = page(0).width;
  const Foot foot(undone_.sentences(), width, em_);
  const Page page = this->page(foot.height());
  std::string script =
      "set multiplot\nunset key\nset border 3 lc rgb '#666666'\n"
      "set tics nomirror scale 0.4 textcolor rgb '#000000'\n"
      "set grid lc rgb '#dddddd' lt 1 lw 0.6\n";
  script += key_script(gnuplot, page, foot.height()) + foot.script(gnuplot, page.height);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    for (std::size_t row = 0; row < rows(); ++row) {
      if (column + row == 1) script += "unset label\n";  // the page's, drawn with its first panel
      script += offsets_script(gnuplot, page, column, row);
    }
    if (column == 0) script += "unset label\n";
    script += latencies_script(gnuplot, page, column);
  }
  gnuplot.draw(script + "unset multiplot\n", page.width, page.height);
}

}  // namespace

void draw_overlay(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = good_runs(runs);
  Overlay(good, options).draw(out);
}

}  // namespace headway
