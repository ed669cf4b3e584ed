// Figures of sweeps.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "plots/testing/figures.h"
#include "results/files/sweep_table.h"

using namespace headway;
using namespace headway::testing;

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
  const std::string heat = bytes_of(directory / "kept/numbers-2.txt");
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
