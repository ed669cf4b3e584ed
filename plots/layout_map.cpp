// A map of each drive: its offsets laid along a Hilbert curve, so that what is near on the drive is near on the map,
// and coloured by when it was read. One sweep is a smooth run of colours, a seeking policy is noise. Where the layout
// is known, shades of grey show what was not read: blocks of the trees at hand, other blocks, and chunks without any.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/base/error.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "results/trace/traced_reads.h"

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

// What a cell shows: when in the run it was read last, in percent, or why it was not. A cell shows the largest of what
// falls into it.
namespace shown {
constexpr double chunk = -50, other_block = -30, tree_block = -10;  // middles of steps that are `step` wide
constexpr double step = 20;
}  // namespace shown

// The offsets of a device that its maps show: where blocks lie or reads went.
struct Span {
  double low = INFINITY, high = -INFINITY;

  void add(std::uint64_t physical, std::uint64_t bytes) {
    low = std::min(low, static_cast<double>(physical));
    high = std::max(high, static_cast<double>(physical + bytes));
  }
  std::uint32_t cell(std::uint64_t physical) const {
    const double part = (static_cast<double>(physical) - low) / (high - low);
    return std::min(static_cast<std::uint32_t>(std::max(part, 0.0) * cells), cells - 1);
  }
};

// Marks all blocks below the roots of the trees that the run's readaheads were for.
std::vector<bool> blocks_at_hand(const Forest& forest, const TracedRun& run) {
  std::vector<bool> at_hand(forest.blocks());
  std::vector<BlockId> open;
  for (const TracedMark& mark : run.marks) {
    if (mark.event != TraceEvent::add) continue;
    if (const auto tree = forest.find_tree(mark.tree)) open.push_back(forest.trees[*tree].root);
  }
  while (!open.empty()) {
    const BlockId block = open.back();
    open.pop_back();
    if (at_hand[block]) continue;
    at_hand[block] = true;
    for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
      open.push_back(forest.child[p]);
    }
  }
  return at_hand;
}

// All maps of one run, by device.
struct RunMaps {
  std::vector<std::vector<double>> cells;
};

// Calls f(device, physical) for each copy of each block.
template <typename F>
void for_each_copy(const PlottedLayout& layout, const F& f) {
  for (BlockId block = 0; block < layout.forest->blocks(); ++block) {
    const Mapping mapping = layout.volume->map(layout.forest->logical[block]);
    for (int copy = 0; copy < mapping.copies; ++copy) f(block, mapping.copy[copy].device, mapping.copy[copy].physical);
  }
}

std::vector<Span> spans_of(const std::vector<TracedRun>& runs, const PlottedLayout* layout) {
  std::vector<Span> spans(runs[0].header.devices.size());
  for (const TracedRun& run : runs) {
    for (const TracedRead& read : run.reads) spans[run.device_place(read.device)].add(read.physical, read.bytes);
  }
  if (layout == nullptr) return spans;
  for_each_copy(*layout, [&](BlockId, DeviceIndex device, std::uint64_t physical) {
    spans[device].add(physical, layout->forest->node_bytes);
  });
  return spans;
}

void add_chunks(RunMaps& maps, const Volume& volume, const std::vector<Span>& spans) {
  for (const Chunk& chunk : volume.chunks()) {
    if ((chunk.use & Chunk::metadata) == 0) continue;
    const double bytes = static_cast<double>(chunk.bytes) / Volume::sets_of(chunk);
    for (const Stripe& stripe : chunk.stripes) {
      const Span& span = spans[stripe.device];
      const double from = static_cast<double>(stripe.physical);
      if (!(span.high > span.low) || from >= span.high || from + bytes <= span.low) continue;
      const std::uint32_t last = span.cell(stripe.physical + static_cast<std::uint64_t>(bytes) - 1);
      for (std::uint32_t c = span.cell(stripe.physical); c <= last; ++c) maps.cells[stripe.device][c] = shown::chunk;
    }
  }
}

RunMaps maps_of(const TracedRun& run, const PlottedLayout* layout, const std::vector<Span>& spans) {
  RunMaps maps{std::vector(spans.size(), std::vector<double>(cells, NAN))};
  const auto raise = [&](std::size_t device, std::uint64_t physical, double value) {
    double& cell = maps.cells[device][spans[device].cell(physical)];
    if (!(cell >= value)) cell = value;
  };
  if (layout != nullptr) {
    add_chunks(maps, *layout->volume, spans);
    const std::vector<bool> at_hand = blocks_at_hand(*layout->forest, run);
    for_each_copy(*layout, [&](BlockId block, DeviceIndex device, std::uint64_t physical) {
      raise(device, physical, at_hand[block] ? shown::tree_block : shown::other_block);
    });
  }
  for (const TracedRead& read : run.reads) {
    if (read.error > 0) continue;  // brought nothing: what it was for is unread
    raise(run.device_place(read.device), read.physical, run.end_s > 0 ? 100 * read.end_s / run.end_s : 0);
  }
  return maps;
}

