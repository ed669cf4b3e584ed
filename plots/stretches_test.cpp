// Axes that leave empty stretches out.
#include "plots/stretches.h"

#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "plots/testing/figures.h"

using namespace headway;
using headway::testing::approx;

TEST_CASE("a long empty stretch of an axis is left out, a short one and a lone place are not") {
  const Stretches whole({10, 12, 14, 16}, 1e-4);
  CHECK_FALSE(whole.is_broken());
  CHECK(whole.shown(13) == approx(13));
  CHECK_FALSE(Stretches({5, 5}, 1e-4).is_broken());
  // Several that are long only together.
  CHECK(Stretches({1, 1.1, 5, 5.1, 9, 9.1, 11, 11.1}, 1e-4).breaks().size() == 3);
  CHECK_FALSE(Stretches({}, 1e-4).is_broken());

  const Stretches broken({10, 12, 500, 502, 503}, 1e-4);
  REQUIRE(broken.breaks().size() == 1);
  // What is shown is 2 and 3 long; each piece has a twenty-fifth of that around it.
  const double pad = 0.04 * 5;
  CHECK(broken.shown(11) == approx(11));
  CHECK(broken.breaks()[0] == approx(12 + pad));
  CHECK(broken.shown(500) == approx(12 + 2 * pad));
  CHECK(broken.shown(250) == approx(12 + pad));  // of what is left out: where it was
  const PlotAxis axis = broken.axis(3, 0.28);
  CHECK(axis.low == approx(10 - pad));
  CHECK(axis.high == approx(12 + 2 * pad + 3 + pad));
  REQUIRE_FALSE(axis.ticks.empty());
  for (const Tick& tick : axis.ticks) CHECK(broken.shown(std::stod(tick.name)) == approx(tick.at));
}

TEST_CASE("offset-time marks where it leaves offsets out, and its points stand where the axis shows them") {
  const testing::TemporaryDirectory directory;
  TraceWriter writer(directory / "far.h5", {"synthetic", "p", 1, {{1, 1ull << 42}}});
  for (const std::uint64_t gib : {10, 11, 900, 901}) {
    TraceRow row;
    row.event = TraceEvent::complete;
    row.time_s = static_cast<double>(gib);
    row.device = 1;
    row.physical = gib << 30;
    row.bytes = 16384;
    writer.append(row);
  }
  writer.close();
  FigureOptions options;
  options.keep = directory / "kept";
  plot_offset_time(std::vector<LabelledTrace>{{"p", directory / "far.h5"}}, directory / "f.svg", options);
  const std::string reads = testing::bytes_of(directory / "kept/reads-1-1.txt");
  CHECK_MESSAGE(reads.starts_with("10 10\n11 11\n900 11.1"), reads);
  CHECK(testing::bytes_of(directory / "f.svg").find(">901.0<") != std::string::npos);
}
