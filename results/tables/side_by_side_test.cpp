#include "results/tables/side_by_side.h"

#include <doctest/doctest.h>

#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// As measured, and predicted as taking nine tenths of it.
Results predicted(Results results) {
  for (RunResult& run : results.runs) run.metrics[MetricId::elapsed_s] *= 0.9;
  return results;
}

}  // namespace

TEST_CASE("side by side: the ratio of the second to the first, paired by seed, with its interval") {
  Results measured = three_seeds(), simulated = predicted(measured);
  simulated.runs[0].metrics[MetricId::elapsed_s] += 0.1;
  const std::string table = side_by_side_table({measured, "measured"}, {simulated, "simulated"});
  CHECK_MESSAGE(has(table, "simulated / measured"), table);
  CHECK_MESSAGE(has(table, "elapsed (s)"), table);
  CHECK_MESSAGE(has(table, "20.0 ±5.0"), table);
  CHECK_MESSAGE(has(table, "0.9017 ±0.0097"), table);
  CHECK(has(table, "means of 3 seeds"));
  CHECK(has(table, "latency p99"));
  CHECK_MESSAGE(widest_line(table) <= 100, table);
}

TEST_CASE("side by side: one seed has a ratio without an interval, other seeds that of the means") {
  Results measured = three_seeds();
  measured.runs = {measured.runs[0]};
  Results simulated = predicted(measured);
  const std::string one = side_by_side_table({measured, "a"}, {simulated, "b"});
  CHECK_MESSAGE(has(one, "0.900"), one);
  CHECK_FALSE(has(one, "±"));
  simulated.runs[0].seed = 99;
  CHECK(has(side_by_side_table({measured, "a"}, {simulated, "b"}), "0.900"));
}

TEST_CASE("side by side: other work is not compared, and who is alone or failed is said") {
  Results measured = three_seeds(), simulated = predicted(measured);
  measured.runs = {measured.runs[0], measured.runs[1], measured.runs[2]};  // walk, nine-tenths, as-fast
  simulated.runs = {simulated.runs[0], simulated.runs[1]};
  simulated.runs[0].metrics[MetricId::missing_blocks] = 12;
  simulated.runs[1].status = "failed";
  simulated.runs[1].message = "it fell over";
  const std::string table = side_by_side_table({measured, "measured"}, {simulated, "simulated"});
  CHECK_MESSAGE(has(table, "other work"), table);
  CHECK_MESSAGE(has(table, "as-fast: only measured"), table);
  CHECK_MESSAGE(has(table, "nine-tenths: 1 of 1 runs simulated failed: it fell over"), table);
}
