// All kinds of figures: what each is drawn from, and what is refused.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/testing/sanitized.h"
#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("every kind of figure is drawn, in every format, for one device and for many, failed runs left out") {
  for (const int devices : {1, 12, 48}) {
    const TemporaryDirectory directory;
    const auto runs = runs_in(directory, devices, devices > 1 ? 400 : 2000);
    for (const FigureKind& kind : figure_kinds()) {
      CAPTURE(kind.name);
      const auto svg = directory / fmt::format("{}.svg", kind.name);
      kind.draw(given_to(kind, runs), svg, {});
      const std::string text = bytes_of(svg);
      CHECK(text.find("walk") != std::string::npos);
      CHECK(text.find("broken") == std::string::npos);
      if (devices > 1) continue;
      for (const char* ending : {"png", "pdf", "eps", "tex"}) {
        kind.draw(given_to(kind, runs), directory / fmt::format("{}.{}", kind.name, ending), {});
      }
      const std::string tex = bytes_of(directory / fmt::format("{}.tex", kind.name));
      CHECK_MESSAGE(tex.find(fmt::format("{{{}-drawing}}", kind.name)) != std::string::npos,
                    tex);  // names the PDF beside it
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

TEST_CASE("what left something undone has an asterisk on every kind of figure, and the foot says what") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (PlottedRun& run : runs) {
    const bool gone = run.result.policy[0] == 'r';
    run.result.metrics[MetricId::errors] = 0;
    run.result.metrics[MetricId::missing_blocks] = gone ? 680 + static_cast<double>(run.result.seed) : 0;
  }
  for (const FigureKind& kind : figure_kinds()) {
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
    try {
      kind.draw(given_to(kind, runs), svg, {});
      CHECK(bytes_of(svg).find("先") != std::string::npos);  // a narrow panel breaks the word
    } catch (const InputError& error) {
      CHECK_MESSAGE(std::string(error.what()).find("--policy") != std::string::npos, error.what());
    }
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
  runs[1].label = "fast";  // no replicate
  find_figure_kind("throughput")->draw(runs, directory / "f.svg", {});
  CHECK(bytes_of(directory / "f.svg").find("logarithmic") != std::string::npos);
  find_figure_kind("offset-time")->draw(runs, directory / "own.svg", {});
  CHECK(bytes_of(directory / "own.svg").find("100.0 s") != std::string::npos);
  FigureOptions shared;
  shared.time_axes = TimeAxes::shared;
  find_figure_kind("offset-time")->draw(runs, directory / "shared.svg", shared);
  CHECK(bytes_of(directory / "shared.svg").find("100.0 s") == std::string::npos);
}

TEST_CASE("a metric that no run has a value of is refused by its name") {
  const TemporaryDirectory directory;
  auto runs = runs_in(directory, 1);
  for (PlottedRun& run : runs) run.result.metrics[MetricId::seeks] = NAN;
  for (const char* kind : {"compare", "sweep"})
    CHECK_THROWS_WITH_AS(find_figure_kind(kind)->draw(runs, directory / "figure.svg", {.metric = MetricId::seeks}),
                         "expected a run with a value of metric \"seeks\", found none", InputError);
}
