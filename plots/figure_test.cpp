#include "plots/figure.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "core/error.h"
#include "plots/gnuplot.h"
#include "results/test_support.h"
#include "results/trace.h"

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
    row.event = TraceEvent::complete;
    row.time_s = seconds * (i + 1) / reads;
    row.device = 1 + static_cast<std::uint64_t>(i % devices);
    const std::uint64_t span = 8ull << 30, start = (10 + 20 * row.device) << 30;
    row.physical = start + (sweeping ? span * static_cast<std::uint64_t>(i % (reads / 3 + 1)) /
                                           static_cast<std::uint64_t>(reads / 3 + 1)
                                     : random() % span) /
                               16384 * 16384;
    row.bytes = 16384;
    row.mirror = 1;
    row.level = 0;
    row.error = 0;
    writer.append(row);
  }
  writer.close();
}

std::string drawn(const std::filesystem::path& path) { return file_text(path); }

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
  CHECK(file_text(directory / "kept/reads-1-1.txt").starts_with("0.1 30\n"));
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
  CHECK(gnuplot_text("a\"b`c\\\n") == "\"a\\\"b'c\\\\\\n\"");
}

TEST_CASE("a letter that no font has is refused where it would spoil the page") {
  const TemporaryDirectory directory;
  write_trace(directory / "a.h5", 1, 10, 1, true);
  const std::vector<LabelledTrace> traces = {{"a\U000FFFF0", directory / "a.h5"}};  // private use: in no font
  CHECK_THROWS_WITH_AS(plot_offset_time(traces, directory / "figure.png"), doctest::Contains("U+FFFF0"), InputError);
  plot_offset_time(traces, directory / "figure.svg");
}
