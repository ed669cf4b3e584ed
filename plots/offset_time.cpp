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
  std::vector<Band> zones;  // of this device's read pointer
  std::vector<Band> peers;  // of its mirror peers'
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

void read_into(Figure& figure, const LabelledTrace& labelled) {
  TraceReader trace(labelled.path);
  const DevicePlaces places(trace.header().devices);
  std::vector<std::uint64_t> devids;
  for (const Device& device : trace.header().devices) devids.push_back(device.devid);
  if (figure.columns.empty()) figure.devids = devids;
  if (devids != figure.devids) {
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
        (row.error > 0 ? panels[place].failed : panels[place].points)
            .push_back({row.time_s, static_cast<double>(row.physical) / gib});
        if (zones) zones->read_ended(row.time_s, place);
      } else if (zones) {
        zones->zone(row.time_s, place, row.logical);
      }
    }
  }
  if (zones) zones->end();
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
    for (const auto* points : {&panels[device].points, &panels[device].failed}) {
      for (const Point& point : *points) {
        low = std::min(low, point.offset_gib);
        high = std::max(high, point.offset_gib);
      }
    }
  }
  return padded(low, high, 1e-4, figure.devids.size() <= 2 ? 5 : 4);
}

// Points finer than print shows are left out: the figure stays the same and its file small.
std::string data_of(const std::vector<Point>& points, const Axis& time, const Axis& offset) {
  constexpr double across = 3000, up = 1500;
  std::unordered_set<std::uint64_t> drawn;
  std::string text;
  for (const Point& point : points) {
    const auto x = static_cast<std::uint64_t>(point.time_s / time.high * across);
    const auto y = static_cast<std::uint64_t>((point.offset_gib - offset.low) / (offset.high - offset.low) * up);
    if (drawn.insert(x << 32 | y).second) text += fmt::format("{} {}\n", point.time_s, point.offset_gib);
  }
  return text;
}

