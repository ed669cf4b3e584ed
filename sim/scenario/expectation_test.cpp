// What a scenario expects, held against results made by hand.
#include "sim/scenario/expectation.h"

#include <doctest/doctest.h>

#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// walk takes 18, 20 and 22 s with three seeds, half about half of it.
Results results() {
  Results all;
  for (const auto& [seed, walk_s, half_s] : {std::tuple{1, 18.0, 9.1}, {2, 20.0, 9.9}, {3, 22.0, 11.0}}) {
    for (const auto& [policy, elapsed_s] : {std::pair{"walk", walk_s}, {"half", half_s}}) {
      RunResult run;
      run.policy = policy;
      run.seed = static_cast<std::uint64_t>(seed);
      run.metrics[MetricId::elapsed_s] = elapsed_s;
      all.runs.push_back(run);
    }
  }
  return all;
}

// The verdict on one expectation, as a scenario file has it.
Verdict verdict(Json expectation) {
  Json scenario = first_look();
  scenario["replicates"] = 3;
  scenario["policies"] = {{"walk", Json::object()}, {"half", {{"strategy", "walk"}}}};
  expectation["metric"] = "elapsed_s";
  scenario["expect"] = Json::array({expectation});
  const TemporaryDirectory directory;
  return judge(read_scenario(directory.write("s.json", scenario.dump())).expect, results())[0];
}

}  // namespace

TEST_CASE("equals, to within a tolerance of it") {
  CHECK(verdict({{"policy", "walk"}, {"equals", 20}}).holds);
  CHECK(verdict({{"policy", "walk"}, {"equals", 19}, {"tolerance", 0.06}}).holds);
  CHECK_FALSE(verdict({{"policy", "walk"}, {"equals", 19}, {"tolerance", 0.05}}).holds);
  CHECK(verdict({{"policy", "half"}, {"relative_to", "walk"}, {"equals", 0.5}, {"tolerance", 0.01}}).holds);
}

TEST_CASE("by confidence the whole interval lies within the bounds, not just the mean") {
  CHECK(verdict({{"policy", "walk"}, {"max", 24}}).holds);
  CHECK(verdict({{"policy", "walk"}, {"min", 15}, {"max", 25}, {"by", "confidence"}}).holds);
  CHECK_FALSE(verdict({{"policy", "walk"}, {"max", 24}, {"by", "confidence"}}).holds);
  // Paired by seed the ratio is far more certain than either mean.
  const Verdict ratio = verdict({{"policy", "half"}, {"relative_to", "walk"}, {"max", 0.52}, {"by", "confidence"}});
  CHECK_MESSAGE(ratio.holds, ratio.sentence);
  CHECK(ratio.sentence.starts_with("elapsed_s of half / walk: 0.5 (0.48"));
  CHECK(ratio.sentence.ends_with("), expected at most 0.52 with 95 % confidence"));
}

TEST_CASE("a ratio of two policies that did other work says so") {
  Results all = results();
  Expectation expectation{.figure = {.metric = MetricId::elapsed_s, .policy = "half"}, .most = 0.6};
  expectation.figure.relative_to = "walk";
  const auto sentence = [&] { return judge({expectation}, all)[0].sentence; };
  CHECK(sentence().find("same work") == std::string::npos);
  for (RunResult& run : all.runs) run.metrics[MetricId::missing_blocks] = run.policy == "half" ? 681 : 0;
  CHECK(sentence().ends_with(
      "; but not of the same work: half: 681 wanted blocks were not brought; walk: all was brought"));
  for (RunResult& run : all.runs) run.metrics[MetricId::missing_blocks] = 681;
  CHECK(sentence().find("same work") == std::string::npos);
  for (RunResult& run : all.runs) run.missing_digest = run.policy == "half" ? 1 : 2;
  CHECK(sentence().ends_with("681 wanted blocks were not brought, but others"));
  expectation.figure.relative_to.reset();
  CHECK(sentence().ends_with("), expected at most 0.6; but 681 wanted blocks were not brought"));
  expectation.figure.metric = MetricId::missing_blocks;
  CHECK(sentence().ends_with("expected at most 0.6"));
}

TEST_CASE("figures and bounds have no exponents") {
  Results all = results();
  for (RunResult& run : all.runs) run.metrics[MetricId::elapsed_s] *= 1e-6;
  const Expectation expectation{.figure = {.policy = "walk"}, .least = 1e-7, .most = 6e7};
  CHECK(judge({expectation}, all)[0].sentence ==
        "elapsed_s of walk: 0.00002 (0.0000150317 to 0.0000249683), expected 0.0000001 to 60,000,000");
}

TEST_CASE("what no run brought is as nobody expected it") {
  Expectation expectation{.figure = {.metric = MetricId::reads, .policy = "walk"}, .least = 0};
  CHECK_FALSE(judge({expectation}, results())[0].holds);
  CHECK(judge({expectation}, results())[0].sentence == "reads of walk: no value, expected at least 0");
  expectation.by_confidence = true;
  CHECK_FALSE(judge({expectation}, results())[0].holds);
}
