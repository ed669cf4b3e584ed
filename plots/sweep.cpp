// One metric over what a sweep varied: lines over one axis, a panel of heat a policy over two. A point is the mean over
// seeds, with Student's 95 % interval where there are several.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "plots/lines.h"
#include "plots/sample.h"
#include "plots/undone.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// An axis of the sweep and the values that the figure shows, in order: by size where all are numbers, else as they
// came.
struct Axis {
  std::string name;
  std::vector<std::string> values;
  bool numbers = false;

  std::size_t place(const std::string& value) const {
    return static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
  }
};

const std::string& value_at(const PlottedRun& run, const std::string& axis) {
  return std::ranges::find(run.axes, axis, &std::pair<std::string, std::string>::first)->second;
}

Axis axis_of(const std::vector<PlottedRun>& runs, const std::string& name) {
  Axis axis{name, {}, true};
  for (const PlottedRun& run : runs) {
    const std::string& value = value_at(run, name);
    if (axis.place(value) < axis.values.size()) continue;
    axis.values.push_back(value);
    axis.numbers = axis.numbers && number_of(value);
  }
  if (axis.numbers) std::ranges::stable_sort(axis.values, {}, [](const std::string& v) { return *number_of(v); });
  return axis;
}

std::vector<std::string> axis_names(const PlottedRun& run) {
  std::vector<std::string> names;
  for (const auto& [name, value] : run.axes) names.push_back(name);
  return names;
}

void check_name(const std::string& option, const std::string& name, const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) == known.end()) {
    throw InputError("", option, "an axis of the sweep", unknown_name(name, known));
  }
}

std::vector<PlottedRun> sweep_runs(Runs runs, const FigureOptions& options) {
  std::vector<PlottedRun> good = good_runs(runs);
  const std::vector<std::string> names = axis_names(good[0]);
  for (const PlottedRun& run : good) {
    if (names.empty() || axis_names(run) != names) {
      throw InputError(run.file, "", "the results of one sweep (a directory with sweep.csv)",
                       names.empty() ? "those of a scenario" : "those of another");
    }
  }
  for (const auto& [name, value] : options.at) {
    check_name("--at", name, names);
    const Axis axis = axis_of(good, name);
    if (axis.place(value) == axis.values.size()) {
      throw InputError("", "--at", fmt::format("a value of the axis {}", name), unknown_name(value, axis.values));
    }
    std::erase_if(good, [&](const PlottedRun& run) { return value_at(run, name) != value; });
  }
  return good;
}

// One or two axes: those asked for, or those that vary. What else varies must be held.
std::vector<Axis> chosen_axes(const std::vector<PlottedRun>& runs, const FigureOptions& options) {
  const std::vector<std::string> names = axis_names(runs[0]);
  std::vector<Axis> chosen;
  for (const std::string& name : options.axes) {
    check_name("--axis", name, names);
    chosen.push_back(axis_of(runs, name));
  }
  std::string left;
  for (const std::string& name : names) {
    const Axis axis = axis_of(runs, name);
    if (axis.values.size() < 2 || std::ranges::find(chosen, name, &Axis::name) != chosen.end()) continue;
    if (options.axes.empty() && chosen.size() < 2) {
      chosen.push_back(axis);
    } else {
      left += fmt::format("{}--at {}={}", left.empty() ? "" : " ", name, axis.values[0]);
    }
  }
  if (!left.empty()) throw InputError("", "--at", fmt::format("values for the other axes, such as {}", left), "none");
  if (chosen.empty()) chosen.push_back(axis_of(runs, names[0]));
  if (chosen.size() > 2) throw InputError("", "--axis", "one axis or two", fmt::format("{}", chosen.size()));
  return chosen;
}

// What is drawn, series by series, each with a sample for each place.
struct Series {
  std::string label;
  std::vector<Sample> samples;
  std::vector<bool> marked;  // by place: a run there left something undone
};

class Grid {
 public:
  explicit Grid(std::size_t places) : places_(places) {}

  void add(const std::string& label, std::size_t place, double value, const RunResult& run) {
    auto found = std::ranges::find(series, label, &Series::label);
    if (found == series.end())
      found = series.insert(series.end(), {label, std::vector<Sample>(places_), std::vector<bool>(places_)});
    undone.add(label, run);
    if (left_something(run)) found->marked[place] = true;
    if (std::isfinite(value)) found->samples[place].values.push_back(value);
  }

  std::vector<Series> series;
  Undone undone;

 private:
  std::size_t places_;
};

