#include "plots/figure.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <random>
#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "core/base/testing/sanitized.h"
#include "core/testing/world.h"
#include "plots/gnuplot.h"
#include "results/files/sweep_table.h"
#include "results/testing/test_support.h"
#include "results/trace/trace.h"

using namespace headway;
using namespace headway::testing;

namespace {

// A sweep over each device, up and down or at random, `seconds` long.
void write_trace(const std::filesystem::path& path, int devices, int reads, double seconds, bool sweeping) {
  TraceHeader header{"synthetic", "p", 1, {}};
  for (int device = 1; device <= devices; ++device)
    header.devices.push_back({static_cast<std::uint64_t>(device), 1ull << 40});
  TraceWriter writer(path, header);
  std::mt19937_64 random(7);
  for (int i = 0; i < reads; ++i) {
    TraceRow row;
    row.event = TraceEvent::issue;
    row.time_s = seconds * i / reads;
    row.device = 1 + static_cast<std::uint64_t>(i % devices);
    const std::uint64_t span = 8ull << 30, start = (10 + 20 * row.device) << 30;
    const auto third = static_cast<std::uint64_t>(reads / 3 + 1);
    row.physical =
        start + (sweeping ? span * (static_cast<std::uint64_t>(i) % third) / third : random() % span) / 16384 * 16384;
    row.bytes = 16384;
    row.mirror = 1;
    writer.append(row);
    row.event = TraceEvent::complete;
    row.time_s = seconds * (i + 1) / reads;
    row.error = 0;
    row.queue_s = row.seek_s = row.rotation_s = row.transfer_s = 0;
    writer.append(row);
  }
  writer.close();
}

std::string drawn(const std::filesystem::path& path) { return bytes_of(path); }

}  // namespace

TEST_CASE("offset-time becomes what the ending says, the same bytes each time for SVG and PNG") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 2, 3000, 20, false);
  write_trace(directory / "b.h5", 2, 3000, 5, true);
  const std::vector<LabelledTrace> traces = {{"walk", directory / "a.h5"}, {"reada-2011", directory / "b.h5"}};
  for (const std::string ending : {"pdf", "svg", "png"}) {
    plot_offset_time(traces, directory / ("figure." + ending));
    plot_offset_time(traces, directory / ("again." + ending));
    if (ending != "pdf") CHECK(drawn(directory / ("figure." + ending)) == drawn(directory / ("again." + ending)));
  }
  CHECK(drawn(directory / "figure.pdf").starts_with("%PDF"));
  CHECK(drawn(directory / "figure.png").substr(1, 3) == "PNG");
  const std::string svg = drawn(directory / "figure.svg");
  for (const char* text : {"walk", "reada-2011", "device 1", "device 2", "GiB", "time (s)"}) {
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  }
  // For the eye: HEADWAY_FIGURES=DIR keeps what was drawn.
  if (const char* keep = std::getenv("HEADWAY_FIGURES")) {
    std::filesystem::copy(directory.path(), keep,
                          std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  }
}

TEST_CASE("many policies and devices, names in any script, an empty trace: each gives a figure") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 4, 4000, 0.02, true);
  write_trace(directory / "none.h5", 4, 0, 0, true);
  const std::vector<LabelledTrace> traces = {{"no_peer_lock^{2} \"$`date`\\n", directory / "a.h5"},
                                             {"先読みポリシー", directory / "a.h5"},
                                             {"a-name-that-goes-on-and-on-and-on-and-on", directory / "none.h5"},
                                             {"walk", directory / "a.h5"}};
  plot_offset_time(traces, directory / "odd.svg");

  const std::string svg = drawn(directory / "odd.svg");
  auto plain = traces;
  plain[1].label = "упреждение";  // Cyrillic is in the font that comes with gnuplot
  plot_offset_time(plain, directory / "odd.png");
  CHECK(svg.find("先読みポリシー") != std::string::npos);
  CHECK(svg.find("no reads") != std::string::npos);
  if (const char* keep = std::getenv("HEADWAY_FIGURES")) {
    std::filesystem::copy(directory.path(), keep,
                          std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  }
}

