// A map of each drive: its offsets laid along a Hilbert curve, so that what is near on the drive is near on the map,
// and coloured by when it was read. One sweep is a smooth run of colours, a seeking policy is noise.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/error.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "results/traced_reads.h"

namespace headway {

namespace {

constexpr std::uint32_t side = 64, cells = side * side;

struct Cell {
  std::uint32_t x, y;
};

// The place of step d on the curve (Hilbert's, by the usual bit-by-bit rule).
Cell hilbert(std::uint32_t d) {
  Cell cell{0, 0};
  for (std::uint32_t s = 1; s < side; s *= 2) {
    const std::uint32_t rx = 1 & (d / 2), ry = 1 & (d ^ rx);
    if (ry == 0) {
      if (rx == 1) cell = {s - 1 - cell.x, s - 1 - cell.y};
      std::swap(cell.x, cell.y);
    }
    cell.x += s * rx;
    cell.y += s * ry;
    d /= 4;
  }
  return cell;
}

// The offsets between which all runs read the device.
struct Span {
  double low = INFINITY, high = -INFINITY;
};

Span span_of(const std::vector<TracedRun>& traced, std::uint64_t devid) {
  Span span;
  for (const TracedRun& run : traced) {
    for (const TracedRead& read : run.reads) {
      if (read.device != devid) continue;
      span.low = std::min(span.low, static_cast<double>(read.physical));
      span.high = std::max(span.high, static_cast<double>(read.physical + read.bytes));
    }
  }
  return span;
}

// By cell: when in the run it was read last, in percent; NaN for never.
std::vector<double> times_of(const TracedRun& run, std::uint64_t devid, const Span& span) {
  std::vector<double> times(cells, NAN);
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    const double part = (static_cast<double>(read.physical) - span.low) / (span.high - span.low);
    times[std::min(static_cast<std::uint32_t>(part * cells), cells - 1)] = 100 * read.end_s / run.end_s;
  }
  return times;
}

std::string data_of(const std::vector<double>& times) {
  std::vector<double> grid(cells);
  for (std::uint32_t d = 0; d < cells; ++d) {
    const Cell cell = hilbert(d);
    grid[cell.y * side + cell.x] = times[d];
  }
  std::string text;
  for (std::uint32_t y = 0; y < side; ++y) {
    for (std::uint32_t x = 0; x < side; ++x) {
      const double value = grid[y * side + x];
      text += std::isnan(value) ? "NaN " : fmt::format("{:.1f} ", value);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

void draw_layout(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  const std::vector<PlottedRun> good = good_runs(runs);
  Gnuplot gnuplot(out, options);
  std::vector<TracedRun> traced;
  for (const PlottedRun& run : good) traced.push_back(read_run(trace_of(run)));
  const auto& devices = traced[0].header.devices;
  constexpr std::size_t most_devices = 16, most_runs = 8;
  if (devices.size() > most_devices || good.size() > most_runs) {
    throw InputError(out.string(), "", fmt::format("at most {} devices and {} runs on a map", most_devices, most_runs),
                     fmt::format("{} and {}", devices.size(), good.size()));
  }
  const double em = options.font_pt / 72 * 2.54;
  const auto columns = static_cast<double>(good.size()), rows = static_cast<double>(devices.size());
  const double width = options.width_cm > 0 ? options.width_cm : good.size() <= 4 ? 9 : 18;
  const double left = 1.8 * em, right = 4.4 * em, top = 3.4 * em, bottom = 0.6 * em, gap = 0.15;
  const double panel = (width - left - right - gap * (columns - 1)) / columns;
  const double height = top + bottom + panel * rows + gap * (rows - 1);
  std::string script = fmt::format(
      "set multiplot layout {},{} margins screen {},{},{},{} spacing screen {},{}\nunset key\nunset tics\n"
      "set border 15 lc rgb '#cccccc'\nset cbrange [0:100]\nset xrange [-0.5:{}]\nset yrange [-0.5:{}]\n"
      // viridis (S. van der Walt, N. Smith), which keeps its order in grey
      "set palette defined (0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725')\n"
      "set object 1 rectangle from graph 0,0 to graph 1,1 fs solid noborder fc rgb '#f0f0f0' behind\n",
      devices.size(), good.size(), left / width, 1 - right / width, bottom / height, 1 - top / height, gap / width,
      gap / height, side - 0.5, side - 0.5);
  for (std::size_t device = 0; device < devices.size(); ++device) {
    const Span span = span_of(traced, devices[device].devid);
    for (std::size_t column = 0; column < good.size(); ++column) {
      const std::string file = fmt::format("map-{}-{}.txt", column + 1, devices[device].devid);
      gnuplot.data(file, data_of(times_of(traced[column], devices[device].devid, span)));
      const auto letters = static_cast<std::size_t>(std::max(4.0, panel / (em * 0.6)));
      script += device == 0 ? fmt::format("set title {} noenhanced offset 0,-0.6\n",
                                          gnuplot.text(wrapped_label(good[column].label, letters, 2)))
                            : "unset title\n";
      script +=
          column == 0 ? fmt::format("set ylabel 'device {}' offset 1.5,0\n", devices[device].devid) : "unset ylabel\n";
      // The key of colours stands beside the first row.
      script += device == 0 && column + 1 == good.size()
                    ? fmt::format(
                          "set colorbox user origin screen {},{} size screen {},{}\nset cbtics (\"start\" 0, \"end\" "
                          "100) scale 0 textcolor rgb '#000000'\n",
                          1 - (right - 0.5 * em) / width, 1 - (top + panel) / height, 0.5 * em / width, panel / height)
                    : "unset colorbox\n";
      script += fmt::format("plot '{}' matrix with image pixels\n", file);
    }
  }
  gnuplot.draw(script + "unset multiplot\n", width, height);
}

}  // namespace headway
