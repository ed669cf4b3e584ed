// Which runs are replicates of one experiment, what is drawn of them, and what of a run is chosen.
#include "plots/series.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "plots/paper.h"
#include "plots/testing/figures.h"
#include "plots/testing/text_boxes.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

std::string results_in(const TemporaryDirectory& directory, const std::string& name, std::vector<RunResult> runs,
                       const std::string& digest = "00ff", std::vector<std::string> set = {}) {
  Results results{"0.1.0", "abc", "first", digest, "first.json", std::move(runs)};
  results.set = std::move(set);
  std::filesystem::create_directories(directory / name);
  write_results(directory / name, results);
  return (directory / name).string();
}

std::vector<std::string> labels_of(const std::vector<std::string>& paths, const std::vector<std::string>& names = {}) {
  std::vector<std::string> labels;
  for (const PlottedRun& run : plotted_runs(paths, names)) labels.push_back(run.label);
  return labels;
}

FigureOptions kept(const TemporaryDirectory& directory) {
  FigureOptions options;
  options.keep = directory / "kept";
  return options;
}

}  // namespace

TEST_CASE("seeds of one experiment are replicates; other experiments are never pooled, and labelled by what differs") {
  const TemporaryDirectory directory;
  const std::string one = results_in(directory, "a/one", {plain_run("walk", 1, 10), plain_run("reada", 1, 5)});
  const std::string two = results_in(directory, "a/two", {plain_run("walk", 2, 11)}, "00ff", {"/seed=2"});
  CHECK(labels_of({one, two}) == std::vector<std::string>{"walk", "reada", "walk"});
  const std::string deep = results_in(directory, "b/one", {plain_run("walk", 3, 12)}, "00ff", {"/devices/0/count=8"});
  CHECK(labels_of({two, deep}) == std::vector<std::string>{"first", "/devices/0/count=8"});
  CHECK(labels_of({one, deep})[0] == "first: walk");
  // The same seed twice is another program's result, or another day's: by its directory.
  const std::string again = results_in(directory, "b/two", {plain_run("walk", 2, 13)});
  CHECK(labels_of({two, again}) == std::vector<std::string>{"a", "b"});
  const std::string other = results_in(directory, "c", {plain_run("walk", 2, 14)}, "1111");
  CHECK(labels_of({two, other})[0].ends_with("a/two"));
  CHECK(labels_of({two, other}, {"old", "new"}) == std::vector<std::string>{"old", "new"});
  CHECK(labels_of({one, two}, {"x", "x"}) == std::vector<std::string>{"x: walk", "x: reada", "x: walk"});
  CHECK_THROWS_WITH_AS(labels_of({two, other}, {"same", "same"}), doctest::Contains("no replicates"), InputError);
  CHECK_THROWS_WITH_AS(labels_of({two, other}, {"old"}), doctest::Contains("one for each of the 2"), InputError);
  CHECK_THROWS_WITH_AS(labels_of({one, one}), doctest::Contains("twice"), InputError);
}

TEST_CASE("several seeds are a mean line with Student's band; --each draws them all; one seed is drawn and said") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (std::uint64_t seed : {1, 2}) write_trace(runs[seed - 1].trace, 1, 100 * static_cast<int>(seed), 10, true);
  runs.resize(2);
  const FigureOptions options = kept(directory);
  find_figure_kind("throughput")->draw(runs, directory / "f.svg", options);
  std::istringstream line(bytes_of(directory / "kept/line-1.txt"));
  double means = 0, halves = 0, places = 0;
  for (double t, mean, half; line >> t >> mean >> half && t < 9; ++places) means += mean, halves += half;
  const double mean = means / places, half = halves / places;
  // 10 and 20 reads of 16 KiB a second; t(0.975; 1) = 12.706 times the standard error.
  CHECK(mean == testing::approx(15 * 16.0).epsilon(0.1));
  CHECK(half == testing::approx(12.706 * 5 * 16).epsilon(0.1));
  CHECK(std::filesystem::exists(directory / "kept/band-1.txt"));
  CHECK(bytes_of(directory / "f.svg").find("bands: 95 % intervals") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(directory / "kept/line-2.txt"));
  FigureOptions each = options;
  each.each = true;
  find_figure_kind("throughput")->draw(runs, directory / "f.svg", each);
  CHECK(std::filesystem::exists(directory / "kept/line-2.txt"));
  CHECK(bytes_of(directory / "f.svg").find("walk, seed 2") != std::string::npos);
  find_figure_kind("offset-time")->draw(runs, directory / "o.svg", options);
  CHECK(bytes_of(directory / "o.svg").find("seed 1 of 2 replicates") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(directory / "kept/reads-2-1.txt"));
}