TEST_CASE("offset-time takes devices in whatever order a trace lists them, and none that it does not") {
  const TemporaryDirectory directory;
  const auto write = [&](const char* name, std::vector<std::uint64_t> devids) {
    TraceHeader header{"synthetic", "p", 1, {}};
    for (const auto devid : devids) header.devices.push_back({devid, 1ull << 40});
    TraceWriter writer(directory / name, header);
    for (const std::uint64_t devid : {2, 5}) {
      TraceRow row;
      row.event = TraceEvent::complete;
      row.time_s = static_cast<double>(devid);
      row.device = devid;
      row.physical = devid << 30;
      row.bytes = 16384;
      writer.append(row);
    }
    writer.close();
    return LabelledTrace{"p", directory / name};
  };
  FigureOptions options;
  options.keep = directory / "kept";
  plot_offset_time(std::vector{write("a.h5", {5, 2})}, directory / "figure.svg", options);
  CHECK(bytes_of(directory / "kept/reads-1-5.txt") == "5 5\n");
  CHECK(bytes_of(directory / "kept/reads-1-2.txt") == "2 2\n");
  CHECK_THROWS_WITH_AS(plot_offset_time(std::vector{write("b.h5", {5, 3})}, directory / "figure.svg"),
                       doctest::Contains("expected a device that the header lists, found 2"), InputError);
}

TEST_CASE("what cannot be drawn is refused, and nothing is left") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  write_trace(directory / "b.h5", 2, 10, 1, true);
  const LabelledTrace one{"one", directory / "a.h5"}, two{"two", directory / "b.h5"};
  CHECK_THROWS_AS(plot_offset_time(std::vector{one}, directory / "figure.gif"), InputError);
  CHECK_THROWS_AS(plot_offset_time(std::vector{one}, directory / "figure"), InputError);
  CHECK_THROWS_AS(plot_offset_time(std::vector{one, two}, directory / "figure.svg"), InputError);
  CHECK_THROWS_AS(plot_offset_time(std::vector<LabelledTrace>{}, directory / "figure.svg"), InputError);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 2);
}

TEST_CASE("script and data are kept on request") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  FigureOptions options;
  options.keep = directory / "kept";
  plot_offset_time(std::vector<LabelledTrace>{{"one", directory / "a.h5"}}, directory / "figure.svg", options);
  CHECK(std::filesystem::exists(directory / "kept/figure.gp"));
  CHECK(bytes_of(directory / "kept/reads-1-1.txt").starts_with("0.1 30\n"));
}

TEST_CASE("tics are round, few and labelled with the digits that they need") {
  for (const auto& [low, high] :
       std::vector<std::pair<double, double>>{{0, 1}, {0, 7.3}, {812.001, 812.004}, {0, 12345}}) {
    for (const int most : {2, 3, 5}) {
      const Tics tics = tics_for(low, high, most);
      CHECK((high - low) / tics.step <= most * 1.0001);
      CHECK((high - low) / tics.step >= most / 2.6);
    }
  }
  CHECK(tics_for(0, 0.004, 2).decimals == 3);
  CHECK(tics_for(0, 40, 4).decimals == 0);
}

TEST_CASE("labels break at their joints and end in an ellipsis") {
  CHECK(wrapped_label("walk", 10, 2) == "walk");
  CHECK(wrapped_label("reada-2011-no-peer-lock", 12, 3) == "reada-2011-\nno-peer-lock");
  CHECK(wrapped_label("reada-2011-no-peer-lock", 8, 2) == "reada-\n2011-no…");
  CHECK(wrapped_label("先読みポリシー", 6, 2) == "先読み\nポリ…");
}

TEST_CASE("a letter that no font has is refused where it would spoil the page") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  const std::vector<LabelledTrace> traces = {{"a\U000FFFF0", directory / "a.h5"}};  // private use: in no font
  CHECK_THROWS_WITH_AS(plot_offset_time(traces, directory / "figure.png"), doctest::Contains("U+FFFF0"), InputError);
  plot_offset_time(traces, directory / "figure.svg");
}

namespace {

// Two policies with two seeds each, one of them failed, `devices` drives.
std::vector<PlottedRun> runs_in(const TemporaryDirectory& directory, int devices) {
  std::vector<PlottedRun> runs;
  for (const char* policy : {"walk", "reada_2011 %&#"}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const bool fast = policy[0] == 'r';
      const std::filesystem::path trace = directory / trace_file_name(policy, seed);
      const double seconds = (fast ? 3.0 : 9.0) + static_cast<double>(seed);
      write_trace(trace, devices, 2000, seconds, fast);
      RunResult result;
      result.policy = policy;
      result.seed = seed;
      for (const Metric& each : metrics()) result.metrics[each.id] = 1;
      result.metrics[MetricId::elapsed_s] = seconds;
      for (int device = 1; device <= devices; ++device) {
        result.devices.push_back({static_cast<std::uint64_t>(device), result.metrics});
      }
      runs.push_back({fmt::format("{}, seed {}", policy, seed), result, trace, directory / "none"});
      runs.back().axes = {{"depth", seed == 1 ? "8" : "32"}};
    }
  }
  runs.push_back({"broken", {"broken", 1, "failed", "why", {}, {}, {}}, {}, {}});
  return runs;
}

