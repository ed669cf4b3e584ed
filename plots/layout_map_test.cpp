// Maps of drives.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include <sstream>

#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

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
