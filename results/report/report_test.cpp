#include "results/report/report.h"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

namespace {

// What a browser finds in the page's element: up to the next "<".
nlohmann::json data_of(const std::string& page) {
  const std::string element = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(element) + element.size();
  REQUIRE(begin > element.size());
  const std::string data = page.substr(begin, page.find('<', begin) - begin);
  CHECK(page.substr(begin + data.size()).starts_with("</script>"));
  return nlohmann::json::parse(data);
}

nlohmann::json report_of(std::vector<ReportSource> sources, const ReportOptions& options = {}) {
  const TemporaryDirectory directory;
  for (ReportSource& source : sources) source.directory = directory.path();
  write_report(sources, directory / "report.html", options);
  return data_of(bytes_of(directory / "report.html"));
}

}  // namespace

TEST_CASE("names in a report are data, whatever HTML or scripts would make of them") {
  if (!has_report()) return;
  Results results = two_runs();
  const std::string hostile = "<!--<script></script>]]>&amp;\u2028<b>";
  results.scenario_name = hostile;
  results.runs[1].policy = hostile;
  const auto json = report_of({{.results = results, .directory = {}}});
  CHECK(json["experiments"][0]["title"] == hostile);
  CHECK(json["experiments"][0]["policies"][1]["name"] == hostile);
}

TEST_CASE("a report has a policy's mean and interval over its seeds, and the seeds, against the baseline") {
  if (!has_report()) return;
  const auto experiment = report_of({{.results = three_seeds(), .directory = {}}})["experiments"][0];
  REQUIRE(experiment["policies"].size() == 3);
  CHECK(experiment["policies"][0]["baseline"] == true);
  CHECK(experiment["policies"][1]["runs"] == 3);
  CHECK(std::string(experiment["policies"][1]["speed_up"]["text"]).starts_with("1.11"));
  CHECK(experiment["policies"][2]["speed_up"]["text"] == "no difference");
  const auto elapsed = experiment["metrics"][0];
  CHECK(elapsed["name"] == "elapsed_s");
  CHECK(elapsed["policies"][0]["mean"] == 20.0);
  CHECK(elapsed["policies"][0]["low"] < 18.0);
  CHECK(elapsed["seeds"][0].size() == 3);
  CHECK(elapsed["seeds"][0][2]["mean"] == 22.0);

  Results other = three_seeds();
  other.baseline = "as-fast";
  CHECK(report_of({{.results = other, .directory = {}}})["experiments"][0]["policies"][2]["baseline"] == true);
}

TEST_CASE("results without runs, and with failed ones alone, make a report") {
  if (!has_report()) return;
  Results results = two_runs();
  results.runs.erase(results.runs.begin());
  const auto failed = report_of({{.results = results, .directory = {}}})["experiments"][0]["policies"];
  REQUIRE(failed.size() == 1);
  CHECK(failed[0]["failed"] == 1);
  CHECK(failed[0]["message"] == "the layout \"x\"\nis cut");
  results.runs.clear();
  CHECK(report_of({{.results = results, .directory = {}}})["experiments"][0]["policies"].empty());
}

TEST_CASE("two experiments stand beside each other, and of other work no ratio is told") {
  if (!has_report()) return;
  const Results before = three_seeds();
  Results after = three_seeds();
  after.headway_version = "9.9";
  for (RunResult& run : after.runs) {
    run.metrics[MetricId::elapsed_s] *= 0.5;
    if (run.policy == "as-fast") run.metrics[MetricId::missing_blocks] = 3;
  }
  for (RunResult& run : after.runs) run.missing_digest = run.policy == "as-fast" ? 7 : 0;
  Results with_digests = before;
  for (RunResult& run : with_digests.runs) run.missing_digest = 0;
  const auto json = report_of({{.results = with_digests, .directory = {}, .name = "old"},
                               {.results = after, .directory = {}, .name = "new"}})["comparison"];
  REQUIRE(json["policies"].size() == 3);
  CHECK(json["policies"][0]["metrics"][0]["ratio"]["mean"] == doctest::Approx(0.5));
  CHECK(json["policies"][0]["other_work"] == "");
  CHECK(json["policies"][2]["metrics"][0]["ratio"].is_null());
  CHECK(json["policies"][2]["other_work"] != "");
  CHECK(json["differing"].dump().find("headway: ") != std::string::npos);
}

TEST_CASE("reads of a seed that no run has are refused") {
  if (!has_report()) return;
  CHECK_THROWS_AS(report_of({{.results = three_seeds(), .directory = {}}}, {.seed = 9}), InputError);
}