TEST_CASE("the mean of distributions is that of their shares at each value") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  runs.resize(2);
  write_trace(runs[0].trace, 1, 100, 1, true);   // each read takes 10 ms
  write_trace(runs[1].trace, 1, 100, 10, true);  // 100 ms
  find_figure_kind("latency-cdf")->draw(runs, directory / "f.svg", kept(directory));
  std::istringstream line(bytes_of(directory / "kept/line-1.txt"));
  for (double x, y, half; line >> x >> y >> half;) {
    if (x > 11 && x < 99) CHECK(y == testing::approx(50));
  }
}

TEST_CASE("policies, seeds, devices, times and offsets are chosen; what no run has is refused with what there is") {
  const TemporaryDirectory directory;
  const auto runs = runs_in(directory, 2);
  const auto draw = [&](const char* kind, const FigureOptions& options) {
    draw_figure(*find_figure_kind(kind), runs, directory / "f.svg", options);
    return bytes_of(directory / "f.svg");
  };
  FigureOptions options = kept(directory);
  options.selection.policies = {"walk"};
  options.selection.seeds = {2};
  options.selection.devices = {2};
  options.selection.time_s = ValueRange{1, 3};
  CHECK(draw("offset-time", options).find("device 1") == std::string::npos);
  std::istringstream points(bytes_of(directory / "kept/reads-1-2.txt"));
  for (double t, offset; points >> t >> offset;) CHECK((t >= 1 && t <= 3));
  CHECK_FALSE(std::filesystem::exists(directory / "kept/reads-1-1.txt"));
  const auto refused = [&](const char* kind, const FigureOptions& wrong, const char* words) {
    CHECK_THROWS_WITH_AS(draw(kind, wrong), doctest::Contains(words), InputError);
  };
  options = {};
  options.selection.policies = {"walks"};
  refused("compare", options, "did you mean \"walk\"");
  options = {};
  options.selection.seeds = {7};
  refused("compare", options, "--seed");
  options = {};
  options.selection.devices = {3};
  refused("throughput", options, "--device");
  options = {};
  options.selection.offset_gib = ValueRange{1, 2};
  refused("compare", options, "--offset: expected a kind of figure that takes it (offset-time");
  options = {};
  options.selection.time_s = ValueRange{50, 60};
  refused("throughput", options, "a time within the runs");
  options = {};
  options.selection.workload = "files";
  refused("compare", options, "--workload");
}

TEST_CASE("a device's and a workload's own metric is compared, in panels of their own on request") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 2);
  for (PlottedRun& run : runs) {
    if (run.result.failed()) continue;
    run.result.devices[1].metrics[MetricId::elapsed_s] = 77;
    run.result.workloads = {{"files", run.result.metrics}, {"load", run.result.metrics}};
    run.result.workloads[1].metrics[MetricId::elapsed_s] = 44;
  }
  const FigureKind& compare = *find_figure_kind("compare");
  FigureOptions options;
  options.selection.devices = {2};
  draw_figure(compare, runs, directory / "f.svg", options);
  CHECK(bytes_of(directory / "f.svg").find(">77.0") != std::string::npos);
  options = {};
  options.selection.workload = "load";
  draw_figure(compare, runs, directory / "f.svg", options);
  CHECK(bytes_of(directory / "f.svg").find(">44.0") != std::string::npos);
  options.metric = MetricId::seeks;
  CHECK_THROWS_WITH_AS(draw_figure(compare, runs, directory / "f.svg", options),
                       doctest::Contains("a metric that workloads have"), InputError);
  for (const auto& [facet, title] :
       {std::pair{Facet::workload, "load"}, {Facet::device, "device 2"}, {Facet::policy, "walk"}}) {
    options = {};
    options.facet = facet;
    draw_figure(compare, runs, directory / "f.svg", options);
    const std::string svg = bytes_of(directory / "f.svg");
    CHECK(svg.find(fmt::format(">{}<", title)) != std::string::npos);
    CHECK(wrong_texts(svg) == "");
  }
}