void draw_as_lines(const std::vector<PlottedRun>& runs, const std::vector<Axis>& axes, const DisplayUnit& unit,
                   const std::filesystem::path& out, const FigureOptions& options) {
  const Axis& x = axes[0];
  Grid grid(x.values.size());
  for (const PlottedRun& run : runs) {
    std::string label = run.result.policy;
    if (axes.size() > 1) label += fmt::format(", {} {}", axes[1].name, value_at(run, axes[1].name));
    grid.add(label, x.place(value_at(run, x.name)), run.result.metrics[options.metric] / unit.size, run.result);
  }
  LineChart chart;
  chart.x_title = x.name;
  chart.y_title = axis_title(options.metric, unit.name);
  chart.every_point = true;
  if (!x.numbers) chart.x_names = x.values;
  if (x.numbers) {
    const double low = *number_of(x.values.front()), high = *number_of(x.values.back());
    chart.x_logarithmic = low > 0 && high > 30 * low;
  }
  for (const Series& series : grid.series) {
    Line line{series.label, {}};
    for (std::size_t place = 0; place < x.values.size(); ++place) {
      const Sample& sample = series.samples[place];
      if (sample.values.empty()) continue;
      line.points.emplace_back(x.numbers ? *number_of(x.values[place]) : static_cast<double>(place), sample.mean());
      line.halves.push_back(sample.half_interval());
    }
    if (std::ranges::all_of(line.halves, [](double half) { return half == 0; })) line.halves.clear();
    line.marked = grid.undone.marks(series.label);
    chart.lines.push_back(std::move(line));
  }
  chart.foot = grid.undone.sentences();
  draw_lines(chart, out, options);
}

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
  for (const Series& series : grid.series) {
    for (const Sample& cell : series.samples) {
      if (cell.values.empty()) continue;
      heat.low = std::min(heat.low, cell.mean());
      heat.high = std::max(heat.high, cell.mean());
    }
  }
  return heat;
}

std::string cells_of(const Series& series, std::size_t columns, const Heat& heat, bool is_count) {
  std::string cells;
  for (std::size_t place = 0; place < series.samples.size(); ++place) {
    const Sample& sample = series.samples[place];
    if (sample.values.empty()) continue;
    const double mean = sample.mean();
    cells += fmt::format("{} {} {} \"{}{}\" {}\n", place % columns, place / columns, mean, figure_text(mean, is_count),
                         series.marked[place] ? "*" : "", heat.part(mean) > 0.5 ? 0xffffff : 0);
  }
  return cells;
}

// Lengths in centimetres.
struct HeatPage {
  std::size_t columns, rows;
  double width, height, left, right, top, bottom, gap, panel, panel_height;
  bool slanted;  // the names along the x axis, where they are wider than their cells
};

constexpr std::size_t most_letters = 14;  // of a value's name

std::size_t letters_of(const Axis& axis) {
  std::size_t letters = 1;
  for (const std::string& value : axis.values) letters = std::max(letters, display_width(value));
  return std::min(letters, most_letters);
}

double width_of(std::size_t panels, const FigureOptions& options) {
  return options.width_cm > 0 ? options.width_cm : panels == 1 ? 9 : 18;
}

HeatPage page_for(std::size_t panels, const Axis& x, const Axis& y, const Foot& foot, const FigureOptions& options) {
  const double em = options.font_pt / 72 * 2.54;
  HeatPage page{};
  page.columns = std::min<std::size_t>(panels, 3);
  page.rows = (panels + page.columns - 1) / page.columns;
  page.width = width_of(panels, options);
  page.left = page.gap = em * (2.8 + 0.64 * static_cast<double>(letters_of(y)));
  page.right = em * 6.4;
  page.top = em * 2;
  const auto columns = static_cast<double>(page.columns), rows = static_cast<double>(page.rows);
  page.panel = (page.width - page.left - page.right - page.gap * (columns - 1)) / columns;
  const auto x_letters = static_cast<double>(letters_of(x));
  page.slanted = page.panel / static_cast<double>(x.values.size()) < em * 0.62 * (x_letters + 1);
  page.bottom = em * (page.slanted ? 3.4 + 0.4 * x_letters : 3.4);
  const double cell = std::clamp(page.panel / static_cast<double>(x.values.size()), 0.3, 0.9);
  page.panel_height = std::max(3 * em, cell * static_cast<double>(y.values.size()));
  page.height = (page.top + page.bottom + page.panel_height) * rows + foot.height();
  return page;
}

