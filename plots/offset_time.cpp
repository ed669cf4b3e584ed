// The figure that says most about a policy: where each drive's head was, when.
//
// A column of panels a trace, a row a device. Columns share the axis of time, so that a faster policy is seen to end
// earlier, unless it is so much faster that its panels would be strokes: then each has its own, and says how long it
// took. A row shares its axis of offsets, so that an order of reading is seen beside another. Where the layout is
// known, the zone that the drive's read pointer is in is grey, and hatched the one that a mirror peer is in: what a
// peer lock keeps the drive out of, as far as it can.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "plots/draw.h"
#include "plots/gnuplot.h"
#include "plots/page.h"
#include "plots/series.h"
#include "plots/stretches.h"
#include "plots/text_size.h"
#include "plots/undone.h"
#include "results/metrics/units.h"
#include "results/trace/device_places.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

struct Point {
  double time_s, offset_gib;
};

// A zone for as long as a read pointer was in it.
struct Band {
  double from_s, to_s, low_gib, high_gib;
};

struct Panel {
  std::vector<Point> points;
  std::vector<Point> failed;  // reads that brought nothing
  std::vector<Band> zones;    // of this device's read pointer
  std::vector<Band> peers;    // of its mirror peers'
};

// Follows the read pointers of one trace.
class ZoneBands {
 public:
  ZoneBands(const Volume& volume, std::vector<Panel>& panels)
      : volume_(volume), panels_(panels), pointers_(volume.devices().size()) {
    for (std::uint32_t set = 0; set < volume.stripe_set_count(); ++set) {
      const auto members = volume.devices_of_set(set);
      for (const DeviceIndex member : members) members_[{volume.chunk_of_set(set), member}] = members;
    }
  }

  void zone(double t, std::size_t device, std::uint64_t logical) {
    leave(t, device);
    pointers_[device] = {volume_.find_chunk(logical), t, t};
  }
  void read_ended(double t, std::size_t device) { pointers_[device].last_s = t; }
  // A pointer that goes nowhere any more stays until the last read.
  void end() {
    for (std::size_t device = 0; device < pointers_.size(); ++device) leave(pointers_[device].last_s, device);
  }

 private:
  struct Pointer {
    std::int64_t chunk = -1;
    double since_s = 0, last_s = 0;
  };

  void leave(double t, std::size_t device) {
    const Pointer& pointer = pointers_[device];
    if (pointer.chunk < 0) return;
    const Chunk& chunk = volume_.chunks()[static_cast<std::size_t>(pointer.chunk)];
    const auto found = members_.find({static_cast<std::uint32_t>(pointer.chunk), static_cast<DeviceIndex>(device)});
    if (found == members_.end()) return;
    const double length_gib = static_cast<double>(chunk.bytes) / Volume::sets_of(chunk) / gib;
    for (const Stripe& stripe : chunk.stripes) {
      if (std::ranges::find(found->second, stripe.device) == found->second.end()) continue;
      Panel& panel = panels_[stripe.device];
      const double low_gib = static_cast<double>(stripe.physical) / gib;
      (stripe.device == device ? panel.zones : panel.peers)
          .push_back({pointer.since_s, t, low_gib, low_gib + length_gib});
    }
  }

  const Volume& volume_;
  std::vector<Panel>& panels_;
  std::vector<Pointer> pointers_;
  std::map<std::pair<std::uint32_t, DeviceIndex>, std::vector<DeviceIndex>> members_;  // of a device's set in a chunk
};

// What all panels have in common.
struct Figure {
  std::vector<std::uint64_t> devids;
  std::vector<std::vector<Panel>> columns;  // by trace, then by device
  std::vector<double> ends_s;               // by trace

  bool has_zones() const {
    return any([](const Panel& panel) { return !panel.zones.empty(); });
  }
  bool has_failed() const {
    return any([](const Panel& panel) { return !panel.failed.empty(); });
  }
  bool has_key() const { return has_zones() || has_failed(); }