// A volume of single copies, with a tree that is a root on the first device.
std::shared_ptr<const PlottedLayout> one_root(std::size_t devices) {
  const auto volume = std::make_shared<Volume>(
      make_volume(devices, 1, Profile::single, [](std::size_t) { return std::vector<DeviceIndex>{0}; }));
  return std::make_shared<PlottedLayout>(
      PlottedLayout{volume, std::make_shared<Forest>(make_forest(*volume, {{mib, 0, 1, {}}}, {{5, mib}}))});
}

// What a kind is drawn from: an overlay takes two results, and gets the runs a second time, as measured; a gap takes
// layouts.
std::vector<PlottedRun> given_to(const FigureKind& kind, std::vector<PlottedRun> runs) {
  if (kind.name == "gap") {
    const auto layout = one_root(runs[0].result.devices.size());
    for (PlottedRun& run : runs) run.layout = layout;
  }
  if (kind.name != "overlay") return runs;
  const std::size_t count = runs.size();
  for (std::size_t i = 0; i < count; ++i) {
    runs.push_back(runs[i]);
    runs.back().file = "measured/results.json";
    runs.back().measured = true;
  }
  return runs;
}

}  // namespace

TEST_CASE("every kind of figure is drawn, in every format, for one device and for many, failed runs left out") {
  for (const int devices : {1, 12, 48}) {
    const TemporaryDirectory directory;
    const auto runs = runs_in(directory, devices);
    for (const FigureKind& kind : figure_kinds()) {
      CAPTURE(kind.name);
      const auto svg = directory / fmt::format("{}.svg", kind.name);
      if (kind.name == "layout" && devices > 16) {
        CHECK_THROWS_WITH_AS(kind.draw(given_to(kind, runs), svg, {}), doctest::Contains("at most 16 devices"), InputError);
        continue;
      }
      kind.draw(given_to(kind, runs), svg, {});
      const std::string text = drawn(svg);
      CHECK(text.find("walk") != std::string::npos);
      CHECK(text.find("broken") == std::string::npos);
      if (devices > 1) continue;
      for (const char* ending : {"png", "pdf", "tex"}) {
        kind.draw(given_to(kind, runs), directory / fmt::format("{}.{}", kind.name, ending), {});
      }
      const std::string tex = drawn(directory / fmt::format("{}.tex", kind.name));
      CHECK_MESSAGE(tex.find(fmt::format("{{{}}}", kind.name)) != std::string::npos, tex);  // names the PDF beside it
      CHECK_MESSAGE(tex.find("\\%\\&\\#") != std::string::npos, tex);
    }
  }
}

TEST_CASE("without a run that did not fail, or without its trace, a figure is refused with what to do") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (const FigureKind& kind : figure_kinds()) {
    CHECK_THROWS_WITH_AS(kind.draw(std::span(runs).last(1), directory / "f.svg", {}), doctest::Contains("did not fail"),
                         InputError);
  }
  runs[0].trace = directory / "nowhere.h5";
  for (const char* kind : {"offset-time", "throughput", "seek-cdf", "layout"}) {
    CHECK_THROWS_WITH_AS(find_figure_kind(kind)->draw(runs, directory / "f.svg", {}),
                         doctest::Contains("run with --trace"), InputError);
  }
}

namespace {

// A mirror of two devices with two block groups of 1 MiB (physical 1 and 2 MiB), and three trees in the first one: 256
// with a root and a leaf at 1 MiB and 1 MiB + 16 KiB, and 2 with its root a quarter of the way on.
std::shared_ptr<const PlottedLayout> small_mirror() {
  const Volume volume = make_volume(2, 2, Profile::raid1, [](std::size_t) { return std::vector<DeviceIndex>{0, 1}; });
  const Forest forest = make_forest(volume,
                                    {{mib, 1, 1, {{{1, 1, 1}, mib + node_bytes}}},
                                     {mib + node_bytes, 0, 1, {}},
                                     {mib + mib / 4, 0, 1, {}},
                                     {2 * mib + mib / 2, 0, 1, {}}},
                                    {{256, mib}, {2, mib + mib / 4}, {7, 2 * mib + mib / 2}});
  return std::make_shared<PlottedLayout>(PlottedLayout{std::make_shared<Volume>(volume), std::make_shared<Forest>(forest)});
}

// Device 1 goes to the first zone at 1 s and to the second at 3 s; it reads the root of 256 and a block of the second.
std::filesystem::path trace_on_mirror(const TemporaryDirectory& directory) {
  const auto path = directory / "mirror.h5";
  TraceWriter writer(path, {"synthetic", "p", 1, {{1, mib << 20}, {2, mib << 20}}});
  const auto append = [&](double t, TraceEvent event, std::uint64_t logical) {
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.device = 1;
    row.logical = logical;
    if (event == TraceEvent::add) row.tree = 256;
    if (event == TraceEvent::issue || event == TraceEvent::complete) row.physical = logical, row.bytes = node_bytes;
    writer.append(row);
  };
  append(0, TraceEvent::add, 0);
  append(1, TraceEvent::zone, mib);
  append(1, TraceEvent::issue, mib);
  append(2, TraceEvent::complete, mib);
  append(3, TraceEvent::zone, 2 * mib);
  append(3, TraceEvent::issue, 2 * mib);
  append(4, TraceEvent::complete, 2 * mib);
  writer.close();
  return path;
}

}  // namespace