void draw_as_heat(const std::vector<PlottedRun>& runs, const std::vector<Axis>& axes, const DisplayUnit& unit,
                  const std::filesystem::path& out, const FigureOptions& options) {
  const Axis &x = axes[0], &y = axes[1];
  Grid grid(x.values.size() * y.values.size());
  for (const PlottedRun& run : runs) {
    grid.add(run.result.policy, y.place(value_at(run, y.name)) * x.values.size() + x.place(value_at(run, x.name)),
             run.result.metrics[options.metric] / unit.size, run.result);
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

  Gnuplot gnuplot(out, options);
  const double em = options.font_pt / 72 * 2.54;
  const Foot foot(grid.undone.sentences(), width_of(grid.series.size(), options), em);
  const HeatPage page = page_for(grid.series.size(), x, y, foot, options);
  const double cell_width = page.panel / static_cast<double>(x.values.size());
  const double cell_height = page.panel_height / static_cast<double>(y.values.size());
  std::string script = fmt::format(
      "set multiplot\nunset key\nset border 15 lc rgb '#999999' lw 0.6\nset tics scale 0 textcolor rgb '#000000'\n"
      "set palette defined (0 '#fde725', 1 '#5ec962', 2 '#21918c', 3 '#3b528b', 4 '#440154')\n"
      "set xrange [-0.5:{}]\nset yrange [-0.5:{}]\nset xlabel {} noenhanced offset 0,0.4\n"
      "set ylabel {} noenhanced offset 0.6,0\n{}{}{}set cbrange [{}:{}]\nset cblabel {} noenhanced\nset cbtics "
      "format '%g'\n",
      static_cast<double>(x.values.size()) - 0.5, static_cast<double>(y.values.size()) - 0.5, gnuplot.text(x.name),
      gnuplot.text(y.name),
      named_tics(gnuplot, 'x', x.values, most_letters) + (page.slanted ? "set xtics rotate by 35 right\n" : ""),
      named_tics(gnuplot, 'y', y.values, most_letters), heat.logarithmic() ? "set logscale cb\n" : "", heat.low,
      heat.high > heat.low ? heat.high : heat.low + 1, gnuplot.text(axis_title(options.metric, unit.name)));
  for (std::size_t i = 0; i < grid.series.size(); ++i) {
    const double from_x = page.left + static_cast<double>(i % page.columns) * (page.panel + page.gap);
    const double to_y =
        page.height - page.top - static_cast<double>(i / page.columns) * (page.panel_height + page.top + page.bottom);
    const std::string file = fmt::format("heat-{}.txt", i + 1);
    gnuplot.data(file, cells_of(grid.series[i], x.values.size(), heat, metric(options.metric).is_count));
    script += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin at screen {}\n"
        "set title {} noenhanced offset 0,-0.6\n",
        from_x / page.width, (from_x + page.panel) / page.width, to_y / page.height,
        (to_y - page.panel_height) / page.height,
        gnuplot.text(wrapped_label(grid.series[i].label, static_cast<std::size_t>(page.panel / (0.6 * em)), 1) +
                     (grid.undone.marks(grid.series[i].label) ? "*" : "")));
    script += i == 0 ? foot.script(gnuplot, page.height) : "unset label\n";
    // The key of colours stands beside the first row.
    script += i == 0 ? fmt::format("set colorbox user origin screen {},{} size screen {},{}\n",
                                   1 - (page.right - 0.6 * em) / page.width,
                                   (page.height - page.top - page.panel_height) / page.height, 0.5 * em / page.width,
                                   page.panel_height / page.height)
                     : "unset colorbox\n";
    script += fmt::format("plot '{}' using 1:2:3 with image pixels", file);
    if (cell_width > 3 * em && cell_height > 1.1 * em) {
      script += fmt::format(", '{}' using 1:2:4:5 with labels tc rgb variable", file);
    }
    script += '\n';
  }
  gnuplot.draw(script + "unset multiplot\n", page.width, page.height);
}

}  // namespace

void draw_sweep(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = sweep_runs(runs, options);
  hold_values(good, options.metric);
  const std::vector<Axis> axes = chosen_axes(good, options);
  double largest = 0;
  for (const PlottedRun& run : good) {
    const double value = run.result.metrics[options.metric];
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  const DisplayUnit unit = display_unit(options.metric, largest);
  const bool heat = axes.size() == 2 && !options.lines;
  (heat ? draw_as_heat : draw_as_lines)(good, axes, unit, out, options);
}

}  // namespace headway
