// What has been published beside what came out, of results made by hand.
#include "results/tables/published_table.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Of a scenario that publishes this.
Results publishing(const std::vector<Json>& published, Results results, const std::string& file = "published/s.json") {
  const Json scenario = {{"published", published}};
  results.scenario_file = file;
  results.experiment.scenario = JsonNode::parse(scenario.dump(), file);
  results.experiment.drives = JsonNode::parse("{}", file);
  return results;
}

// Of nine-tenths over walk, but for what `with` says.
Json ratio(const Json& with = Json::object()) {
  Json published = {{"what", "nine tenths"},   {"value", 0.9},          {"metric", "elapsed_s"},
                    {"policy", "nine-tenths"}, {"relative_to", "walk"}, {"source", "<a@b> 2023"}};
  published.update(with);
  return published;
}

Standing standing(const Json& with, const Results& results = three_seeds()) {
  return beside_published(publishing({ratio(with)}, results)).at(0).standing;
}

// Seeds that make no difference.
Results narrow() {
  Results results = three_seeds();
  for (RunResult& run : results.runs) {
    if (run.policy != "walk") run.metrics[MetricId::elapsed_s] = results.runs[1].metrics[MetricId::elapsed_s];
    if (run.policy == "walk") run.metrics[MetricId::elapsed_s] = results.runs[0].metrics[MetricId::elapsed_s];
  }
  return results;
}

Results one_seed() {
  Results results = three_seeds();
  results.runs.resize(3);
  return results;
}

}  // namespace

TEST_CASE("with replicates a figure is inside its interval or not; the range comes after") {
  const Beside beside = beside_published(publishing({ratio()}, three_seeds())).at(0);
  REQUIRE(beside.here.has_interval());
  CHECK(beside.standing == Standing::interval);
  CHECK(standing({{"value", beside.here.low * 0.98}}) == Standing::outside);
  CHECK(standing({{"value", beside.here.high}}) == Standing::interval);
  const Json range = {{"sweep", "x.json"}, {"least", 0.5}, {"most", 0.6}};
  CHECK(standing({{"value", 0.55}, {"range", range}}) == Standing::range);
  CHECK(standing({{"value", 0.49}, {"range", range}}) == Standing::outside);
  CHECK(standing({{"value", 0.4}, {"to", 0.51}, {"range", range}}) == Standing::range);
  CHECK(standing({{"value", 0.4}, {"to", beside.here.mean}}) == Standing::outside);  // the interval reaches beyond
  CHECK(standing({{"value", 0.4}, {"to", 1}}) == Standing::equal);
  CHECK(standing({{"value", beside.here.mean * 1.004}}, narrow()) == Standing::equal);
  CHECK(standing({{"range", range}}) == Standing::interval);
}

TEST_CASE("one run has no interval: its figure is equal to within half a per cent, or in the span published") {
  const double here = beside_published(publishing({ratio()}, one_seed())).at(0).here.mean;
  CHECK(standing({{"value", here * 1.0049}}, one_seed()) == Standing::equal);
  CHECK(standing({{"value", here * 1.0051}}, one_seed()) == Standing::outside);
  CHECK(standing({{"value", 0}, {"to", 1}}, one_seed()) == Standing::equal);
  CHECK(standing({{"value", 1.001 * here}, {"to", 2}}, one_seed()) == Standing::outside);
}

TEST_CASE("without a value there is no verdict") {
  CHECK(standing({{"policy", "none"}}) == Standing::unknown);
  CHECK(standing({{"relative_to", "none"}}) == Standing::unknown);
  CHECK(standing({{"workload", "none"}}) == Standing::unknown);
}

TEST_CASE("a ratio of two workloads, and of two metrics") {
  Results results = one_seed();
  for (RunResult& run : results.runs) {
    run.workloads = {{"slow", {}}, {"fast", {}}};
    run.workloads[0].metrics[MetricId::reads_per_s] = 10;
    run.workloads[1].metrics[MetricId::reads_per_s] = 40;
    run.workloads[1].metrics[MetricId::seeks] = 8;
  }
  Json published = ratio({{"metric", "reads_per_s"}, {"workload", "fast"}, {"relative_to_workload", "slow"}});
  published.erase("relative_to");
  CHECK(beside_published(publishing({published}, results)).at(0).here.mean == 4);
  published.erase("relative_to_workload");
  published["relative_to_metric"] = "seeks";
  CHECK(beside_published(publishing({published}, results)).at(0).here.mean == 5);
  published.erase("workload");
  published["relative_to_workload"] = "fast";  // the run over a workload
  CHECK(beside_published(publishing({published}, results)).at(0).here.mean == doctest::Approx(9580.0 / 8));
}

TEST_CASE("each is printed below the run's table, with its verdict, in 100 columns") {
  const Json range = {{"sweep", "x.json"}, {"least", 0.5}, {"most", 0.6}};
  const std::string why =
      "the drive is not that of those who measured, and it would have to be twice as slow for this to "
      "come out at all";
  const std::string lines =
      published_lines(publishing({ratio(), ratio({{"value", 0.55}, {"range", range}}),
                                  ratio({{"value", 0.1}, {"range", range}, {"outside", why}}), ratio({{"value", 0.1}})},
                                 three_seeds()));
  CHECK_MESSAGE(lines.starts_with("published  nine tenths: 0.900, here 0.900 (0."), lines);
  CHECK(lines.find("): inside the interval\n") != std::string::npos);
  CHECK(lines.find("inside the range (0.500 to 0.600)\n") != std::string::npos);
  CHECK(lines.find("outside (0.500 to 0.600):") != std::string::npos);
  CHECK(lines.find("outside: no reason given\n") != std::string::npos);
  CHECK(widest_line(lines) <= 100);
  CHECK(published_lines(three_seeds()) == "");
}

