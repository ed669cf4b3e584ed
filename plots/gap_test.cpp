// Gaps to the bound.
#include "plots/figure.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "plots/testing/figures.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Device 1 reads the root of a mirror in 1 s, and nobody does anything for another.
PlottedRun run_with_gap(const TemporaryDirectory& directory) {
  PlottedRun run{"walk", {"walk", 1, "ok", "", {}, {}, {}}, directory / "gap.h5", {}};
  TraceWriter writer(run.trace, {"synthetic", "p", 1, {{1, mib << 20}, {2, mib << 20}}});
  TraceRow row;
  row.event = TraceEvent::issue;
  row.device = 1;
  row.logical = row.physical = mib;
  row.bytes = node_bytes;
  row.level = 1;
  writer.append(row);
  row.event = TraceEvent::complete;
  row.time_s = 1;
  row.error = 0;
  row.queue_s = row.transfer_s = 0;
  row.seek_s = 0.25;
  row.rotation_s = 0.5;
  writer.append(row);
  writer.close();
  run.result.metrics[MetricId::elapsed_s] = 2;
  run.result.metrics[MetricId::bound_s] = 0.5;
  run.layout = small_mirror();
  return run;
}

}  // namespace

TEST_CASE("a gap is stacked upon its bound: what that leaves of movement, rotation and idleness, in the drives' mean") {
  const TemporaryDirectory directory;
  const PlottedRun run = run_with_gap(directory);
  FigureOptions options;
  options.keep = directory / "kept";
  const auto draw = find_figure_kind("gap")->draw;
  draw(std::vector{run}, directory / "f.svg", options);
  const std::string bars = bytes_of(directory / "kept/bars.txt");
  // In the mean of both: transfers 0.125 s, movement 0.125 s, rotation 0.25 s, which the bound covers; imbalance of the
  // second for half a second, both held back for one.
  for (const char* part : {" 0 0.5\n", " 0.5 1\n", " 1 2\n"}) CHECK_MESSAGE(bars.find(part) != std::string::npos, bars);
  const std::string svg = bytes_of(directory / "f.svg");
  for (const char* part : {"bound", "imbalance of copies", "held back"}) CHECK(svg.find(part) != std::string::npos);
  for (const char* part : {"rotation", "CPU"}) CHECK(svg.find(part) == std::string::npos);  // no bar has any

  PlottedRun slow = run;  // beside a run that takes many times as long, each has its own length
  slow.label = "slow";
  slow.result.metrics[MetricId::elapsed_s] = 50;
  draw(std::vector{run, slow}, directory / "f.svg", options);
  const std::string shares = bytes_of(directory / "kept/bars.txt");
  for (const char* part : {" 0 25\n", " 25 50\n", " 50 100\n", " 0 1\n", " 1 2\n", " 2 100\n"})  // per cent
    CHECK_MESSAGE(shares.find(part) != std::string::npos, shares);
}

TEST_CASE("a run without a bound is left out of the gaps with the reason, and alone is refused with it") {
  const TemporaryDirectory directory;
  const PlottedRun run = run_with_gap(directory);
  PlottedRun none = run;
  none.label = none.result.policy = "no-peer-lock";
  none.result.no_bound = "faults slow drives";
  const auto draw = find_figure_kind("gap")->draw;
  draw(std::vector{run, none}, directory / "f.svg", {.width_cm = 30});
  CHECK(bytes_of(directory / "f.svg").find("no-peer-lock, no bound: faults slow drives") != std::string::npos);
  const auto refused = [&](const PlottedRun& alone, const char* why) {
    CHECK_THROWS_WITH_AS(draw(std::vector{alone}, directory / "g.svg", {}), doctest::Contains(why), InputError);
  };
  refused(none, "faults slow drives");
  none.measured = true;
  refused(none, "a measured drive does not tell");
  none = run;
  none.layout = nullptr;
  refused(none, "the layout that was read");
  none = run;
  none.result.metrics[MetricId::bound_s] = 3;
  refused(none, "not within its time");
}
