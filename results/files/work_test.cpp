// Runs that left something undone: how it is told, and when two are not to be compared.
#include "results/files/work.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files/summary.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

RunResult lacking(RunResult run, double blocks, std::uint64_t digest) {
  run.metrics[MetricId::missing_blocks] = blocks;
  run.metrics[MetricId::errors] = 0;
  run.missing_digest = digest;
  return run;
}

std::string told(const Results& results) {
  return other_work({results, "half", "half"}, {results, "walk", "walk"});
}

}  // namespace

TEST_CASE("what was left undone, in words") {
  MetricValues values;
  CHECK(shortfall(values).empty());
  values[MetricId::missing_blocks] = values[MetricId::errors] = 0;
  CHECK(shortfall(values).empty());
  values[MetricId::reads] = 2'900'000;
  values[MetricId::errors] = 702'500;
  CHECK(shortfall(values) == "702,500 of 2,900,000 reads failed");
  values[MetricId::missing_blocks] = 0.5;  // in the mean of two seeds
  CHECK(shortfall(values) == "0.500 wanted blocks were not brought, 702,500 of 2,900,000 reads failed");
}

TEST_CASE("as many missing blocks are not the same ones: the digest decides, and the number where there is none") {
  Results results;
  const RunResult walk = plain_run("walk", 1, 2), half = plain_run("half", 1, 1);
  const auto runs = [&](const RunResult& one, const RunResult& two) {
    results.runs = {one, two};
    return told(results);
  };
  CHECK(runs(lacking(walk, 0, 0), lacking(half, 0, 0)) == "");
  CHECK(runs(lacking(walk, 12, 7), lacking(half, 12, 7)) == "");
  CHECK(runs(lacking(walk, 12, 7), lacking(half, 12, 8)) ==
        "half: 12 wanted blocks were not brought; walk: 12 wanted blocks were not brought, but others");
  CHECK(runs(lacking(walk, 0, 0), lacking(half, 12, 8)) ==
        "half: 12 wanted blocks were not brought; walk: all was brought");
  RunResult old = lacking(walk, 12, 7);
  old.missing_digest.reset();
  CHECK(runs(old, lacking(half, 12, 8)) == "");
  CHECK(runs(old, lacking(half, 13, 8)) != "");
  old.metrics[MetricId::missing_blocks] = NAN;  // a file older than the metric
  CHECK(runs(old, lacking(half, 0, 0)) == "");
}

TEST_CASE("reads whose data came from another copy are told, and are not left undone") {
  Results results;
  results.runs = {lacking(plain_run("walk", 1, 2), 0, 0)};
  results.runs[0].metrics[MetricId::errors] = 12;
  CHECK(left_undone(results, "walk") == "");
  results.runs[0].missing_digest = 9;  // data of a scrub, say: no tree block is missing
  CHECK(left_undone(results, "walk") == "12 of 9,580 reads failed");
  CHECK(left_undone(results, "none") == "");
  results.runs[0].missing_digest = 0;
  results.runs.push_back(lacking(plain_run("walk", 2, 2), 9'579, 7));  // one that failed is no work at all
  results.runs[1].status = "failed";
  CHECK(left_undone(results, "walk") == "");
}

TEST_CASE("one seed of other work, and the summary has neither ratio nor difference") {
  Results results = three_seeds();
  for (RunResult& run : results.runs) run = lacking(run, 0, 0);
  CHECK(summary_as_json(results)["policies"][1]["same_work"] == true);
  results.runs[4] = lacking(results.runs[4], 1, 3);  // nine-tenths with seed 2
  REQUIRE(results.runs[4].policy == "nine-tenths");
  const auto summary = summary_as_json(results)["policies"];
  CHECK(summary[1]["same_work"] == false);
  CHECK(summary[1]["metrics"]["elapsed_s"]["ratio"]["mean"].is_null());
  CHECK(summary[1]["metrics"]["elapsed_s"]["difference"]["low"].is_null());
  CHECK(summary[1]["metrics"]["elapsed_s"]["mean"].is_number());
  CHECK(summary[2]["same_work"] == true);
  CHECK(summary[2]["metrics"]["elapsed_s"]["ratio"]["mean"].is_number());
  results.runs[4] = {"nine-tenths", 2, "failed", "no", {}, {}, {}};  // a run that failed is no work
  CHECK(summary_as_json(results)["policies"][1]["same_work"] == true);
}