TEST_CASE("what is no ratio stands in the metric's unit, one for all that is beside each other") {
  Json published = ratio({{"value", 0.0182}, {"policy", "walk"}});
  published.erase("relative_to");
  Results results = one_seed();
  results.runs[0].metrics[MetricId::elapsed_s] = 0.9;
  const std::string lines = published_lines(publishing({published}, results));
  CHECK_MESSAGE(lines.starts_with("published  nine tenths: 18.20 ms, here 900"), lines);
}

TEST_CASE("the table: in the order of the scenarios, Markdown's letters kept from it, counted") {
  const Results second = publishing({ratio({{"what", "a | b"}})}, three_seeds(), "published/b.json");
  const Results first = publishing({ratio({{"value", 0.1}, {"outside", "why"}}), ratio({{"value", 0.2}})},
                                   three_seeds(), "published/a.json");
  const PublishedTable table = published_table({second, first});
  const std::string& text = table.markdown;
  CHECK_MESSAGE(text.find("| nine tenths | 0.100 |") < text.find("| a \\| b | 0.900 |"), text);
  CHECK(text.find("| outside: why | `a` | \\<a@b\\> 2023 |\n") != std::string::npos);
  CHECK(text.find("3 published figures: 1 inside the interval, equal or inside the span published, 0 inside the range, "
                  "2 outside.\n") != std::string::npos);
  REQUIRE(table.missing.size() == 1);
  CHECK(table.missing[0] == "published/a.json: nine tenths: outside: no reason given");
}

TEST_CASE("a figure that is relative to another scenario is had of both results") {
  Json published = ratio({{"relative_to_scenario", "../other/b.json"}, {"value", 3}});
  Results runs = three_seeds();  // whose own walk, which is not what is below the line, did other work
  for (RunResult& run : runs.runs) {
    run.metrics[MetricId::errors] = 0;
    run.metrics[MetricId::missing_blocks] = run.policy == "walk" ? 681 : 0;
  }
  const Results own = publishing({published}, runs, "x/published/a.json");
  Results other = three_seeds();
  for (RunResult& run : other.runs) run.metrics[MetricId::elapsed_s] /= run.policy == "walk" ? 3.0 / 0.9 : 100;
  const Results others = publishing(std::vector<Json>{}, other, "x/other/b.json");
  CHECK(beside_published(own).at(0).standing == Standing::unknown);
  CHECK(published_lines(own).find("to be had of both results, where") != std::string::npos);
  CHECK(published_table({own}).missing.size() == 1);
  const PublishedTable table = published_table({own, others});
  CHECK_MESSAGE(table.missing.empty(), table.markdown);
  CHECK(table.markdown.find("but not of the same work") == std::string::npos);
  CHECK(table.markdown.find("| nine tenths | 3.00 | 3.00 (2.9") != std::string::npos);
}

TEST_CASE("a ratio of other work, and what was left undone, is said beside the verdict") {
  Results results = three_seeds();
  for (RunResult& run : results.runs) run.metrics[MetricId::missing_blocks] = 0;
  for (RunResult& run : results.runs) run.metrics[MetricId::errors] = 0;
  CHECK(published_lines(publishing({ratio()}, results)).find("but") == std::string::npos);
  for (RunResult& run : results.runs) run.metrics[MetricId::missing_blocks] = run.policy == "walk" ? 0 : 681;
  const std::string lines = published_lines(publishing({ratio()}, results));
  CHECK_MESSAGE(lines.find("; but not of the same") != std::string::npos, lines);
}

TEST_CASE("results.json has each with its figure, interval and verdict") {
  const Json json = to_json(publishing({ratio()}, three_seeds()))["published"];
  REQUIRE(json.size() == 1);
  CHECK(json[0]["what"] == "nine tenths");
  CHECK(json[0]["figure"] == "elapsed_s of nine-tenths / walk");
  CHECK(json[0]["here"]["low"].is_number());
  CHECK(json[0]["range"].is_null());
  CHECK(json[0]["verdict"] == "inside the interval");
}

TEST_CASE("the table goes between its marks, and the rest of the text stays") {
  const std::string begin(published_begin), end(published_end);
  const std::string text = "before\n" + begin + "\nold\n" + end + "\nafter\n";
  const std::string once = with_table(text, "new\n", "README.md");
  CHECK(once == "before\n" + begin + "\n\nnew\n\n" + end + "\nafter\n");
  CHECK(with_table(once, "new\n", "README.md") == once);
  CHECK_THROWS_WITH_AS(
      with_table("before\n" + end + begin, "new\n", "README.md"),
      ("README.md: expected lines \"" + begin + "\" and \"" + end + "\", in this order, found not both").c_str(),
      InputError);
}
