// Policies over several seeds: what is paired with what, and how the table shows it.
#include "results/files/summary.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/letters.h"
#include "core/base/testing/approx.h"
#include "results/tables/table.h"

using namespace headway;

namespace {

RunResult run_of(const std::string& policy, std::uint64_t seed, double elapsed_s) {
  RunResult run{policy, seed, "ok", "", {}, {}, {}};
  for (const Metric& each : metrics()) run.metrics[each.id] = 9580;
  run.metrics[MetricId::elapsed_s] = elapsed_s;
  return run;
}

// Three seeds that differ by a tenth, a policy that takes nine tenths of the time with each, and one as fast.
Results three_seeds() {
  Results results;
  results.baseline = "walk";
  for (const auto& [seed, elapsed_s] : {std::pair{1, 18.0}, {2, 20.0}, {3, 22.0}}) {
    results.runs.push_back(run_of("walk", seed, elapsed_s));
    results.runs.push_back(run_of("nine-tenths", seed, 0.9 * elapsed_s + 0.01 * seed * (seed - 2)));
    results.runs.push_back(run_of("as-fast", seed, elapsed_s + seed - 2));
  }
  return results;
}

}  // namespace

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

TEST_CASE("the table says where the seeds show no difference, and how sure the others are") {
  const std::string table = comparison_table(three_seeds(), {.baseline = "walk"});
  CHECK_MESSAGE(table.find("20.00 ±4.97") != std::string::npos, table);
  CHECK(table.find("no difference") != std::string::npos);
  CHECK_MESSAGE(table.find("1.11x ±0.0") != std::string::npos, table);
  CHECK(table.find("means of 3 seeds") != std::string::npos);
}

TEST_CASE("columns of the table go before a policy's name is cut") {
  Results results = three_seeds();
  for (RunResult& run : results.runs) {
    for (const Metric& each : metrics()) run.metrics[each.id] = 9580 + 1234.5 * static_cast<double>(run.seed);
  }
  const std::string table = comparison_table(results, {.baseline = "walk"});
  CHECK(table.find("nine-tenths") != std::string::npos);
  CHECK(table.find("elapsed") != std::string::npos);
  CHECK_MESSAGE(table.find("busy") == std::string::npos, table);
  CHECK(table.find("mean seek") != std::string::npos);
  for (std::size_t begin = 0; begin < table.size(); begin = table.find('\n', begin) + 1)
    CHECK(display_width(table.substr(begin, table.find('\n', begin) - begin)) <= 100);
}
