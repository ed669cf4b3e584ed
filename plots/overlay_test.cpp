// Two results over each other.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "core/base/error.h"
#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE(
    "overlay: both runs' reads on one panel, both distributions on another; runs without a partner are left out") {
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