 private:
  template <typename F>
  bool any(const F& of) const {
    return std::ranges::any_of(columns, [&](const auto& panels) { return std::ranges::any_of(panels, of); });
  }
};

// Leaves the panels of the devices that are selected.
void keep_selected(std::vector<Panel>& panels, const std::vector<std::uint64_t>& devids, const Selection& selection) {
  std::size_t kept = 0;
  for (std::size_t place = 0; place < devids.size(); ++place) {
    if (selection.has_device(devids[place])) std::swap(panels[kept++], panels[place]);
  }
  panels.resize(kept);
}

void read_into(Figure& figure, const LabelledTrace& labelled, const Selection& selection) {
  TraceReader trace(labelled.path);
  const DevicePlaces places(trace.header().devices);
  std::vector<std::uint64_t> devids, shown;
  for (const Device& device : trace.header().devices) devids.push_back(device.devid);
  std::ranges::copy_if(devids, std::back_inserter(shown), [&](std::uint64_t id) { return selection.has_device(id); });
  if (figure.columns.empty()) figure.devids = shown;
  if (shown != figure.devids) {
    throw InputError(labelled.path.string(), "devices", "the same devices as in the first trace", "others");
  }
  std::vector<Panel> panels(devids.size());
  std::optional<ZoneBands> zones;
  if (labelled.layout && std::ranges::equal(labelled.layout->volume->devices(), devids, {}, &Device::devid)) {
    zones.emplace(*labelled.layout->volume, panels);
  }
  double end_s = 0;
  std::vector<TraceRow> rows;
  while (trace.next(rows)) {
    for (const TraceRow& row : rows) {
      end_s = std::max(end_s, row.time_s);
      if (row.event != TraceEvent::complete && row.event != TraceEvent::zone) continue;
      const std::size_t place = places[row.device];
      if (place == devids.size()) {
        throw InputError(labelled.path.string(), "device", "a device that the header lists",
                         fmt::format("{}", row.device));
      }
      if (row.event == TraceEvent::complete) {
        if (selection.has_time(row.time_s) && selection.has_offset(row.physical))
          (row.error > 0 ? panels[place].failed : panels[place].points)
              .push_back({row.time_s, static_cast<double>(row.physical) / gib});
        if (zones) zones->read_ended(row.time_s, place);
      } else if (zones) {
        zones->zone(row.time_s, place, row.logical);
      }
    }
  }
  if (zones) zones->end();
  keep_selected(panels, devids, selection);
  figure.columns.push_back(std::move(panels));
  figure.ends_s.push_back(end_s);
}

// The offsets of a device that any column shows.
std::vector<double> offsets_of(const Figure& figure, std::size_t device) {
  std::vector<double> offsets;
  for (const auto& panels : figure.columns) {
    for (const auto* points : {&panels[device].points, &panels[device].failed}) {
      for (const Point& point : *points) offsets.push_back(point.offset_gib);
    }
  }
  return offsets;
}

// A row's axis of offsets, and what of the drive it leaves out.
struct Row {
  Stretches stretches;
  PlotAxis axis;
};

// Points finer than print shows are left out: the figure stays the same and its file small.
std::string data_of(const std::vector<Point>& points, const PlotAxis& time, const Row& row) {
  constexpr double across = 3000, up = 1500;
  std::unordered_set<std::uint64_t> drawn;
  std::string text;
  for (const Point& point : points) {
    const double shown = row.stretches.shown(point.offset_gib);
    const auto x = static_cast<std::uint64_t>(time.place(point.time_s) * across);
    const auto y = static_cast<std::uint64_t>(row.axis.place(shown) * up);
    if (drawn.insert(x << 32 | y).second) text += fmt::format("{} {}\n", point.time_s, shown);
  }
  return text;
}