TEST_CASE("offset-time shades the zone that a device is in, and on its mirror peer the same zone as a peer's") {
  const TemporaryDirectory directory;
  FigureOptions options;
  options.keep = directory / "kept";
  plot_offset_time(std::vector<LabelledTrace>{{"p", trace_on_mirror(directory), small_mirror()}}, directory / "f.svg",
                   options);
  // From the event that leads there to the next, and the last one until the last read; offsets in GiB, cut to the axis:
  // reads lie from 1/1024 to 2/1024 GiB.
  CHECK(bytes_of(directory / "kept/zones-1-1.txt") == "1 3 0.0009765625 0.001953125\n3 4 0.001953125 0.002053125\n");
  CHECK_FALSE(std::filesystem::exists(directory / "kept/peers-1-1.txt"));
  CHECK(std::filesystem::exists(directory / "kept/peers-1-2.txt"));
  CHECK_FALSE(std::filesystem::exists(directory / "kept/zones-1-2.txt"));
  CHECK(bytes_of(directory / "f.svg").find("zone of a mirror peer") != std::string::npos);
}

TEST_CASE("a failed read is a cross of its own, stands in no distribution of latencies, and leaves its block unread") {
  const TemporaryDirectory directory;
  const auto path = directory / "half.h5";
  TraceWriter writer(path, {"synthetic", "p", 1, {{1, mib << 20}, {2, mib << 20}}});
  for (int i = 0; i < 4; ++i) {
    TraceRow row;
    row.event = TraceEvent::issue;
    row.time_s = 10 * i;
    row.device = 1;
    row.physical = row.logical = mib + static_cast<std::uint64_t>(i) * node_bytes;
    row.bytes = node_bytes;
    writer.append(row);
    row.event = TraceEvent::complete;
    row.time_s += i < 2 ? 1e-3 : 9;  // the two that fail take long
    row.error = i < 2 ? 0 : 5;
    row.queue_s = row.seek_s = row.rotation_s = row.transfer_s = 0;
    writer.append(row);
  }
  writer.close();
  FigureOptions options;
  options.keep = directory / "kept";
  PlottedRun run{"p", {}, path, {}, small_mirror()};
  run.result.policy = "p";
  run.result.metrics[MetricId::reads] = 4;
  run.result.metrics[MetricId::errors] = 2;
  find_figure_kind("offset-time")->draw(std::vector{run}, directory / "f.svg", options);
  CHECK(std::ranges::count(bytes_of(directory / "kept/reads-1-1.txt"), '\n') == 2);
  CHECK(bytes_of(directory / "kept/failed-1-1.txt").starts_with("29 "));
  CHECK_FALSE(std::filesystem::exists(directory / "kept/failed-1-2.txt"));
  for (const char* text : {"failed read", "p*", "* p: 2 of 4 reads failed"})
    CHECK_MESSAGE(bytes_of(directory / "f.svg").find(text) != std::string::npos, text);
  find_figure_kind("latency-cdf")->draw(std::vector{run}, directory / "cdf.svg", options);
  std::istringstream line(bytes_of(directory / "kept/line-1.txt"));
  for (double x, y, half; line >> x >> y >> half;) CHECK(x == testing::approx(1));  // ms
  CHECK(bytes_of(directory / "cdf.svg").find("failed ones are left out") != std::string::npos);
  find_figure_kind("layout")->draw(std::vector{run}, directory / "map.svg", options);
  CHECK(bytes_of(directory / "kept/map-1-1.txt").find("100.0") == std::string::npos);
}

