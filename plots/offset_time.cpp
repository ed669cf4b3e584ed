// The figure that says most about a policy: where each drive's head was, when.
//
// A column of panels a trace, a row a device. All share the axis of time, so that a faster policy is seen to end
// earlier; a row shares its axis of offsets, so that an order of reading is seen beside another.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <vector>

#include "core/error.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "results/trace.h"

namespace headway {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

struct Point {
  double time_s, offset_gib;
};

struct Panel {
  std::vector<Point> points;
};

// What all panels have in common.
struct Figure {
  std::vector<std::uint64_t> devids;
  std::vector<std::vector<Panel>> columns;  // by trace, then by device
  std::vector<double> ends_s;               // by trace
};

std::size_t device_place(const Figure& figure, std::uint64_t devid) {
  return static_cast<std::size_t>(std::ranges::lower_bound(figure.devids, devid) - figure.devids.begin());
}

void read_into(Figure& figure, const LabelledTrace& labelled) {
  TraceReader trace(labelled.path);
  std::vector<std::uint64_t> devids;
  for (const Device& device : trace.header().devices) devids.push_back(device.devid);
  if (figure.columns.empty()) figure.devids = devids;
  if (devids != figure.devids) {
    throw InputError(labelled.path.string(), "devices", "the same devices as in the first trace", "others");
  }
  std::vector<Panel> panels(devids.size());
  double end_s = 0;
  std::vector<TraceRow> rows;
  while (trace.next(rows)) {
    for (const TraceRow& row : rows) {
      end_s = std::max(end_s, row.time_s);
      if (row.event != TraceEvent::complete) continue;
      const std::size_t place = device_place(figure, row.device);
      if (place == devids.size() || devids[place] != row.device) {
        throw InputError(labelled.path.string(), "device", "a device that the header lists",
                         fmt::format("{}", row.device));
      }
      panels[place].points.push_back({row.time_s, static_cast<double>(row.physical) / gib});
    }
  }
  figure.columns.push_back(std::move(panels));
  figure.ends_s.push_back(end_s);
}

struct Axis {
  double low = 0, high = 1;
  Tics tics;
};

Axis padded(double low, double high, double least, int most_tics) {
  if (!(low <= high)) return {0, 1, tics_for(0, 1, most_tics)};
  const double pad = std::max((high - low) * 0.04, least);
  const double from = std::max(low - pad, 0.0);
  return {from, high + pad, tics_for(from, high + pad, most_tics)};
}

Axis offsets_of(const Figure& figure, std::size_t device) {
  double low = INFINITY, high = -INFINITY;
  for (const auto& panels : figure.columns) {
    for (const Point& point : panels[device].points) {
      low = std::min(low, point.offset_gib);
      high = std::max(high, point.offset_gib);
    }
  }
  return padded(low, high, 1e-4, figure.devids.size() <= 2 ? 5 : 4);
}

// Points finer than print shows are left out: the figure stays the same and its file small.
std::string data_of(const Panel& panel, const Axis& time, const Axis& offset) {
  constexpr double across = 3000, up = 1500;
  std::unordered_set<std::uint64_t> drawn;
  std::string text;
  for (const Point& point : panel.points) {
    const auto x = static_cast<std::uint64_t>(point.time_s / time.high * across);
    const auto y = static_cast<std::uint64_t>((point.offset_gib - offset.low) / (offset.high - offset.low) * up);
    if (drawn.insert(x << 32 | y).second) text += fmt::format("{} {}\n", point.time_s, point.offset_gib);
  }
  return text;
}

// Lengths in centimetres, from which margins in parts of the page derive.
struct Page {
  double width, height, left, right, top, bottom, column_gap, row_gap = 0.25;
  double panel_width(std::size_t columns) const {
    return (width - left - right - column_gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
  }
};

Page page_for(const Figure& figure, std::size_t label_lines, std::size_t tic_letters, const FigureOptions& options) {
  const double em = options.font_pt / 72 * 2.54;  // cm
  const std::size_t columns = figure.columns.size(), rows = figure.devids.size();
  Page page{};
  page.width = options.width_cm > 0 ? options.width_cm : columns <= 2 ? 9 : 18;
  page.left = em * (2.5 + 0.62 * static_cast<double>(tic_letters));
  page.right = em * 1.8;
  page.top = em * (1.0 + 1.25 * static_cast<double>(label_lines));
  page.bottom = em * 3.6;
  page.column_gap = em * 1.8;
  const double panel_height = rows <= 2 ? 3.0 : rows <= 6 ? 2.2 : 1.6;
  page.row_gap = 0.3;
  page.height = page.top + page.bottom + (panel_height + page.row_gap) * static_cast<double>(rows) - page.row_gap;
  return page;
}

std::size_t tic_letters(const Axis& axis) { return fmt::format("{:.{}f}", axis.high, axis.tics.decimals).size(); }

std::string panel_script(const Figure& figure, std::size_t column, std::size_t device, const Axis& offset,
                         const std::string& label, const std::string& file) {
  const bool first_column = column == 0, first_row = device == 0, last_row = device + 1 == figure.devids.size();
  std::string script;
  script += first_row ? fmt::format("set title {} noenhanced offset 0,-0.6\n", label) : "unset title\n";
  script += fmt::format("set yrange [{}:{}]\nset ytics {} format '{}'\n", offset.low, offset.high, offset.tics.step,
                        first_column ? fmt::format("%.{}f", offset.tics.decimals) : "");
  if (column + 1 == figure.columns.size()) {
    script += fmt::format("set label 2 'device {}' at graph 1,0.5 centre rotate by -90 offset char 1.2,0\n",
                          figure.devids[device]);
  } else {
    script += "unset label 2\n";
  }
  script += fmt::format("set format x '{}'\n{}\n", last_row ? "%g" : "",
                        last_row ? "set xlabel 'time (s)' offset 0,0.4" : "unset xlabel");
  if (figure.columns[column][device].points.empty()) {
    return script +
           "set label 1 'no reads' at graph 0.5,0.5 centre tc rgb '#555555'\nplot NaN notitle\nunset label 1\n";
  }
  return script +
         fmt::format("plot '{}' using 1:2 with points pt 7 ps 0.3 lc rgb '{}' notitle\n", file, colour(column));
}

}  // namespace

void plot_offset_time(std::span<const LabelledTrace> traces, const std::filesystem::path& out,
                      const FigureOptions& options) {
  if (traces.empty()) throw InputError("", "", "at least one trace", "none");
  Gnuplot gnuplot(out, options);
  Figure figure;
  for (const LabelledTrace& trace : traces) read_into(figure, trace);
  if (figure.devids.empty()) throw InputError(traces[0].path.string(), "devices", "at least one device", "none");

  std::vector<Axis> offsets;
  std::size_t letters = 1;
  for (std::size_t device = 0; device < figure.devids.size(); ++device) {
    offsets.push_back(offsets_of(figure, device));
    letters = std::max(letters, tic_letters(offsets.back()));
  }
  const std::size_t columns = traces.size();
  const double em = options.font_pt / 72 * 2.54;
  const double panel_cm = page_for(figure, 1, letters, options).panel_width(columns);
  const double last_s = *std::ranges::max_element(figure.ends_s);
  std::vector<Axis> times;
  for (const double own_s : figure.ends_s) {
    const double end_s = options.own_time ? own_s : last_s;
    const double high = end_s > 0 ? end_s * 1.02 : 1;
    times.push_back({0, high, tics_for(0, high, std::max(2, static_cast<int>(panel_cm / 0.9)))});
  }

  std::vector<std::string> labels;
  std::size_t label_lines = 1;
  for (const LabelledTrace& trace : traces) {
    const auto width = static_cast<std::size_t>(std::max(4.0, panel_cm / (em * 0.6)));
    std::string label = wrapped_label(trace.label, width, 3);
    label_lines = std::max<std::size_t>(label_lines, 1 + static_cast<std::size_t>(std::ranges::count(label, '\n')));
    labels.push_back(std::move(label));
  }
  const Page page = page_for(figure, label_lines, letters, options);

  std::string script = fmt::format(
      "set label 3 'offset (GiB)' at screen {},{} centre rotate by 90\n"
      "set multiplot layout {},{} margins screen {},{},{},{} spacing screen {},{}\n"
      "set border 3 lc rgb '#666666'\nset tics nomirror scale 0.4 textcolor rgb '#000000'\n"
      "set grid lc rgb '#dddddd' lt 1 lw 0.6\n",
      0.9 * em / page.width, (1 + (page.bottom - page.top) / page.height) / 2, figure.devids.size(), columns,
      page.left / page.width, 1 - page.right / page.width, page.bottom / page.height, 1 - page.top / page.height,
      page.column_gap / page.width, page.row_gap / page.height);
  for (std::size_t device = 0; device < figure.devids.size(); ++device) {
    for (std::size_t column = 0; column < columns; ++column) {
      const std::string file = fmt::format("reads-{}-{}.txt", column + 1, figure.devids[device]);
      gnuplot.data(file, data_of(figure.columns[column][device], times[column], offsets[device]));
      if (device + column > 0) script += "unset label 3\n";
      script += fmt::format("set xrange [0:{}]\nset xtics {}\n", times[column].high, times[column].tics.step);
      script += panel_script(figure, column, device, offsets[device], gnuplot.text(labels[column]), file);
    }
  }
  gnuplot.draw(script + "unset multiplot\n", page.width, page.height);
}

void draw_offset_time(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<LabelledTrace> traces;
  for (const PlottedRun& run : good_runs(runs)) traces.push_back({run.label, trace_of(run)});
  plot_offset_time(traces, out, options);
}

}  // namespace headway
