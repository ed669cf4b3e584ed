// The numbers that kinds draw: reads by copy, latencies over time and above a value, writes, response times and loads.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "plots/testing/figures.h"
#include "plots/testing/text_boxes.h"

using namespace headway;
using namespace headway::testing;

namespace {

FigureOptions kept(const TemporaryDirectory& directory) {
  FigureOptions options;
  options.keep = directory / "kept";
  return options;
}

// One policy, one seed, that read a hundred blocks in ten seconds, each for a tenth.
std::vector<PlottedRun> steady_run(const TemporaryDirectory& directory, int devices) {
  auto runs = runs_in(directory, devices);
  runs.resize(1);
  write_trace(runs[0].trace, devices, 100, 10, true);
  return runs;
}

}  // namespace

TEST_CASE("share counts each drive's reads by the copy that they took") {
  const TemporaryDirectory directory;
  find_figure_kind("share")->draw(steady_run(directory, 2), directory / "f.svg", kept(directory));
  CHECK(bytes_of(directory / "kept/bars.txt") == "1 1 1 0 50\n1 2 1 0 50\n");
  CHECK(bytes_of(directory / "f.svg").find("walk, dev 2") != std::string::npos);
}

TEST_CASE("latency over time is the mean or percentile of the reads that ended within each stretch") {
  const TemporaryDirectory directory;
  const auto runs = steady_run(directory, 1);
  for (const MetricId metric : {MetricId::elapsed_s, MetricId::latency_s_p95, MetricId::latency_s_max}) {
    FigureOptions options = kept(directory);
    options.metric = metric;
    find_figure_kind("latency")->draw(runs, directory / "f.svg", options);
    std::istringstream line(bytes_of(directory / "kept/line-1.txt"));
    int points = 0;
    for (double t, ms, half; line >> t >> ms >> half; ++points) CHECK(ms == testing::approx(100));
    CHECK(points == 60);
  }
  CHECK_THROWS_WITH_AS(find_figure_kind("latency")->draw(runs, directory / "f.svg", {.metric = MetricId::seeks}),
                       doctest::Contains("how long reads took"), InputError);
}

TEST_CASE("latency-tail is what the distribution leaves above each value") {
  const TemporaryDirectory directory;
  find_figure_kind("latency-tail")->draw(steady_run(directory, 1), directory / "f.svg", kept(directory));
  std::istringstream line(bytes_of(directory / "kept/line-1.txt"));
  double ms = 0, percent = 0, half = 0, last = 100;
  while (line >> ms >> percent >> half) {
    CHECK(percent < last);
    last = percent;
  }
  CHECK(last == testing::approx(1));  // the last but one of a hundred has one above it
}

TEST_CASE("writes show the workload that writes: mean, 99th percentile, longest, each upon the one before") {
  const TemporaryDirectory directory;
  auto runs = steady_run(directory, 1);
  for (const MetricId id :
       {MetricId::write_latency_s_mean, MetricId::write_latency_s_p99, MetricId::write_latency_s_max})
    runs[0].result.metrics[id] = NAN;
  CHECK_THROWS_WITH_AS(find_figure_kind("writes")->draw(runs, directory / "f.svg", {}),
                       doctest::Contains("write_latency_s_mean"), InputError);
  runs[0].result.workloads = {{"files", runs[0].result.metrics}, {"load", runs[0].result.metrics}};
  MetricValues& load = runs[0].result.workloads[1].metrics;
  load[MetricId::write_latency_s_mean] = 0.01;
  load[MetricId::write_latency_s_p99] = 0.02;
  load[MetricId::write_latency_s_max] = 0.05;
  find_figure_kind("writes")->draw(runs, directory / "f.svg", kept(directory));
  CHECK(bytes_of(directory / "kept/bars.txt") == "1 1 1 0 10\n1 1 2 10 20\n1 1 3 20 50\n");
  CHECK(bytes_of(directory / "f.svg").find("workload load") != std::string::npos);
}

TEST_CASE("load draws response times against reads a second, a point each value, by the axis of numbers") {
  const TemporaryDirectory directory;
  auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  for (PlottedRun& run : runs) {
    const double depth = run.axes[0].second == "1" ? 1 : 64;
    run.result.metrics[MetricId::reads_per_s] = 100 * depth;
    run.result.metrics[MetricId::latency_s_mean] = 0.01 * depth;
  }
  FigureOptions options = kept(directory);
  options.at = {{"layout", "new"}};
  find_figure_kind("load")->draw(runs, directory / "f.svg", options);
  CHECK(bytes_of(directory / "kept/line-1.txt") == "100 10 0\n6400 640 0\n");
  CHECK(bytes_of(directory / "f.svg").find("a point each value of depth") != std::string::npos);
  options.at = {};
  find_figure_kind("load")->draw(runs, directory / "f.svg", options);
  CHECK(bytes_of(directory / "f.svg").find("walk, layout new") != std::string::npos);
}

TEST_CASE("one read, and replicates that are all equal, make whole figures or are refused in words") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (PlottedRun& run : runs) {
    if (!run.result.failed()) write_trace(run.trace, 1, 1, 1, true);
  }
  for (const FigureKind& kind : figure_kinds()) {
    CAPTURE(kind.name);
    try {
      kind.draw(given_to(kind, runs), directory / "f.svg", {});
      CHECK(wrong_texts(bytes_of(directory / "f.svg")) == "");
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).find("something to draw") != std::string::npos);
    }
  }
}