TEST_CASE("what left something undone has an asterisk on every kind of figure, and the foot says what") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (PlottedRun& run : runs) {
    const bool gone = run.result.policy[0] == 'r';
    run.result.metrics[MetricId::errors] = 0;
    run.result.metrics[MetricId::missing_blocks] = gone ? 680 + static_cast<double>(run.result.seed) : 0;
  }
  for (const FigureKind& kind : figure_kinds()) {
    if (kind.name == "layout") continue;
    CAPTURE(kind.name);
    kind.draw(given_to(kind, runs), directory / "f.svg", {});
    const std::string svg = bytes_of(directory / "f.svg");
    CHECK_MESSAGE(svg.find("wanted") != std::string::npos, svg);
    CHECK(svg.find("walk*") == std::string::npos);
    CHECK(std::ranges::count(svg, '*') >= 2);  // at a name, and at the foot
  }
  find_figure_kind("compare")->draw(runs, directory / "f.svg", {});
  CHECK(bytes_of(directory / "f.svg").find("in the mean of 2 runs: 682") != std::string::npos);
  for (PlottedRun& run : runs) run.result.metrics[MetricId::missing_blocks] = NAN;  // a file older than the metric
  find_figure_kind("compare")->draw(runs, directory / "f.svg", {});
  CHECK(bytes_of(directory / "f.svg").find("*") == std::string::npos);
}

TEST_CASE("layout tells what was read from what lies there unread, of the tree at hand and of others") {
  const TemporaryDirectory directory;
  FigureOptions options;
  options.keep = directory / "kept";
  PlottedRun run{"p", {}, trace_on_mirror(directory), {}, small_mirror()};
  run.result.policy = "p";
  find_figure_kind("layout")->draw(std::vector{run}, directory / "f.svg", options);
  const auto count = [&](const char* file, const std::string& value) {
    std::istringstream cells(bytes_of(directory / "kept" / file));
    std::size_t found = 0;
    for (std::string cell; cells >> cell;) found += cell == value;
    return found;
  };
  CHECK(count("map-1-1.txt", "50.0") == 1);   // read in the middle of the run
  CHECK(count("map-1-1.txt", "100.0") == 1);  // and at its end
  CHECK(count("map-1-1.txt", "-10.0") == 1);  // the leaf of 256
  CHECK(count("map-1-1.txt", "-30.0") == 2);  // the other trees
  CHECK(count("map-1-1.txt", "-50.0") == 64 * 64 - 5);
  CHECK(count("map-1-2.txt", "-10.0") == 2);  // of the mirror peer nothing was read
}

TEST_CASE("twenty policies with names in any script: every kind is drawn or says what is too much" *
          doctest::skip(testing::sanitized)) {
  const TemporaryDirectory directory;
  const std::vector<std::string> names = {"先読み", "предвыборка", "قراءة", "a \"b\" `date` $x \\n {_^@}&#%~",
                                          "name-that-goes-on-and-on-and-on-and-on-and-on"};
  auto runs = runs_in(directory, 2);
  runs.resize(1);
  while (runs.size() < 20) {
    runs.push_back(runs[0]);
    runs.back().label = fmt::format("{} {}", names[runs.size() % names.size()], runs.size());
    runs.back().result.policy = runs.back().label;
  }
  for (const FigureKind& kind : figure_kinds()) {
    CAPTURE(kind.name);
    const auto svg = directory / fmt::format("{}.svg", kind.name);
    if (kind.name == "layout") {
      CHECK_THROWS_WITH_AS(kind.draw(given_to(kind, runs), svg, {}), doctest::Contains("8 runs"), InputError);
      continue;
    }
    kind.draw(given_to(kind, runs), svg, {});
    CHECK(bytes_of(svg).find("先") != std::string::npos);  // a narrow panel breaks the word
  }
}

TEST_CASE("runs without a read, and results without a run: each kind is drawn or refused in words") {
  const TemporaryDirectory directory;
  write_trace(directory / "none.h5", 2, 0, 0, true);
  PlottedRun run{"p", {}, directory / "none.h5", {}};
  run.result.policy = "p";
  run.axes = {{"depth", "8"}};
  for (const Metric& each : metrics()) run.result.metrics[each.id] = 0;
  for (const std::uint64_t devid : {1, 2}) run.result.devices.push_back({devid, run.result.metrics});
  for (const FigureKind& kind : figure_kinds()) {
    CAPTURE(kind.name);
    CHECK_THROWS_WITH_AS(kind.draw({}, directory / "f.svg", {}), doctest::Contains("did not fail"), InputError);
    const auto svg = directory / fmt::format("{}.svg", kind.name);
    try {
      kind.draw(given_to(kind, {run}), svg, {});
      CHECK(std::filesystem::exists(svg));
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).find("something to draw") != std::string::npos);
      CHECK_FALSE(std::filesystem::exists(svg));
    }
  }
}