// What of the bands lies on the axes; those of one zone that follow upon each other become one.
std::string data_of(const std::vector<Band>& bands, const Axis& time, const Axis& offset) {
  const double pixel_s = time.high / 2000;
  std::vector<Band> drawn;
  std::map<double, std::size_t> last;  // by where the zone begins
  for (const Band& band : bands) {
    double low = std::max(band.low_gib, offset.low), high = std::min(band.high_gib, offset.high);
    if (low >= high) continue;
    const double room = 0.015 * (offset.high - offset.low) - (high - low) / 2;  // to be seen
    if (room > 0) low = std::max(low - room, offset.low), high = std::min(high + room, offset.high);
    const auto [place, is_new] = last.try_emplace(band.low_gib, drawn.size());
    if (!is_new && band.from_s - drawn[place->second].to_s < pixel_s) {
      drawn[place->second].to_s = std::max(drawn[place->second].to_s, band.to_s);
      continue;
    }
    place->second = drawn.size();
    drawn.push_back({band.from_s, band.to_s, low, high});
  }
  std::string text;
  for (const Band& band : drawn) {
    fmt::format_to(std::back_inserter(text), "{} {} {} {}\n", band.from_s, band.to_s, band.low_gib, band.high_gib);
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

double width_of(std::size_t columns, const FigureOptions& options) {
  return options.width_cm > 0 ? options.width_cm : columns <= 2 ? 9 : 18;
}

Page page_for(const Figure& figure, std::size_t label_lines, std::size_t tic_letters, double foot,
              const FigureOptions& options) {
  const double em = options.font_pt / 72 * 2.54;  // cm
  const std::size_t columns = figure.columns.size(), rows = figure.devids.size();
  Page page{};
  page.width = width_of(columns, options);
  page.left = em * (2.5 + 0.62 * static_cast<double>(tic_letters));
  page.right = em * 1.8;
  page.top = em * (1.0 + 1.25 * static_cast<double>(label_lines));
  page.bottom = em * (figure.has_key() ? 5.2 : 3.6) + foot;
  page.column_gap = em * 1.8;
  const double panel_height = rows <= 2 ? 3.0 : rows <= 6 ? 2.2 : 1.6;
  page.row_gap = 0.3;
  page.height = page.top + page.bottom + (panel_height + page.row_gap) * static_cast<double>(rows) - page.row_gap;
  return page;
}

std::size_t tic_letters(const Axis& axis) { return fmt::format("{:.{}f}", axis.high, axis.tics.decimals).size(); }

constexpr const char* zone_fill = "fs solid noborder fc rgb '#dedede'";
constexpr const char* peer_fill = "fs transparent pattern 4 noborder fc rgb '#8a8a8a'";

// A failed read's cross, upon the points of the others.
constexpr const char* failed_mark = "pt 2 ps 0.6 lw 1.5 lc rgb '#000000'";

// What the shades and crosses mean, at the page's foot; labels and objects of numbers of their own.
std::string key_script(const Figure& figure, const Page& page, double foot, double em) {
  const double y = (0.8 * em + foot) / page.height, half = 0.4 * em / page.height, wide = 1.2 * em / page.width;
  // Three entries need the whole of a narrow page.
  const double first = (figure.has_failed() ? em : page.left) / page.width;
  const double second = first + (figure.has_failed() ? 5.5 : 8.5) * em / page.width;
  const auto entry = [&](int number, double x, const char* fill, const char* text) {
    return fmt::format(
        "set object {0} rectangle from screen {1},{2} to screen {3},{4} {5}\n"
        "set label {0} '{6}' at screen {7},{8} left\n",
        number, x, y - half, x + wide, y + half, fill, text, x + wide * 1.4, y);
  };
  std::string script;
  if (figure.has_zones())
    script += entry(11, first, zone_fill, "zone") + entry(12, second, peer_fill, "zone of a mirror peer");
  if (!figure.has_failed()) return script;
  const double x = figure.has_zones() ? second + 15 * em / page.width : first;
  return script + fmt::format("set label 13 '' at screen {0},{1} point {2}\n"
                              "set label 14 'failed read' at screen {3},{1} left\n",
                              x, y, failed_mark, x + wide * 0.6);
}

// A panel's own files.
struct PanelFiles {
  std::string reads, failed, zones, peers;
};

std::string panel_script(const Figure& figure, std::size_t column, std::size_t device, const Axis& offset,
                         const std::string& label, const PanelFiles& files) {
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
  const Panel& panel = figure.columns[column][device];
  const bool empty = panel.points.empty() && panel.failed.empty();
  script += no_reads_label(empty) + "plot ";
  for (const auto& [bands, file, fill] :
       {std::tuple(&panel.zones, &files.zones, zone_fill), std::tuple(&panel.peers, &files.peers, peer_fill)}) {
    if (!bands->empty()) script += fmt::format("'{}' using 1:3:1:2:3:4 with boxxyerror {} notitle, ", *file, fill);
  }
  if (empty) return script + "NaN notitle\n";
  if (!panel.points.empty()) {
    script += fmt::format("'{}' using 1:2 with points pt 7 ps 0.3 lc rgb '{}' notitle{}", files.reads, colour(column),
                          panel.failed.empty() ? "" : ", ");
  }
  if (!panel.failed.empty())
    script += fmt::format("'{}' using 1:2 with points {} notitle", files.failed, failed_mark);
  return script + "\n";
}

Foot foot_of(std::span<const LabelledTrace> traces, double em, const FigureOptions& options) {
  std::vector<std::string> sentences;
  for (const LabelledTrace& trace : traces) sentences.insert(sentences.end(), trace.foot.begin(), trace.foot.end());
  return {sentences, width_of(traces.size(), options), em};
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
  const double panel_cm = page_for(figure, 1, letters, 0, options).panel_width(columns);
  const auto [first_s, last_s] = std::ranges::minmax(figure.ends_s);
  constexpr double most_ratio = 5;
  const bool own_time = options.time_axes == TimeAxes::own ||
                        (options.time_axes == TimeAxes::automatic && last_s > most_ratio * first_s && first_s > 0);
  std::vector<Axis> times;
  for (const double own_s : figure.ends_s) {
    const double end_s = own_time ? own_s : last_s;
    const double high = end_s > 0 ? end_s * 1.02 : 1;
    const int most_tics = std::max(2, static_cast<int>(panel_cm / 0.9));
    const Tics finer = tics_for(0, high, most_tics + 1);
    times.push_back({0, high, finer.decimals == 0 ? finer : tics_for(0, high, most_tics)});
  }

  std::vector<std::string> labels;
  std::size_t label_lines = 1;
  for (std::size_t column = 0; column < columns; ++column) {
    const auto width = static_cast<std::size_t>(std::max(4.0, panel_cm / (em * 0.6)));
    std::string label = wrapped_label(traces[column].label, width, 3);
    if (own_time) label += "\n" + value_text(MetricId::elapsed_s, figure.ends_s[column]);
    label_lines = std::max<std::size_t>(label_lines, 1 + static_cast<std::size_t>(std::ranges::count(label, '\n')));
    labels.push_back(std::move(label));
  }
  const Foot foot = foot_of(traces, em, options);
  const Page page = page_for(figure, label_lines, letters, foot.height(), options);

  std::string script = fmt::format(
      "set label 3 'offset (GiB)' at screen {},{} centre rotate by 90\n"
      "set multiplot layout {},{} margins screen {},{},{},{} spacing screen {},{}\n"
      "set border 3 lc rgb '#666666'\nset tics nomirror scale 0.4 textcolor rgb '#000000'\n"
      "set grid lc rgb '#dddddd' lt 1 lw 0.6\n",
      0.9 * em / page.width, (1 + (page.bottom - page.top) / page.height) / 2, figure.devids.size(), columns,
      page.left / page.width, 1 - page.right / page.width, page.bottom / page.height, 1 - page.top / page.height,
      page.column_gap / page.width, page.row_gap / page.height);
  if (figure.has_key()) script += key_script(figure, page, foot.height(), em);
  script += foot.script(gnuplot, page.height);
  for (std::size_t device = 0; device < figure.devids.size(); ++device) {
    for (std::size_t column = 0; column < columns; ++column) {
      const Panel& panel = figure.columns[column][device];
      const std::string place = fmt::format("{}-{}.txt", column + 1, figure.devids[device]);
      const PanelFiles files = {"reads-" + place, "failed-" + place, "zones-" + place, "peers-" + place};
      gnuplot.data(files.reads, data_of(panel.points, times[column], offsets[device]));
      if (!panel.failed.empty()) gnuplot.data(files.failed, data_of(panel.failed, times[column], offsets[device]));
      if (!panel.zones.empty()) gnuplot.data(files.zones, data_of(panel.zones, times[column], offsets[device]));
      if (!panel.peers.empty()) gnuplot.data(files.peers, data_of(panel.peers, times[column], offsets[device]));
      if (device + column == 1) script += "unset label\nunset object\n";
      script += fmt::format("set xrange [0:{}]\nset xtics {}\n", times[column].high, times[column].tics.step);
      script += panel_script(figure, column, device, offsets[device], gnuplot.text(labels[column]), files);
    }
  }
  gnuplot.draw(script + "unset multiplot\n", page.width, page.height);
}

void draw_offset_time(Runs runs, const std::filesystem::path& out, const FigureOptions& options) {
  std::vector<LabelledTrace> traces;
  Undone undone;
  for (const PlottedRun& run : good_runs(runs)) {
    undone.add(run.label, run.result);
    traces.push_back({run.label + (left_something(run.result) ? "*" : ""), trace_of(run), run.layout});
  }
  if (!traces.empty()) traces.front().foot = undone.sentences();
  plot_offset_time(traces, out, options);
}

}  // namespace headway