TEST_CASE(
    "many lines carry letters and dashes; more than can be told apart are refused, and drawn as small multiples") {
  const TemporaryDirectory directory;
  const auto from = runs_in(directory, 1);
  std::vector<PlottedRun> runs;
  for (int policy = 0; policy < 20; ++policy) {
    runs.push_back(from[0]);
    runs.back().label = runs.back().result.policy = fmt::format("policy-{}", policy);
    for (const MetricId id : {MetricId::errors, MetricId::missing_blocks}) runs.back().result.metrics[id] = 0;
  }
  const FigureKind& kind = *find_figure_kind("throughput");
  CHECK_THROWS_WITH_AS(draw_figure(kind, runs, directory / "f.svg", {}), doctest::Contains("--facet policy"),
                       InputError);
  FigureOptions options;
  options.facet = Facet::policy;
  draw_figure(kind, runs, directory / "f.svg", options);
  CHECK(bytes_of(directory / "f.svg").find(">policy-19<") != std::string::npos);
  CHECK(wrong_texts(bytes_of(directory / "f.svg")) == "");
  runs.resize(12);
  draw_figure(kind, runs, directory / "f.svg", {});
  const std::string svg = bytes_of(directory / "f.svg");
  for (const char* text : {">L<", ">policy-11<", "stroke-dasharray"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, std::string(text));
}

TEST_CASE("titles, ranges, logarithms, orders and legends are as asked for, or refused with the reason") {
  const TemporaryDirectory directory;
  const auto runs = runs_in(directory, 1);
  const auto draw = [&](const char* kind, const FigureOptions& options) {
    draw_figure(*find_figure_kind(kind), runs, directory / "f.svg", options);
    return bytes_of(directory / "f.svg");
  };
  FigureOptions options;
  options.title = "A title";
  options.x_label = "seconds";
  options.y_label = "rate";
  options.x_range = ValueRange{0, 4};
  options.log_y = true;
  options.legend = Legend::below;
  options.height_cm = 9;
  options.grey = true;
  const std::string svg = draw("throughput", options);
  for (const char* text : {">A title<", ">seconds<", ">rate<", "height=\"340\"", "<title>A title</title>"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(wrong_texts(svg) == "");
  CHECK(svg.find("rgb(  0, 114, 178)") == std::string::npos);  // Okabe and Ito's blue
  options.legend = Legend::none;
  CHECK(draw("throughput", options).find(">walk<") == std::string::npos);
  options.height_cm = 2;
  CHECK_THROWS_WITH_AS(draw("throughput", options), doctest::Contains("at least"), InputError);
  options = {};
  options.log_x = true;
  CHECK_THROWS_WITH_AS(draw("compare", options), doctest::Contains("--log"), InputError);
  options.x_range = ValueRange{-1, 4};
  CHECK_THROWS_WITH_AS(draw("throughput", options), doctest::Contains("above 0"), InputError);
  options = {};
  options.x_range = ValueRange{1, 4};
  CHECK_THROWS_WITH_AS(draw("compare", options), doctest::Contains("from 0"), InputError);
  CHECK_THROWS_WITH_AS(value_range("--time", "3..2"), doctest::Contains("2..5"), InputError);
  CHECK(value_range("--time", "2..").low == 2);
}

TEST_CASE("the default figure fits the columns of each paper") {
  const FigureOptions usual;
  for (const Paper& paper : papers()) {
    CAPTURE(paper.name);
    CHECK(usual.column_cm <= paper.column_cm);
    if (paper.text_cm > 1.5 * paper.column_cm) CHECK(usual.text_cm <= paper.text_cm);
    FigureOptions options;
    make_for(options, paper.name, false);
    CHECK(options.column_cm == paper.column_cm);
  }
}