TEST_CASE("runs of very different lengths are shown on a logarithmic axis of time, each panel on its own") {
  const TemporaryDirectory directory;
  write_trace(directory / "slow.h5", 1, 2000, 100, false);
  write_trace(directory / "fast.h5", 1, 2000, 2, true);
  auto runs = runs_in(directory, 1);
  runs.resize(2);
  runs[0].trace = directory / "slow.h5";
  runs[1].trace = directory / "fast.h5";
  find_figure_kind("throughput")->draw(runs, directory / "f.svg", {});
  CHECK(bytes_of(directory / "f.svg").find("logarithmic") != std::string::npos);
  find_figure_kind("offset-time")->draw(runs, directory / "own.svg", {});
  CHECK(bytes_of(directory / "own.svg").find("100.0 s") != std::string::npos);
  FigureOptions shared;
  shared.time_axes = TimeAxes::shared;
  find_figure_kind("offset-time")->draw(runs, directory / "shared.svg", shared);
  CHECK(bytes_of(directory / "shared.svg").find("100.0 s") == std::string::npos);
}

namespace {

// Two policies at each of 2 x 2 values, three seeds each: 1, 2 and 3 s times `factor`.
std::filesystem::path sweep_in(const TemporaryDirectory& directory) {
  SweepTable table;
  table.axes = {"depth", "layout"};
  for (const char* depth : {"1", "64"}) {
    for (const char* layout : {"new", "先読み aged"}) {
      for (const char* policy : {"walk", "reada"}) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
          SweepRow row{{depth, layout}, policy, seed, "ok", {}};
          const double factor = (policy[0] == 'w' ? 10 : 1) * (layout[0] == 'n' ? 1 : 2);
          row.metrics[MetricId::elapsed_s] = factor * static_cast<double>(seed);
          table.rows.push_back(row);
        }
      }
    }
  }
  table.rows.push_back({{"1", "new"}, "broken", 1, "failed", {}});
  write_sweep_csv(directory / "sweep.csv", table);
  return directory.path();
}

}  // namespace

TEST_CASE("sweep: lines are means over seeds with Student's interval, maps of heat a cell a pair of values") {
  const TemporaryDirectory directory;
  const auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  const auto draw = find_figure_kind("sweep")->draw;
  FigureOptions options;
  options.keep = directory / "kept";
  options.at = {{"layout", "new"}};
  draw(runs, directory / "lines.svg", options);
  // The mean of 10, 20 and 30 s; its half interval is t(0.975; 2) = 4.302653 times 10 / sqrt(3).
  const std::string line = bytes_of(directory / "kept/line-1.txt");
  CHECK_MESSAGE(line.starts_with("1 20 24.841"), line);
  CHECK(bytes_of(directory / "lines.svg").find("elapsed (s)") != std::string::npos);
  CHECK(bytes_of(directory / "lines.svg").find("broken") == std::string::npos);

  options.at = {};
  draw(runs, directory / "heat.svg", options);
  const std::string heat = bytes_of(directory / "kept/heat-2.txt");
  CHECK_MESSAGE(heat.find("0 1 4 \"4.00\"") != std::string::npos, heat);  // reada at depth 1 of the aged layout
  options.lines = true;
  options.axes = {"layout", "depth"};
  draw(runs, directory / "both.svg", options);
  CHECK(bytes_of(directory / "both.svg").find("walk, depth 64") != std::string::npos);
}

TEST_CASE("sweep refuses axes that do not exist, values that were not swept, and runs of no sweep, in words") {
  const TemporaryDirectory directory;
  auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  const auto draw = find_figure_kind("sweep")->draw;
  FigureOptions options;
  options.axes = {"dept"};
  CHECK_THROWS_WITH_AS(draw(runs, directory / "f.svg", options), doctest::Contains("depth"), InputError);
  options.axes = {"depth"};
  CHECK_THROWS_WITH_AS(draw(runs, directory / "f.svg", options), doctest::Contains("--at layout=new"), InputError);
  options.at = {{"layout", "old"}};
  CHECK_THROWS_WITH_AS(draw(runs, directory / "f.svg", options), doctest::Contains("new"), InputError);
  for (PlottedRun& run : runs) run.axes.clear();
  CHECK_THROWS_WITH_AS(draw(runs, directory / "f.svg", {}), doctest::Contains("sweep.csv"), InputError);
  CHECK_FALSE(std::filesystem::exists(directory / "f.svg"));
}

