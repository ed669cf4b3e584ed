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
#include "plots/page.h"
#include "plots/series.h"
#include "plots/text_size.h"
#include "plots/undone.h"

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
  bool holds(std::uint64_t physical) const {
    const auto at = static_cast<double>(physical);
    return low <= at && at <= high;
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

// To those offsets, where some are selected.
void cut(std::vector<Span>& spans, const Selection& selection) {
  constexpr double gib = 1024.0 * 1024 * 1024;
  if (!selection.offset_gib) return;
  for (Span& span : spans) {
    span.low = std::max(span.low, selection.offset_gib->low * gib);
    span.high = std::min(span.high, selection.offset_gib->high * gib);
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
    if (!spans[device].holds(physical)) return;
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

// `coarse`: a quarter of the cells, each the largest of four, for maps that are small on the page.
std::string data_of(const std::vector<double>& values, bool coarse) {
  const std::uint32_t across = coarse ? side / 2 : side, scale = side / across;
  std::vector<double> grid(across * across, NAN);
  for (std::uint32_t d = 0; d < cells; ++d) {
    const Cell cell = hilbert(d);
    double& shown = grid[cell.y / scale * across + cell.x / scale];
    if (!(shown >= values[d])) shown = values[d];
  }
  std::string text;
  for (std::uint32_t y = 0; y < across; ++y) {
    for (std::uint32_t x = 0; x < across; ++x) {
      const double value = grid[y * across + x];
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
  if (layout == nullptr ||
      !std::ranges::equal(layout->volume->devices(), devices, {}, &Device::devid, &Device::devid)) {
    return nullptr;
  }
  return layout;
}

// Where the maps stand, in cm: few devices as rows that all runs share; of many, a block a run in which they stand
// beside and below each other.
class MapFigure {
 public:
  MapFigure(const std::vector<PlottedRun>& runs, std::vector<TracedRun> traced, std::vector<Device> devices,
            std::vector<std::string> foot, const FigureOptions& options);
  void draw(const std::filesystem::path& out) const;

 private:
  static constexpr double gap = 0.15;
  void lay_out();
  bool in_blocks() const { return devices().size() > most_rows; }
  const std::vector<Device>& devices() const { return devices_; }
  double block_height() const {
    return title_ + static_cast<double>(rows_) * (map_ + name_) + gap * static_cast<double>(rows_ - 1);
  }
  Box box(std::size_t run, std::size_t device) const;
  void draw_key(Page& page) const;
  void draw_names(Page& page, std::size_t run, std::size_t device, const Box& box) const;

  static constexpr std::size_t most_rows = 6;

  const FigureOptions& options_;
  const double em_;
  std::vector<TracedRun> traced_;
  std::vector<Device> devices_;  // that are selected
  const PlottedLayout* layout_;
  std::vector<std::string> titles_, foot_;
  std::size_t columns_ = 1, rows_ = 1;  // of maps; in a block, of one run
  double width_ = 0, height_ = 0, left_ = 0, right_ = 0, head_ = 0, title_ = 0, name_ = 0, map_ = 0, key_ = 0;
};

MapFigure::MapFigure(const std::vector<PlottedRun>& runs, std::vector<TracedRun> traced, std::vector<Device> devices,
                     std::vector<std::string> foot, const FigureOptions& options)
    : options_(options),
      em_(em_of(options)),
      traced_(std::move(traced)),
      devices_(std::move(devices)),
      layout_(layout_of(runs, traced_[0].header.devices)),
      foot_(std::move(foot)) {
  for (const PlottedRun& run : runs) titles_.push_back(run.label + (left_something(run.result) ? "*" : ""));
  lay_out();
}

void MapFigure::lay_out() {
  const std::size_t runs = traced_.size();
  width_ = width_of(options_, in_blocks() ? devices().size() > 16 : runs > 4);
  left_ = in_blocks() ? 0.8 * em_ : 1.8 * em_;
  right_ = (layout_ != nullptr ? 5.6 : 4.0) * em_;
  head_ = title_of(options_, width_ > options_.column_cm).height();
  constexpr std::size_t most_in_block = 8;
  columns_ = in_blocks() ? std::min(most_in_block, devices().size()) : runs;
  rows_ = in_blocks() ? (devices().size() + columns_ - 1) / columns_ : devices().size();
  map_ = (width_ - left_ - right_ - gap * static_cast<double>(columns_ - 1)) / static_cast<double>(columns_);
  constexpr double least_ems = 2;
  if (map_ < least_ems * em_)
    throw InputError("", "",
                     fmt::format("as many maps beside each other as have room on {:g} cm (--policy chooses)", width_),
                     fmt::format("{}", columns_));
  const double title_width = in_blocks() ? width_ - left_ - right_ : map_;
  titles_ = wrapped_labels(titles_, std::max(3.0, title_width / em_), in_blocks() ? 1 : 3);
  std::size_t lines = 1;
  for (const std::string& title : titles_) lines = std::max(lines, lines_of(title).size());
  title_ = em_ * (0.8 + line_ems * static_cast<double>(lines));
  name_ = in_blocks() ? 1.2 * em_ : 0;
  key_ = std::max(map_, layout_ != nullptr ? 3.0 : 1.0);
  const double blocks = in_blocks() ? static_cast<double>(runs) : 1;
  height_ = std::max(blocks * block_height() + 0.6 * em_, title_ + key_ + 1.2 * em_) + head_ +
            Sentences(foot_, width_, em_).height();
}

Box MapFigure::box(std::size_t run, std::size_t device) const {
  const std::size_t column = in_blocks() ? device % columns_ : run, row = in_blocks() ? device / columns_ : device;
  const double block_top = height_ - head_ - (in_blocks() ? static_cast<double>(run) * block_height() : 0);
  const double top = block_top - title_ - name_ - static_cast<double>(row) * (map_ + name_ + gap);
  return {left_ + static_cast<double>(column) * (map_ + gap), top - map_, map_, map_};
}

// The key of colours stands beside the first row.
void MapFigure::draw_key(Page& page) const {
  PlotAxis axis{layout_ != nullptr ? -60.0 : 0.0, 100};
  axis.ticks = {{8, "first"}, {95, "last"}};
  if (layout_ != nullptr) {
    axis.ticks.push_back({shown::chunk, "empty"});
    axis.ticks.push_back({shown::other_block, "other"});
    axis.ticks.push_back({shown::tree_block, "unread"});
  }
  draw_colour_key(page, {width_ - right_ + 0.5 * em_, height_ - head_ - title_ - key_, 0.5 * em_, key_}, axis, "");
}

void MapFigure::draw_names(Page& page, std::size_t run, std::size_t device, const Box& box) const {
  const bool is_first = in_blocks() ? device == 0 : run == 0;
  if (in_blocks()) {
    if (device == 0) page.text(left_, box.top() + name_ + title_ / 2, titles_[run], Align::left);
    page.text(box.left + map_ / 2, box.top() + 0.6 * em_,
              fmt::format("{}{}", is_first && map_ > 4 * em_ ? "device " : "", devices()[device].devid), Align::centre);
    return;
  }
  if (device == 0) page.text(box.left + map_ / 2, box.top() + title_ / 2, titles_[run], Align::centre);
  if (!is_first) return;
  const std::string name = fmt::format("device {}", devices()[device].devid);
  const bool is_short = map_ < em_ * text_ems(name);
  page.text(box.left - 0.8 * em_, box.middle(), is_short ? fmt::format("{}", devices()[device].devid) : name,
            Align::centre, {.turned = 90});
}

void MapFigure::draw(const std::filesystem::path& out) const {
  Gnuplot gnuplot(out, options_);
  Page page(gnuplot, options_);
  page.size(width_, height_);
  page.title(title_of(options_, width_ > options_.column_cm));
  page.foot({foot_, width_, em_});
  page.raw(fmt::format("set border 15 lc rgb '#999999' lw 0.6\nunset grid\nunset colorbox\n{}",
                       palette_script(layout_ != nullptr)));
  std::vector<Span> spans = spans_of(traced_, layout_);
  cut(spans, options_.selection);
  constexpr std::size_t most_fine = 32;
  const bool coarse = traced_.size() * devices().size() > most_fine;
  for (std::size_t run = 0; run < traced_.size(); ++run) {
    const RunMaps maps = maps_of(traced_[run], layout_, spans);
    for (std::size_t device = 0; device < devices().size(); ++device) {
      const std::string file = fmt::format("map-{}-{}.txt", run + 1, devices()[device].devid);
      gnuplot.data(file, data_of(maps.cells[traced_[run].device_place(devices()[device].devid)], coarse));
      const Box place = box(run, device);
      draw_names(page, run, device, place);
      if (run + device == 0) draw_key(page);
      const double high = (coarse ? side / 2 : side) - 0.5;
      page.panel(place, {-0.5, high}, {-0.5, high});
      page.plot(fmt::format("'{}' matrix with image pixels", file));
    }
  }
  page.draw();
}

}  // namespace

void draw_layout(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  OneSeed one = one_seed_each(good_runs(runs));
  Selection of_reads = options.selection;  // the layout is of all devices
  of_reads.devices.clear();
  std::vector<TracedRun> traced;
  Undone undone;
  for (const PlottedRun& run : one.runs) {
    traced.push_back(selected_run(run, of_reads));
    undone.add(run.label, run.result);
  }
  std::vector<Device> devices = traced[0].header.devices;
  for (const TracedRun& run : traced) {
    if (!std::ranges::equal(run.header.devices, devices, {}, &Device::devid, &Device::devid)) {
      throw InputError(out.string(), "devices", "the same devices in all runs on a map", "others");
    }
  }
  std::erase_if(devices, [&](const Device& device) { return !options.selection.has_device(device.devid); });
  constexpr std::size_t most_maps = 128;
  if (devices.empty() || devices.size() * traced.size() > most_maps) {
    throw InputError(out.string(), "", fmt::format("1 to {} maps (--policy and --device choose)", most_maps),
                     fmt::format("{} devices in {} runs", devices.size(), traced.size()));
  }
  if (options.selection.time_s)
    one.sentences.emplace_back("Shown are the reads of the time that was selected; others count as unread.");
  for (std::string& sentence : undone.sentences()) one.sentences.push_back(std::move(sentence));
  MapFigure(one.runs, std::move(traced), std::move(devices), std::move(one.sentences), options).draw(out);
}

}  // namespace headway
