// When a difference is known well enough, and what is said of it.
#include "results/files/stopping.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/json_node.h"
#include "core/base/testing/approx.h"
#include "results/files/summary.h"
#include "results/testing/results.h"

using namespace headway;

namespace {

// Walk takes 20 s more or less; `fast` a tenth of it, `rough` as much, give or take.
Results after(int replicates) {
  Results results;
  results.until = StoppingRule{MetricId::elapsed_s, "walk", 0.05, 200};
  for (int i = 0; i < replicates; ++i) {
    const double seed = i % 2 == 0 ? 2 : -2, noise = i % 3 - 1;
    const auto run = [&](const char* policy, double elapsed_s) {
      RunResult result{.policy = policy, .seed = static_cast<std::uint64_t>(i) + 1};
      result.metrics[MetricId::elapsed_s] = elapsed_s;
      result.metrics[MetricId::missing_blocks] = 0;
      result.missing_digest = 0;
      results.runs.push_back(result);
    };
    run("walk", 20 + seed);
    run("fast", 2 + seed + noise / 20);
    run("rough", 20 + seed + noise);
  }
  return results;
}

}  // namespace

TEST_CASE("each policy's difference must be known, by intervals that hold for who looks each time") {
  CHECK(looks_of(after(4)) == Looks::after_each);
  const auto few = precision_of(after(4));
  REQUIRE(few.size() == 2);
  CHECK(few[0].policy == "fast");
  CHECK(few[0].comparable);
  CHECK(std::isnan(few[0].half_width));  // no bounds yet
  CHECK_FALSE(sure(after(4)));
  const auto some = precision_of(after(8));
  CHECK(some[0].half_width < 0.05);
  CHECK(some[1].half_width == testing::approx(some[0].half_width * 20));
  CHECK_FALSE(sure(after(8)));
  int needed = 8;
  while (!sure(after(needed))) ++needed;
  CHECK(precision_of(after(needed))[1].half_width <= 0.05);
  CHECK(until_sentence(after(needed)).starts_with("elapsed_s less walk's is known to 5 % of walk's mean after "));
  CHECK(until_sentence(after(8)).find("after 8 replicates it is known of rough to ") != std::string::npos);
}

TEST_CASE("what did other work, or failed each time, is not waited for, and named") {
  Results results = after(2);
  for (RunResult& run : results.runs) {
    if (run.policy == "fast") run.missing_digest = 7;
    if (run.policy == "rough") run.status = "failed";
  }
  CHECK_FALSE(sure(results));
  CHECK_FALSE(enough(results));
  CHECK(until_sentence(results).ends_with("after 2 replicates none can be compared: fast, rough"));
  CHECK(until_as_json(results)["half_widths"]["fast"].is_null());
  results = after(20);
  for (RunResult& run : results.runs) {
    if (run.policy == "fast") run.missing_digest = 7;
  }
  CHECK(sure(results));
  CHECK(until_sentence(results).ends_with("; not compared: fast"));
  results.until->metric = MetricId::wait_time_s;  // which none of them has
  CHECK_FALSE(sure(results));
  CHECK(enough(results));
}

TEST_CASE("the rule is read back as it was written, and the summary has its intervals") {
  const Results results = after(20);
  const auto json = until_as_json(results);
  CHECK(json["replicates"] == 20);
  CHECK(json["reached"] == sure(results));
  const StoppingRule rule = stopping_rule_from(JsonNode::parse(json.dump(), "r.json"));
  CHECK(rule.relative_to == "walk");
  CHECK(rule.half_width == 0.05);
  CHECK(rule.at_most == 200);
  Results fixed = results;
  fixed.until.reset();
  const auto width = [](const Results& of) {
    const Estimate difference = summarize(of, "walk")[2].versus_baseline(MetricId::elapsed_s).difference;
    return difference.high - difference.low;
  };
  CHECK(width(results) > 1.3 * width(fixed));
}
