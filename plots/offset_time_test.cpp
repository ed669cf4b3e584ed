// Offsets over time, and what failed reads are in each kind.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("many policies and devices, names in any script, an empty trace: each gives a figure") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 4, 4000, 0.02, true);
  write_trace(directory / "none.h5", 4, 0, 0, true);
  const std::vector<LabelledTrace> traces = {{"no_peer_lock^{2} \"$`date`\\n", directory / "a.h5"},
                                             {"先読みポリシー", directory / "a.h5"},
                                             {"a-name-that-goes-on-and-on-and-on-and-on", directory / "none.h5"},
                                             {"walk", directory / "a.h5"}};
  plot_offset_time(traces, directory / "odd.svg");

  const std::string svg = bytes_of(directory / "odd.svg");
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