TEST_CASE("TeX takes every figure, whatever its labels hold (where pdflatex is installed)") {
  if (std::system("command -v pdflatex > /dev/null") != 0) return;
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  runs[0].label = "\\a{b}_c^d~e $f$ %g #h &i";
  std::string document = "\\documentclass{article}\\usepackage{graphicx}\\usepackage{xcolor}\\begin{document}\n";
  for (const FigureKind& kind : figure_kinds()) {
    kind.draw(given_to(kind, runs), directory / fmt::format("{}.tex", kind.name), {});
    document += fmt::format("\\input{{{}}}\n\n", kind.name);
  }
  std::ofstream(directory / "all.tex") << document << "\\end{document}\n";
  const std::string command = fmt::format(
      "cd '{}' && pdflatex -interaction=nonstopmode -halt-on-error all.tex > said 2>&1", directory.path().string());
  CHECK_MESSAGE(std::system(command.c_str()) == 0, bytes_of(directory / "said"));
  CHECK(bytes_of(directory / "all.pdf").starts_with("%PDF"));
}

TEST_CASE("a metric that no run has a value of is refused by its name") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (PlottedRun& run : runs) run.result.metrics[MetricId::seeks] = NAN;
  for (const char* kind : {"compare", "sweep"})
    CHECK_THROWS_WITH_AS(
        find_figure_kind(kind)->draw(runs, directory / "figure.svg", {.metric = MetricId::seeks}),
        "expected a run with a value of metric \"seeks\", found none", InputError);
}

TEST_CASE("values and names are drawn as they are: per cent is no format, and what ends CDATA leaves an SVG whole") {
  const TemporaryDirectory directory;
  auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  for (PlottedRun& run : runs) {
    run.axes[0].second = run.axes[0].second == "1" ? "50%" : "a%%b %s";
    if (run.result.policy == "walk") run.result.policy = "a]]>b";
  }
  FigureOptions options;
  options.at = {{"layout", "new"}};
  find_figure_kind("sweep")->draw(runs, directory / "lines.svg", options);
  const std::string lines = bytes_of(directory / "lines.svg");
  CHECK(lines.find(">50%<") != std::string::npos);
  CHECK(lines.find(">a%%b %s<") != std::string::npos);
  CHECK(lines.find("a]]&gt;b") != std::string::npos);
  CHECK(lines.find("]]>") == std::string::npos);
  find_figure_kind("sweep")->draw(runs, directory / "heat.svg", {});
  CHECK(bytes_of(directory / "heat.svg").find(">a%%b %s<") != std::string::npos);
  find_figure_kind("sweep")->draw(runs, directory / "heat.tex", {});
  CHECK(bytes_of(directory / "heat.tex").find("a\\%\\%b \\%s") != std::string::npos);
}

TEST_CASE("a figure's name is no command, to gnuplot or to TeX") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  const std::vector<LabelledTrace> traces = {{"one", directory / "a.h5"}};
  for (const std::string ending : {"svg", "png", "pdf"}) {
    const auto figure = directory / ("a'\n`touch pwned`\nsystem 'touch pwned'\n." + ending);
    plot_offset_time(traces, figure);
    CHECK(std::filesystem::exists(figure));
  }
  for (const char* name : {"a\nb", "a{b}", "a\\b", "50%"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(plot_offset_time(traces, directory / fmt::format("{}.tex", name)),
                         doctest::Contains("TeX can read"), InputError);
  }
  plot_offset_time(traces, directory / "a 'b' $x.tex");
  CHECK(bytes_of(directory / "a 'b' $x.tex").find("a 'b' $x") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists("pwned"));
}