// What of the bands lies on the axes; those of one zone that follow upon each other become one.
std::string data_of(const std::vector<Band>& bands, const PlotAxis& time, const Row& row) {
  const double pixel_s = (time.high - time.low) / 2000, height = row.axis.high - row.axis.low;
  std::vector<Band> drawn;
  std::map<double, std::size_t> last;  // by where the zone begins
  for (const Band& band : bands) {
    double low = std::max(row.stretches.shown(band.low_gib), row.axis.low);
    double high = std::min(row.stretches.shown(band.high_gib), row.axis.high);
    if (low >= high || band.to_s < time.low || band.from_s > time.high) continue;
    const double room = 0.015 * height - (high - low) / 2;  // to be seen
    if (room > 0) low = std::max(low - room, row.axis.low), high = std::min(high + room, row.axis.high);
    const auto [place, is_new] = last.try_emplace(band.low_gib, drawn.size());
    if (!is_new && band.from_s - drawn[place->second].to_s < pixel_s) {
      drawn[place->second].to_s = std::max(drawn[place->second].to_s, band.to_s);
      continue;
    }
    place->second = drawn.size();
    drawn.push_back({std::max(band.from_s, time.low), band.to_s, low, high});
  }
  std::string text;
  for (const Band& band : drawn) {
    fmt::format_to(std::back_inserter(text), "{} {} {} {}\n", band.from_s, std::min(band.to_s, time.high), band.low_gib,
                   band.high_gib);
  }
  return text;
}

constexpr const char* zone_fill = "fs solid noborder fc rgb '#dedede'";
constexpr const char* peer_fill = "fs transparent pattern 4 noborder fc rgb '#8a8a8a'";

// A failed read's cross, upon the points of the others.
constexpr const char* failed_mark = "pt 2 ps 0.6 lw 1.5 lc rgb '#000000'";

// A column of panels a trace, on a page whose lengths are in cm.
class OffsetFigure {
 public:
  OffsetFigure(std::span<const LabelledTrace> traces, const FigureOptions& options);
  void draw(const std::filesystem::path& out);

 private:
  void find_times();
  void lay_out();
  std::size_t bands() const { return (columns() + in_band_ - 1) / in_band_; }
  std::size_t columns() const { return figure_.columns.size(); }
  std::size_t devices() const { return figure_.devids.size(); }
  double band_height() const {
    return label_height_ + static_cast<double>(devices()) * (panel_height_ + row_gap) - row_gap + em_ * 3.3;
  }
  void draw_key(Page& page) const;
  void draw_panel(Page& page, Gnuplot& gnuplot, std::size_t column, std::size_t device) const;

  static constexpr double row_gap = 0.3, least_panel = 1.5;

  const FigureOptions& options_;
  const double em_;
  Figure figure_;
  std::vector<std::string> labels_, foot_;
  std::vector<PlotAxis> times_;
  std::vector<Row> rows_;
  double width_ = 0, height_ = 0, left_ = 0, right_ = 0, gap_ = 0, head_ = 0, bottom_ = 0, label_height_ = 0;
  double panel_ = 0, panel_height_ = 0;
  std::size_t in_band_ = 1;  // columns beside each other
  bool own_time_ = false;
};

OffsetFigure::OffsetFigure(std::span<const LabelledTrace> traces, const FigureOptions& options)
    : options_(options), em_(em_of(options)) {
  for (const LabelledTrace& trace : traces) {
    read_into(figure_, trace, options.selection);
    labels_.push_back(trace.label);
    foot_.insert(foot_.end(), trace.foot.begin(), trace.foot.end());
  }
  if (figure_.devids.empty()) throw InputError(traces[0].path.string(), "devices", "at least one device", "none");
  find_times();
  lay_out();
}

// The columns' axes of time, without tics.
void OffsetFigure::find_times() {
  const auto [first_s, last_s] = std::ranges::minmax(figure_.ends_s);
  constexpr double most_ratio = 5;
  const std::optional<ValueRange>& asked = options_.selection.time_s;
  own_time_ = options_.time_axes == TimeAxes::own ||
              (options_.time_axes == TimeAxes::automatic && last_s > most_ratio * first_s && first_s > 0 && !asked);
  for (const double own_s : figure_.ends_s) {
    const double end_s = own_time_ ? own_s : last_s;
    PlotAxis time{0, end_s > 0 ? end_s * 1.02 : 1};
    if (asked) time = {std::max(asked->low, 0.0), std::min(asked->high, time.high)};
    if (!(time.low < time.high))
      throw InputError("", "--time", fmt::format("a time within the runs, up to {:g} s", last_s),
                       fmt::format("{:g}..{:g}", asked->low, asked->high));
    times_.push_back(std::move(time));
  }
}

