// Policies over several seeds: what is paired with what, and how the table shows it.
#include "results/files/summary.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/testing/approx.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("seeds are paired: a tenth is seen through seeds that differ as much") {
  const auto all = summarize(three_seeds(), "walk");
  REQUIRE(all.size() == 3);
  CHECK(all[0].of(MetricId::elapsed_s).mean == testing::approx(20));
  CHECK(all[0].of(MetricId::elapsed_s).standard_deviation == testing::approx(2));
  CHECK(all[0].of(MetricId::elapsed_s).low == testing::approx(20 - 4.302653 * 2 / std::sqrt(3)));  // t(2) in any table
  const Estimate ratio = all[1].versus_baseline(MetricId::elapsed_s).ratio;
  CHECK(ratio.mean == testing::approx(0.9).epsilon(1e-2));
  CHECK(ratio.high < 0.92);
  CHECK(all[2].versus_baseline(MetricId::elapsed_s).no_difference());
}

TEST_CASE("a seed that failed for one policy is left out of the pair") {
  Results results = three_seeds();
  results.runs[0] = {"walk", 1, "failed", "no", {}, {}, {}};
  const auto all = summarize(results, "walk");
  CHECK(all[0].failed == 1);
  CHECK(all[0].of(MetricId::elapsed_s).count == 2);
  CHECK(all[1].of(MetricId::elapsed_s).count == 3);
  CHECK(all[1].versus_baseline(MetricId::elapsed_s).difference.count == 2);
}

TEST_CASE("the summary in results.json has every key for every policy and metric") {
  const auto summary = summary_as_json(three_seeds());
  CHECK(summary["baseline"] == "walk");
  CHECK(summary["confidence"] == 0.95);
  for (const auto& policy : summary["policies"]) {
    CHECK(policy["metrics"].size() == metric_count);
    for (const auto& metric : policy["metrics"]) {
      CHECK(metric.size() == 6);
      CHECK(metric["ratio"].size() == 4);
    }
  }
  CHECK(summary["policies"][0]["metrics"]["elapsed_s"]["difference"]["high"] == 0);
  CHECK(summary_as_json(Results{})["policies"].empty());
}