TEST_CASE("overlay: both runs' reads on one panel, both distributions on another; runs without a partner are left out") {
  const TemporaryDirectory directory;
  const auto first = runs_in(directory, 2);
  const FigureKind& overlay = *find_figure_kind("overlay");
  auto both = given_to(overlay, first);
  std::erase_if(both, [](const PlottedRun& run) { return run.measured && run.result.policy != "walk"; });
  both.front().trace = both[2].trace;  // another run's reads
  FigureOptions options;
  options.keep = directory / "kept";
  overlay.draw(both, directory / "f.svg", options);
  const std::string svg = bytes_of(directory / "f.svg");
  for (const char* text : {"walk", "measured", "simulated", "device 2", "offset (GiB)", "reads (%)"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(svg.find("reada_2011") == std::string::npos);
  for (const char* kind : {"reads-1-1", "reads-1-2", "latencies-1"}) {
    const std::string of_first = bytes_of(directory / "kept" / fmt::format("{}-1.txt", kind));
    const std::string of_second = bytes_of(directory / "kept" / fmt::format("{}-2.txt", kind));
    CHECK_FALSE(of_first.empty());
    CHECK(of_first != of_second);
  }
  CHECK(bytes_of(directory / "kept/latencies-1-1.txt").ends_with(" 100\n"));
  CHECK_FALSE(std::filesystem::exists(directory / "kept/reads-2-1-1.txt"));
  CHECK_THROWS_WITH_AS(overlay.draw(first, directory / "g.svg", {}), doctest::Contains("two results"), InputError);
  std::erase_if(both, [](const PlottedRun& run) { return !run.measured && run.result.policy == "walk"; });
  CHECK_THROWS_WITH_AS(overlay.draw(both, directory / "g.svg", {}), doctest::Contains("that both results have"),
                       InputError);
}

namespace {

// Device 1 reads the root of a mirror in 1 s, and nobody does anything for another.
PlottedRun run_with_gap(const TemporaryDirectory& directory) {
  PlottedRun run{"walk", {"walk", 1, "ok", "", {}, {}, {}}, directory / "gap.h5", {}};
  TraceWriter writer(run.trace, {"synthetic", "p", 1, {{1, mib << 20}, {2, mib << 20}}});
  TraceRow row;
  row.event = TraceEvent::issue;
  row.device = 1;
  row.logical = row.physical = mib;
  row.bytes = node_bytes;
  row.level = 1;
  writer.append(row);
  row.event = TraceEvent::complete;
  row.time_s = 1;
  row.error = 0;
  row.queue_s = row.transfer_s = 0;
  row.seek_s = 0.25;
  row.rotation_s = 0.5;
  writer.append(row);
  writer.close();
  run.result.metrics[MetricId::elapsed_s] = 2;
  run.result.metrics[MetricId::bound_s] = 0.5;
  run.layout = small_mirror();
  return run;
}

}  // namespace

TEST_CASE("a gap is stacked upon its bound: what that leaves of movement, rotation and idleness, in the drives' mean") {
  const TemporaryDirectory directory;
  const PlottedRun run = run_with_gap(directory);
  FigureOptions options;
  options.keep = directory / "kept";
  const auto draw = find_figure_kind("gap")->draw;
  draw(std::vector{run}, directory / "f.svg", options);
  const std::string script = bytes_of(directory / "kept/figure.gp");
  // In the mean of both: transfers 0.125 s, movement 0.125 s, rotation 0.25 s, which the bound covers; imbalance of the
  // second for half a second, both held back for one.
  for (const char* part : {"from 0,", " to 0.5,0.26", "from 0.5,", " to 1,0.26", "from 1,", " to 2,0.26"})
    CHECK_MESSAGE(script.find(part) != std::string::npos, script);
  const std::string svg = drawn(directory / "f.svg");
  for (const char* part : {"bound", "imbalance of copies", "held back"}) CHECK(svg.find(part) != std::string::npos);
  for (const char* part : {"rotation", "CPU"}) CHECK(svg.find(part) == std::string::npos);  // no bar has any

  PlottedRun slow = run;  // beside a run that takes many times as long, each has its own length
  slow.label = "slow";
  slow.result.metrics[MetricId::elapsed_s] = 50;
  draw(std::vector{run, slow}, directory / "f.svg", options);
  const std::string shares = bytes_of(directory / "kept/figure.gp");
  for (const char* part : {"from 25,", " to 50,0.26", "from 50,", "from 2,"})  // per cent
    CHECK_MESSAGE(shares.find(part) != std::string::npos, shares);
}

TEST_CASE("a run without a bound is left out of the gaps with the reason, and alone is refused with it") {
  const TemporaryDirectory directory;
  const PlottedRun run = run_with_gap(directory);
  PlottedRun none = run;
  none.label = none.result.policy = "no-peer-lock";
  none.result.no_bound = "faults slow drives";
  const auto draw = find_figure_kind("gap")->draw;
  draw(std::vector{run, none}, directory / "f.svg", {.width_cm = 30});
  CHECK(drawn(directory / "f.svg").find("no-peer-lock, no bound: faults slow drives") != std::string::npos);
  const auto refused = [&](const PlottedRun& alone, const char* why) {
    CHECK_THROWS_WITH_AS(draw(std::vector{alone}, directory / "g.svg", {}), doctest::Contains(why), InputError);
  };
  refused(none, "faults slow drives");
  none.measured = true;
  refused(none, "a measured drive does not tell");
  none = run;
  none.layout = nullptr;
  refused(none, "the layout that was read");
  none = run;
  none.result.metrics[MetricId::bound_s] = 3;
  refused(none, "not within its time");
}