void OffsetFigure::lay_out() {
  width_ = width_of(options_, columns() > 2);
  right_ = em_ * 1.8;
  gap_ = em_ * 1.8;
  const auto rows = static_cast<double>(devices());
  const Sentences foot(foot_, width_, em_), title = title_of(options_, columns() > 2);
  bottom_ = foot.height() + (figure_.has_key() ? 1.6 * em_ : 0);
  head_ = title.height();
  panel_height_ = devices() <= 2 ? 3.0 : devices() <= 6 ? 2.2 : devices() <= 16 ? 1.2 : 0.7;
  double left_ems = 0;
  for (std::size_t device = 0; device < devices(); ++device) {
    Stretches stretches(offsets_of(figure_, device), 1e-4);
    PlotAxis axis = stretches.axis(panel_height_, em_);
    left_ems = std::max(left_ems, ems_left(axis));
    rows_.push_back({std::move(stretches), std::move(axis)});
  }
  left_ = em_ * (left_ems + 1.2);
  const double room = width_ - left_ - right_;
  in_band_ = std::min(columns(), static_cast<std::size_t>(std::max(1.0, (room + gap_) / (least_panel + gap_))));
  in_band_ = (columns() + bands() - 1) / bands();
  panel_ = (room - gap_ * static_cast<double>(in_band_ - 1)) / static_cast<double>(in_band_);
  if (panel_ < 2 * em_) throw InputError("", "--width", "room for a panel", fmt::format("{:.1f} cm", width_));
  constexpr std::size_t most_panels = 1200;
  if (columns() * devices() > most_panels)
    throw InputError("", "", fmt::format("at most {} panels (--policy and --device choose)", most_panels),
                     fmt::format("{}", columns() * devices()));
  labels_ = wrapped_labels(labels_, panel_ / em_ + 0.8, 3);
  std::size_t label_lines = 1;
  for (std::size_t column = 0; column < columns(); ++column) {
    if (own_time_) labels_[column] += "\n" + value_text(MetricId::elapsed_s, figure_.ends_s[column]);
    label_lines = std::max(label_lines, lines_of(labels_[column]).size());
    times_[column].ticks = ticks_across(times_[column], panel_, em_);
    times_[column].title = x_title(options_, "time (s)");
  }
  label_height_ = em_ * (0.6 + line_ems * static_cast<double>(label_lines));
  if (options_.height_cm > 0) {
    const auto in_all = static_cast<double>(bands());
    panel_height_ += (options_.height_cm - head_ - bottom_ - in_all * band_height()) / (in_all * rows);
    if (panel_height_ < 2 * em_)
      throw InputError("", "--height", "room for the panels", fmt::format("{:g} cm", options_.height_cm));
    for (Row& row : rows_) row.axis = row.stretches.axis(panel_height_, em_);
  }
  height_ = head_ + bottom_ + static_cast<double>(bands()) * band_height();
}

// What the shades and crosses mean, at the page's foot.
void OffsetFigure::draw_key(Page& page) const {
  const double y = Sentences(foot_, width_, em_).height() + 0.8 * em_;
  double x = em_;
  const auto entry = [&](const char* name, const char* fill) {
    page.rectangle({x, y - 0.4 * em_, 1.2 * em_, 0.8 * em_}, fill);
    page.text(x + 1.6 * em_, y, name, Align::left);
    x += em_ * (2.8 + text_ems(name));
  };
  if (figure_.has_zones()) {
    entry("zone", zone_fill);
    entry("zone of a mirror peer", peer_fill);
  }
  if (!figure_.has_failed()) return;
  page.mark(x + 0.4 * em_, y, failed_mark);
  page.text(x + 1.2 * em_, y, "failed read", Align::left);
}

