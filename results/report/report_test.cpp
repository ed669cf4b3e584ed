#include "results/report/report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/base/testing/files.h"
#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

TEST_CASE("names in a report are data, whatever HTML or scripts would make of them") {
  if (!has_report()) return;
  const TemporaryDirectory directory;
  Results results = two_runs();
  const std::string hostile = "<!--<script></script>]]>&amp;\u2028<b>";
  results.scenario_name = hostile;
  results.runs[1].policy = hostile;
  write_results(directory.path(), results);
  write_report(directory.path(), directory / "report.html", nullptr);
  const std::string page = bytes_of(directory / "report.html");
  const std::string element = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(element) + element.size();
  REQUIRE(begin > element.size());
  const std::string data = page.substr(begin, page.find('<', begin) - begin);  // as a browser finds its end
  CHECK(page.substr(begin + data.size()).starts_with("</script>"));
  const auto json = nlohmann::json::parse(data);
  CHECK(json["scenario"]["name"] == hostile);
  CHECK(json["runs"][1]["label"] == hostile);
}
