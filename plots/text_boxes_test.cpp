// No text is cut by the page's edge or stands upon another, whatever there is to draw.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/testing/sanitized.h"
#include "plots/testing/figures.h"
#include "plots/testing/text_boxes.h"

using namespace headway;
using namespace headway::testing;

namespace {

// So many policies, each with so many seeds, of names in which every third is awkward.
std::vector<PlottedRun> many_runs(const TemporaryDirectory& directory, int devices, std::size_t policies,
                                  std::uint64_t seeds) {
  const std::vector<std::string> names = {"walk",
                                          "reada-2011-with-a-name-that-goes-on-and-on-peer-lock",
                                          "WWWW WWWW WWWW",
                                          "reada-2011-with-a-name-that-goes-on-and-on-no-lock",
                                          "a \"b\" \\n {_^}&#%~",
                                          "предвыборка"};
  const auto drawn_from = runs_in(directory, devices, 200);
  std::vector<PlottedRun> runs;
  for (std::size_t policy = 0; policy < policies; ++policy) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      PlottedRun run = drawn_from[policy % 2 * 2 + seed % 2];
      run.result.policy = run.label =
          names[policy % names.size()] + (policy < names.size() ? "" : fmt::format(" {}", policy));
      run.result.seed = seed;
      for (const MetricId id : {MetricId::elapsed_s, MetricId::seek_time_s})
        run.result.metrics[id] = 123456 / (1 + static_cast<double>(policy)) + static_cast<double>(seed);
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

std::string wrong_in(const FigureKind& kind, const std::vector<PlottedRun>& runs, const FigureOptions& options,
                     const TemporaryDirectory& directory) {
  const auto svg = directory / "figure.svg";
  std::filesystem::remove(svg);
  try {
    kind.draw(given_to(kind, runs), svg, options);
  } catch (const InputError& error) {
    const std::string said = error.what();
    return said.find("--") == std::string::npos ? "refused without a way out: " + said : "";
  }
  return wrong_texts(bytes_of(svg));
}

}  // namespace

TEST_CASE("texts of every kind stand on the page and not upon each other" * doctest::skip(testing::sanitized)) {
  struct Size {
    int devices;
    std::size_t policies;
    std::uint64_t seeds;
  };
  for (const auto& [devices, policies, seeds] : {Size{1, 1, 1}, {2, 2, 3}, {16, 12, 1}, {1, 16, 2}}) {
    const TemporaryDirectory directory;
    const auto runs = many_runs(directory, devices, policies, seeds);
    for (const FigureKind& kind : figure_kinds()) {
      FigureOptions narrow;
      narrow.width_cm = 6;
      narrow.title = "A title of a figure that is wider than the column that it stands above, so that it is broken";
      CAPTURE(kind.name);
      CAPTURE(devices);
      CAPTURE(policies);
      CHECK(wrong_in(kind, runs, {}, directory) == "");
      if (devices < 16) CHECK(wrong_in(kind, runs, narrow, directory) == "");
    }
  }
}

TEST_CASE("sweeps of long names and many values have room for them, as lines and as maps") {
  const TemporaryDirectory directory;
  auto runs = plotted_runs(std::vector{sweep_in(directory).string()});
  for (PlottedRun& run : runs) run.axes[0].second = "a-drive-of-a-long-name-" + run.axes[0].second;
  for (const bool lines : {false, true}) {
    for (const double width : {0.0, 8.0}) {
      FigureOptions options;
      options.lines = lines;
      options.width_cm = width;
      find_figure_kind("sweep")->draw(runs, directory / "f.svg", options);
      CHECK(wrong_texts(bytes_of(directory / "f.svg")) == "");
    }
  }
}

TEST_CASE("a text that is cut, and one upon another, are found") {
  const std::string text =
      R"re(<svg width="100" height="50"><g transform="translate({},{})" stroke="none" fill="black" )re"
      R"re(font-family="x" font-size="10.00"  text-anchor="start"><text><tspan>abc</tspan></text></g>)re";
  CHECK(drawn_texts(fmt::format(fmt::runtime(text), 10, 20)).boxes.size() == 1);
  CHECK(wrong_texts(fmt::format(fmt::runtime(text), 10, 20)) == "");
  CHECK(wrong_texts(fmt::format(fmt::runtime(text), 90, 20)).find("cut") != std::string::npos);
  CHECK(wrong_texts(fmt::format(fmt::runtime(text), 10, 49)).find("cut") != std::string::npos);
  CHECK(wrong_texts(fmt::format(fmt::runtime(text + text), 10, 20, 25, 22)).find("upon") != std::string::npos);
  CHECK(wrong_texts(fmt::format(fmt::runtime(text + text), 10, 20, 35, 22)) == "");
}