void OffsetFigure::draw_panel(Page& page, Gnuplot& gnuplot, std::size_t column, std::size_t device) const {
  const std::size_t band = column / in_band_, place = column % in_band_;
  const bool is_last = place + 1 == in_band_ || column + 1 == columns();
  const double band_top = height_ - head_ - static_cast<double>(band) * band_height();
  const double top = band_top - label_height_ - static_cast<double>(device) * (panel_height_ + row_gap);
  const Box box{left_ + static_cast<double>(place) * (panel_ + gap_), top - panel_height_, panel_, panel_height_};
  const Panel& panel = figure_.columns[column][device];
  const Row& row = rows_[device];
  PlotAxis time = times_[column], offset = row.axis;
  time.is_named = device + 1 == devices();
  if (!time.is_named) time.title.clear();
  offset.is_named = place == 0;
  page.panel(box, time, offset);
  if (device == 0) page.text(box.left + panel_ / 2, band_top - label_height_ / 2, labels_[column], Align::centre);
  if (place == 0 && device == 0) {
    const double rows = static_cast<double>(devices()) * (panel_height_ + row_gap) - row_gap;
    page.text(0.9 * em_, band_top - label_height_ - rows / 2, y_title(options_, "offset (GiB)"), Align::centre,
              {.turned = 90});
  }
  if (is_last) draw_device_name(page, box, device_names(figure_.devids, panel_height_, em_)[device]);
  if (row.stretches.is_broken()) draw_breaks(page, box, row.axis, row.stretches.breaks());
  const std::string file = fmt::format("{}-{}.txt", column + 1, figure_.devids[device]);
  std::string plots;
  const auto add = [&](const char* what, const auto& data, const std::string& how) {
    const std::string text = data_of(data, times_[column], row);
    if (text.empty()) return;
    gnuplot.data(fmt::format("{}-{}", what, file), text);
    plots += fmt::format("{}'{}-{}' {} notitle", plots.empty() ? "" : ", ", what, file, how);
  };
  add("zones", panel.zones, fmt::format("using 1:3:1:2:3:4 with boxxyerror {}", zone_fill));
  add("peers", panel.peers, fmt::format("using 1:3:1:2:3:4 with boxxyerror {}", peer_fill));
  add("reads", panel.points, fmt::format("using 1:2 with points pt 7 ps 0.3 lc rgb '{}'", colour(column)));
  add("failed", panel.failed, fmt::format("using 1:2 with points {}", failed_mark));
  if (panel.points.empty() && panel.failed.empty())
    page.text(box.left + panel_ / 2, box.middle(), "no reads", Align::centre, {.colour = "#555555"});
  page.plot(plots);
}

void OffsetFigure::draw(const std::filesystem::path& out) {
  Gnuplot gnuplot(out, options_);
  Page page(gnuplot, options_);
  page.size(width_, height_);
  page.title(title_of(options_, columns() > 2));
  page.foot({foot_, width_, em_});
  draw_key(page);
  page.raw("set border 3 lc rgb '#666666'\n");
  for (std::size_t device = 0; device < devices(); ++device) {
    for (std::size_t column = 0; column < columns(); ++column) draw_panel(page, gnuplot, column, device);
  }
  page.draw();
}

}  // namespace

void plot_offset_time(std::span<const LabelledTrace> traces, const std::filesystem::path& out,
                      const FigureOptions& options) {
  if (traces.empty()) throw InputError("", "", "at least one trace", "none");
  OffsetFigure(traces, options).draw(out);
}

void draw_offset_time(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<LabelledTrace> traces;
  Undone undone;
  const OneSeed one = one_seed_each(good_runs(runs));
  for (const PlottedRun& run : one.runs) {
    undone.add(run.label, run.result);
    traces.push_back({run.label + (left_something(run.result) ? "*" : ""), trace_of(run), run.layout});
  }
  traces.front().foot = one.sentences;
  for (std::string& sentence : undone.sentences()) traces.front().foot.push_back(std::move(sentence));
  plot_offset_time(traces, out, options);
}

}  // namespace headway
