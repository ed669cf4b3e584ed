// Checks on results made by hand, and their reports read by the parsers that others use.
#include "results/check/check.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "results/check/formats.h"
#include "results/testing/real_tool.h"
#include "results/testing/test_support.h"

using namespace headway;
using namespace headway::testing;

namespace {

RunResult run_of(const std::string& policy, std::uint64_t seed, double elapsed_s) {
  RunResult run{policy, seed, "ok", "", {}, {}, {}};
  run.metrics[MetricId::elapsed_s] = elapsed_s;
  run.metrics[MetricId::throughput_bytes_per_s] = 1e9 / elapsed_s;
  run.metrics[MetricId::reads] = 1000;
  run.metrics[MetricId::zone_conflicts] = 0;
  return run;
}

Results results_of(std::vector<RunResult> runs) {
  Results results{"0.1.0", "abc", "first", "00ff", "scenarios/first.json", std::move(runs), "walk"};
  return results;
}

Results one_seed(double elapsed_s) { return results_of({run_of("walk", 1, elapsed_s)}); }

// Four seeds of which each takes `factor` times as long as in the baseline, with `noise` up and down.
Results four_seeds(double factor, double noise) {
  return results_of({run_of("walk", 1, 10 * factor + noise), run_of("walk", 2, 11 * factor - noise),
                     run_of("walk", 3, 12 * factor + noise), run_of("walk", 4, 13 * factor - noise)});
}

Change change_of(const Results& now, const Results& then, MetricId metric, const CheckOptions& options = {}) {
  for (const Change& change : check(now, then, "b.json", options).changes) {
    if (change.metric == metric) return change;
  }
  FAIL("not compared");
  return {};
}

std::string refusal(const Results& now, const Results& then, const CheckOptions& options = {}) {
  try {
    check(now, then, "b.json", options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

// Names that are markup, separators or escapes in some format.
const std::string hostile = "a|b <i>&\"'% ,:::`*_\\ 先読み";

// One seed of a hostile policy that got slower, and one that failed with two lines of hostile text.
Check hostile_check() {
  Results then = results_of({run_of(hostile, 1, 10), run_of(hostile, 2, 10)}), now = then;
  now.runs[0] = run_of(hostile, 1, 12);
  now.runs[1] = {hostile, 2, "failed", "<b>\x01]]>\nsecond line", {}, {}, {}};
  return check(now, then, "b,a:s%e.json", {});
}

std::string unescaped(std::string text) {  // as GitHub's runner does it: actions/runner, ActionCommand.cs
  for (const auto& [from, to] : {std::pair{"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; ++at) text.replace(at, 3, to);
  }
  return text;
}

}  // namespace

TEST_CASE("check: one seed counts when it goes beyond the tolerance, on the side that the metric calls worse") {
  CHECK(change_of(one_seed(10), one_seed(10), MetricId::elapsed_s).kind == ChangeKind::same);
  CHECK(change_of(one_seed(10.09), one_seed(10), MetricId::elapsed_s).kind == ChangeKind::within);
  CHECK(change_of(one_seed(10.11), one_seed(10), MetricId::elapsed_s).kind == ChangeKind::worse);
  CHECK(change_of(one_seed(9.89), one_seed(10), MetricId::elapsed_s).kind == ChangeKind::better);
  CHECK(change_of(one_seed(10.2), one_seed(10), MetricId::throughput_bytes_per_s).kind == ChangeKind::worse);
  CHECK(change_of(one_seed(9.8), one_seed(10), MetricId::throughput_bytes_per_s).kind == ChangeKind::better);
  CHECK(check(one_seed(10.2), one_seed(10), "", {}).red());
  CHECK_FALSE(check(one_seed(9.8), one_seed(10), "", {}).red());
  CHECK(check(one_seed(9.8), one_seed(10), "", {.strict = true}).red());
}

TEST_CASE("check: with several seeds the interval decides, not the mean") {
  // Up by 5 % each: worse, however noisy the seeds are among themselves.
  CHECK(change_of(four_seeds(1.05, 0), four_seeds(1, 0), MetricId::elapsed_s).kind == ChangeKind::worse);
  // Up by 5 % on average, but two up and two down: the seeds do not bear it out.
  const Change noisy = change_of(four_seeds(1.05, 1), four_seeds(1, 0), MetricId::elapsed_s);
  CHECK(noisy.versus.ratio.mean == testing::approx(1.05));
  CHECK(noisy.kind == ChangeKind::within);
  // Up by 1.05 %: beyond 1 %, with certainty beyond 0, but not with certainty beyond 1 %.
  CHECK(change_of(four_seeds(1.0105, 0.02), four_seeds(1, 0), MetricId::elapsed_s).kind == ChangeKind::within);
  CHECK(change_of(four_seeds(1.0105, 0.02), four_seeds(1, 0), MetricId::elapsed_s, {.tolerance = {0, 0}}).kind ==
        ChangeKind::worse);
}

TEST_CASE("check: tolerances by metric; one that is neither better nor worse is red only if named") {
  Results more = one_seed(10);
  more.runs[0].metrics[MetricId::reads] = 1100;
  more.runs[0].metrics[MetricId::zone_conflicts] = 5;
  CHECK(change_of(more, one_seed(10), MetricId::reads).kind == ChangeKind::changed);
  CHECK_FALSE(change_of(more, one_seed(10), MetricId::reads).red);
  CHECK(change_of(more, one_seed(10), MetricId::reads, {.of_metric = {{MetricId::reads, {0.05, 0}}}}).red);
  CHECK_FALSE(change_of(more, one_seed(10), MetricId::reads, {.of_metric = {{MetricId::reads, {0.1, 0}}}}).red);
  // No share of nothing is anything; an amount is.
  CHECK(change_of(more, one_seed(10), MetricId::zone_conflicts).red);
  CHECK_FALSE(
      change_of(more, one_seed(10), MetricId::zone_conflicts, {.of_metric = {{MetricId::zone_conflicts, {0, 5}}}}).red);
  CHECK(check(more, one_seed(10), "", {.metrics = {MetricId::elapsed_s}}).changes.size() == 1);
}

TEST_CASE("check: what cannot be compared is said") {
  Results other = one_seed(10);
  other.scenario_name = "second";
  CHECK(refusal(one_seed(10), other) ==
        "b.json: /scenario/name: expected \"first\", as in the results, found \"second\"");
  CHECK(refusal(results_of({run_of("wlak", 1, 10)}), one_seed(10)) ==
        "b.json: /runs: expected policies that the results have as well, found \"walk\" (did you mean \"wlak\"?)");
  CHECK(refusal(results_of({run_of("walk", 1, 10), run_of("new", 1, 9)}), one_seed(10)) ==
        "b.json: /runs: expected runs of policy \"new\" (--update brings it in), found none");
  CHECK(refusal(results_of({run_of("walk", 7, 10)}), one_seed(10)) ==
        "b.json: /runs: expected a seed that the results have as well, found 1");
  CHECK(refusal(one_seed(10), one_seed(10), {.of_metric = {{MetricId::seeks, {}}}}) ==
        "b.json: /runs: expected values of metric \"seeks\", found none");
}

TEST_CASE("check: seeds in common, a changed scenario and metrics that are new are noted") {
  Results now = four_seeds(1, 0);
  now.scenario_sha256 = "11";
  now.runs[0].metrics[MetricId::seeks] = 3;
  const Check noted = check(now, one_seed(10), "", {});
  CHECK_FALSE(noted.red());
  REQUIRE(noted.notes.size() == 3);
  CHECK(noted.notes[1].starts_with("compared over 1 seeds in common, of 4"));
  CHECK(noted.notes[2] == "not in the baseline, so not checked: seeks");
}

TEST_CASE("check: workloads are compared where there are several") {
  Results then = one_seed(10);
  then.runs[0].workloads = {{"files", then.runs[0].metrics}, {"reads", then.runs[0].metrics}};
  Results now = then;
  now.runs[0].workloads[1].metrics[MetricId::elapsed_s] = 12;
  const Check outcome = check(now, then, "", {});
  CHECK(outcome.count(ChangeKind::worse) == 1);
  CHECK(check_as_text(outcome).find("elapsed_s of reads") != std::string::npos);
}

TEST_CASE("check: a baseline is the same bytes for the same figures, and older ones may lack metrics") {
  const TemporaryDirectory directory;
  Results results = four_seeds(1, 0.1);
  results.runs[0].devices = {{1, {}}};
  write_baseline(directory / "new/b.json", results);
  const std::string text = bytes_of(directory / "new/b.json");
  CHECK(text.find("abc") == std::string::npos);
  CHECK(text.find("summary") == std::string::npos);
  results.headway_commit = "def";
  results.scenario_file = "elsewhere/first.json";
  write_baseline(directory / "again.json", results);
  CHECK(bytes_of(directory / "again.json") == text);
  CHECK(check(results, read_results(directory / "again.json"), "", {}).count(ChangeKind::same) == 4);

  auto old = nlohmann::ordered_json::parse(text);
  for (auto& run : old["runs"]) run["metrics"].erase("zone_conflicts");
  std::ofstream(directory / "old.json") << old;
  CHECK(check(results, read_results(directory / "old.json"), "", {}).notes.size() == 1);

  results.runs[2] = {"walk", 3, "failed", "no", {}, {}, {}};
  CHECK_THROWS_AS(write_baseline(directory / "again.json", results), InputError);
  CHECK(bytes_of(directory / "again.json") == text);
}

TEST_CASE("check: of metrics that the results do not name, being older, it says so, and holds the others") {
  const TemporaryDirectory directory;
  const Results then = four_seeds(1, 0.1);
  auto json = to_json(four_seeds(1.05, 0.1));
  for (auto& run : json["runs"]) {
    for (const char* name : {"reads", "zone_conflicts"}) run["metrics"].erase(name);
  }
  std::ofstream(directory / "results.json") << json;
  const Results now = read_results(directory.path());
  const Check outcome = check(now, then, "b.json", {});
  REQUIRE(outcome.notes.size() == 1);
  CHECK(outcome.notes[0] == "not in the results, which headway 0.1.0 wrote, so not checked: reads, zone_conflicts");
  CHECK(outcome.changes.size() == 2);
  CHECK(outcome.count(ChangeKind::worse) == 2);
  for (const CheckFormat& format : check_formats()) {
    if (!format.name.starts_with("benchmark") && format.name != "junit")
      CHECK(format.write(outcome).find("zone") != std::string::npos);
  }
  CHECK(refusal(now, then, {.of_metric = {{MetricId::reads, {}}}}) ==
        "expected results with metric \"reads\", found those of headway 0.1.0, which does not know it");
}

TEST_CASE("check: of a policy that did other work than in the baseline nothing is better or worse, and that is red") {
  Results then = one_seed(10), now = one_seed(2);  // five times as fast
  for (Results* results : {&then, &now}) {
    results->runs[0].metrics[MetricId::missing_blocks] = 12;
    results->runs[0].missing_digest = 7;
  }
  CHECK_FALSE(check(now, then, "b.json", {}).red());
  CHECK(change_of(now, then, MetricId::elapsed_s).kind == ChangeKind::better);
  now.runs[0].missing_digest = 8;  // as many, but others
  const Check outcome = check(now, then, "b.json", {});
  CHECK(outcome.red());
  CHECK(outcome.count(ChangeKind::better) == 0);
  CHECK(std::isnan(change_of(now, then, MetricId::elapsed_s).versus.ratio.mean));
  for (const CheckFormat& format : check_formats()) {
    if (format.name.starts_with("benchmark")) continue;
    CHECK_MESSAGE(format.write(outcome).find("walk did other work (now") != std::string::npos, format.name);
  }
  const std::string text = check_as_text(outcome);
  CHECK_MESSAGE(text.find("10.00 s -> 2.00 s ") != std::string::npos, text);
  CHECK(text.find(" other work  (not compared; tolerance 1 %)") != std::string::npos);
  now.runs[0].metrics[MetricId::missing_blocks] = 11;
  CHECK(change_of(now, then, MetricId::missing_blocks).kind == ChangeKind::better);
  CHECK(change_of(now, then, MetricId::elapsed_s).kind == ChangeKind::changed);
}

TEST_CASE("check: huge and tiny changes are told without exponents") {
  const Change huge = change_of(one_seed(344.4), one_seed(0.0005), MetricId::elapsed_s);
  CHECK(change_text(huge) == "+68,879,900 %");
  CHECK(before_text(huge) == "500.0 us");
  CHECK(after_text(huge) == "344.4 s");
  CHECK(change_text(change_of(one_seed(10 * (1 + 1e-15)), one_seed(10), MetricId::elapsed_s)) == "+0.000000 %");
  Results none = one_seed(10);
  none.runs[0].metrics[MetricId::reads] = NAN;
  CHECK(after_text(change_of(none, one_seed(10), MetricId::reads)) == "-");
  CHECK(tolerance_text({1e-7, 1e-5}) == "0.00001 % + 0.00001");
}

TEST_CASE("check: the text names policy, metric, old, new, change, interval and tolerance") {
  const std::string text = check_as_text(check(four_seeds(1.05, 0.01), four_seeds(1, 0), "b.json", {}));
  CHECK_MESSAGE(text.find("RED worse  walk  elapsed_s") != std::string::npos, text);
  CHECK_MESSAGE(text.find("11.5 ±2.1 s -> 12.1 ±2.1 s  ") != std::string::npos, text);
  CHECK(text.find("  +5.00 %  ") != std::string::npos);
  CHECK(text.find("(+4.85 to +5.18 %; tolerance 1 %)") != std::string::npos);
  CHECK(text.ends_with("RED: of 4 values 2 are worse, 0 better, 0 changed, 0 within tolerance, 2 the same\n"));
}

TEST_CASE("check: JSON has everything that was compared, benchmark JSON the new values by direction") {
  const auto json = nlohmann::json::parse(check_as_json(hostile_check()));
  CHECK(json["red"] == true);
  CHECK(json["failed_runs"].size() == 1);
  REQUIRE(json["changes"].size() == 4);
  CHECK(json["changes"][0]["policy"] == hostile);
  CHECK(json["changes"][0]["old"]["mean"] == 10);
  CHECK(json["changes"][0]["new"]["mean"] == 12);
  CHECK(json["changes"][0]["new"]["low"].is_null());
  const Check four = check(four_seeds(1.05, 0), four_seeds(1, 0), "", {});
  const auto smaller = nlohmann::json::parse(check_as_benchmark_smaller(four));
  const auto bigger = nlohmann::json::parse(check_as_benchmark_bigger(four));
  REQUIRE(smaller.size() == 2);  // elapsed_s, zone_conflicts
  REQUIRE(bigger.size() == 1);
  CHECK(smaller[0]["name"] == "first: walk: elapsed_s");
  CHECK(smaller[0]["unit"] == "s");
  CHECK(smaller[0]["value"] == testing::approx(12.075));
  CHECK(smaller[0]["range"].get<std::string>().starts_with("± 2.1"));
  CHECK(bigger[0]["unit"] == "bytes/s");
}

TEST_CASE("check: GitHub's annotations come back as they were after its unescaping") {
  const std::string text = check_as_github(hostile_check());
  std::istringstream lines(text);
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  REQUIRE(all.size() == 2);
  for (const auto& line : all) {
    const std::size_t end = line.find("::", 2);  // the properties hold no colon, so this ends them
    REQUIRE(line.starts_with("::error file=scenarios/first.json,title=headway%3A "));
    const std::string properties = line.substr(8, end - 8);
    CHECK(std::ranges::count(properties, ',') == 1);
    if (line == all[1]) {
      CHECK(unescaped(properties) == "file=scenarios/first.json,title=headway: first: " + hostile);
      CHECK(unescaped(line.substr(end + 2)).find("of " + hostile + ": 10.00 s -> 12.00 s, +20.00 %") != std::string::npos);
    }
  }
}

TEST_CASE("real tool: xmllint reads a check's JUnit file, whatever policies are called") {
  if (!there("xmllint", "libxml2-utils")) return;
  const TemporaryDirectory directory;
  std::ofstream(directory / "check.xml") << check_as_junit(hostile_check());
  const auto xpath = [&](const std::string& expression) {
    return shell(fmt::format("xmllint --xpath '{}' '{}'", expression, (directory / "check.xml").string())).output;
  };
  CHECK(shell(fmt::format("xmllint --noout '{}'", (directory / "check.xml").string())).output == "");
  CHECK(xpath("count(//testcase)") == "5\n");
  CHECK(xpath("count(//failure)") == xpath("number(//testsuite/@failures)"));
  CHECK(xpath("count(//failure)") == "2\n");
  CHECK(xpath("count(//error)") == "1\n");
  CHECK(xpath("string(//testcase[1]/@classname)") == "first." + hostile + "\n");
}

TEST_CASE("real tool: cmark-gfm sees one table in a check's Markdown, and names as they are") {
  if (!there("cmark-gfm", "cmark-gfm")) return;
  const TemporaryDirectory directory;
  std::ofstream(directory / "check.md") << check_as_markdown(hostile_check());
  const std::string html =
      shell(fmt::format("cmark-gfm -e table --unsafe '{}'", (directory / "check.md").string())).output;
  CHECK_MESSAGE(html.find("<td>a|b &lt;i&gt;&amp;&quot;'% ,:::`*_\\ 先読み</td>") != std::string::npos, html);
  CHECK(html.find("<td>elapsed_s</td>\n<td align=\"right\">10.00 s</td>\n<td align=\"right\">12.00 s</td>\n"
                  "<td align=\"right\">+20.00 %</td>") != std::string::npos);
  CHECK(html.find("<i>") == std::string::npos);
  CHECK(html.find("<b>") == std::string::npos);
}