// viridis (S. van der Walt, N. Smith) without its lightest part, which keeps its order in grey and stays darker there
// than what was not read; before it, a step for each kind of that.
std::string palette_script(bool with_layout) {
  const std::string read = "0 '#440154', 33 '#3b528b', 66 '#21918c', 100 '#5ec962'";
  if (!with_layout) return fmt::format("set cbrange [0:100]\nset palette defined ({})\n", read);
  return fmt::format(
      "set cbrange [-60:100]\nset palette maxcolors 0 defined (-60 '#f4f4f4', -40 '#f4f4f4', -40 '#dddddd', -20 "
      "'#dddddd', -20 '#bdbdbd', -0.01 '#bdbdbd', {})\n",
      read);
}

std::string key_script(bool with_layout) {
  std::string tics = "\"first\" 8, \"last\" 95";
  if (with_layout) {
    tics +=
        fmt::format(", \"empty\" {}, \"other\" {}, \"unread\" {}", shown::chunk, shown::other_block, shown::tree_block);
  }
  return fmt::format("set cbtics ({}) scale 0 textcolor rgb '#000000'\n", tics);
}

std::string data_of(const std::vector<double>& values) {
  std::vector<double> grid(cells);
  for (std::uint32_t d = 0; d < cells; ++d) {
    const Cell cell = hilbert(d);
    grid[cell.y * side + cell.x] = values[d];
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

// The layout that all runs share; null where one has none, or another.
const PlottedLayout* layout_of(const std::vector<PlottedRun>& runs, const std::vector<Device>& devices) {
  const PlottedLayout* layout = runs[0].layout.get();
  for (const PlottedRun& run : runs) {
    if (run.layout.get() != layout) return nullptr;
  }
  if (layout == nullptr || !std::ranges::equal(layout->volume->devices(), devices, {}, &Device::devid, &Device::devid)) {
    return nullptr;
  }
  return layout;
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
  for (const TracedRun& run : traced) {
    if (!std::ranges::equal(run.header.devices, devices, {}, &Device::devid, &Device::devid)) {
      throw InputError(out.string(), "devices", "the same devices in all runs on a map", "others");
    }
  }
  const PlottedLayout* layout = layout_of(good, devices);
  const std::vector<Span> spans = spans_of(traced, layout);

  const double em = options.font_pt / 72 * 2.54;
  const auto columns = static_cast<double>(good.size()), rows = static_cast<double>(devices.size());
  const double width = options.width_cm > 0 ? options.width_cm : good.size() <= 4 ? 9 : 18;
  const double left = 1.8 * em, right = (layout != nullptr ? 5.6 : 4.0) * em, bottom = 0.6 * em, gap = 0.15;
  const double panel = (width - left - right - gap * (columns - 1)) / columns;
  const auto letters = static_cast<std::size_t>(std::max(4.0, panel / (em * 0.6)));
  std::vector<std::string> titles;
  std::ptrdiff_t title_lines = 1;
  for (const PlottedRun& run : good) {
    titles.push_back(wrapped_label(run.label, letters, 2));
    title_lines = std::max(title_lines, 1 + std::ranges::count(titles.back(), '\n'));
  }
  const double top = em * (0.8 + 1.25 * static_cast<double>(title_lines));
  const double key = std::max(panel, layout != nullptr ? 3.0 : 0.0);  // how high the key of colours stands
  const double height = std::max(top + bottom + panel * rows + gap * (rows - 1), top + bottom + key);
  std::string script = fmt::format(
      "set multiplot layout {},{} margins screen {},{},{},{} spacing screen {},{}\nunset key\nunset tics\n"
      "set border 15 lc rgb '#999999' lw 0.6\nset xrange [-0.5:{}]\nset yrange [-0.5:{}]\n{}",
      devices.size(), good.size(), left / width, 1 - right / width,
      (height - top - panel * rows - gap * (rows - 1)) / height, 1 - top / height, gap / width, gap / height,
      side - 0.5, side - 0.5, palette_script(layout != nullptr));
  std::vector<RunMaps> maps;
  for (const TracedRun& run : traced) maps.push_back(maps_of(run, layout, spans));
  for (std::size_t device = 0; device < devices.size(); ++device) {
    for (std::size_t column = 0; column < good.size(); ++column) {
      const std::string file = fmt::format("map-{}-{}.txt", column + 1, devices[device].devid);
      gnuplot.data(file, data_of(maps[column].cells[device]));
      script += device == 0 ? fmt::format("set title {} noenhanced offset 0,-0.6\n", gnuplot.text(titles[column]))
                            : "unset title\n";
      script +=
          column == 0 ? fmt::format("set ylabel 'device {}' offset 1.5,0\n", devices[device].devid) : "unset ylabel\n";
      // The key of colours stands beside the first row.
      script +=
          device == 0 && column + 1 == good.size()
              ? fmt::format("set colorbox user origin screen {},{} size screen {},{}\n", 1 - (right - 0.5 * em) / width,
                            1 - (top + key) / height, 0.5 * em / width, key / height) +
                    key_script(layout != nullptr)
              : "unset colorbox\n";
      script += fmt::format("plot '{}' matrix with image pixels\n", file);
    }
  }
  gnuplot.draw(script + "unset multiplot\n", width, height);
}

}  // namespace headway
