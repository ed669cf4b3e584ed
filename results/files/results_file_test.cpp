#include "results/files/results_file.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"
#include "results/tables/table.h"
#include "results/tables/terminal.h"
#include "results/testing/test_support.h"

using namespace headway;
using namespace headway::testing;

namespace {

MetricValues values(double seed) {
  MetricValues v;
  for (const Metric& each : metrics()) {
    v[each.id] = each.is_count ? std::floor(seed * 1e6) : seed / 3.0;
  }
  return v;
}

Results two_runs() {
  Results results{"0.1.0", "abc", "first", "00ff", "first.json", {}};
  RunResult good{"reada-2011", 1, "ok", "", values(0.1), {}, {}};
  good.devices = {{1, values(0.2)}, {2, values(std::nextafter(0.3, 1))}};
  good.workloads = {{"files", values(1e-9)}};
  results.runs = {good, {"walk", 2, "failed", "the layout \"x\"\nis cut", {}, {}, {}}};
  return results;
}

std::string refused(const std::string& text) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "results.json") << text;
  try {
    read_results(directory.path());
  } catch (const InputError& error) {
    return std::string(error.what()).substr(directory.path().string().size() + 1);
  }
  return "accepted";
}

std::string edited(const std::string& from, const std::string& to) {
  std::string text = to_json(two_runs()).dump();
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

std::size_t widest(const std::string& table) {
  std::size_t most = 0, start = 0;
  while (start < table.size()) {
    const std::size_t end = table.find('\n', start);
    most = std::max(most, display_width(std::string_view(table).substr(start, end - start)));
    start = end + 1;
  }
  return most;
}

}  // namespace

TEST_CASE("results are read back to the same bits") {
  const TemporaryDirectory directory;
  write_results(directory.path(), two_runs());
  const Results back = read_results(directory / "results.json");
  CHECK(to_json(back) == to_json(two_runs()));
  REQUIRE(back.runs.size() == 2);
  for (const Metric& each : metrics()) {
    const double written = two_runs().runs[0].metrics[each.id], read = back.runs[0].metrics[each.id];
    CHECK(std::memcmp(&written, &read, sizeof read) == 0);
    CHECK(std::isnan(back.runs[1].metrics[each.id]));
  }
  CHECK(back.runs[1].failed());
  CHECK(back.runs[1].message == "the layout \"x\"\nis cut");
}

TEST_CASE("every key is there every time, and no metric of another scope") {
  const auto json = to_json(two_runs());
  for (const auto& run : json["runs"]) CHECK(run["metrics"].size() == metric_count);
  CHECK(json["runs"][1]["metrics"]["reads"].is_null());
  CHECK(json["runs"][0]["metrics"]["reads"].is_number_unsigned());
  CHECK(!json["runs"][0]["devices"][0]["metrics"].contains("wasted_reads"));
  CHECK(!json["runs"][0]["workload"][0]["metrics"].contains("seeks"));
}

TEST_CASE("what is wrong in a results file is said with its place") {
  CHECK(refused("{") == "results.json: byte 2: expected JSON, found something else, or the file's end");
  CHECK(refused(edited("\"schema_version\":1", "\"schema_version\":2")) ==
        "results.json: /schema_version: expected 1, found 2");
  CHECK(refused(edited("\"seed\":2", "\"seed\":-2")) ==
        "results.json: /runs/1/seed: expected a whole number, found number");
  CHECK(refused(edited("\"status\":\"ok\"", "\"status\":\"fine\"")) ==
        "results.json: /runs/0/status: expected \"ok\" or \"failed\", found \"fine\"");
  CHECK(refused(edited("\"elapsed_s\":", "\"elapsed\":")) ==
        "results.json: /runs/0/metrics/elapsed_s: expected a number or null, found nothing");
  CHECK(refused(edited("\"runs\":[", "\"runs\":{},\"x\":[")) == "results.json: /runs: expected an array, found object");
  CHECK(refused("[]") == "results.json: expected an object, found array");
  CHECK(refused("[1e999]") == "results.json: expected numbers of less than 1.8e308, found a larger one");
}

TEST_CASE("a file that fails half-way leaves the old one and no other") {
  const TemporaryDirectory directory;
  write_whole_text(directory / "a.txt", "old");
  CHECK_THROWS_AS(write_whole(directory / "a.txt",
                              [](const std::filesystem::path& part) {
                                std::ofstream(part) << "half";
                                throw std::runtime_error("full");
                              }),
                  std::runtime_error);
  CHECK(bytes_of(directory / "a.txt") == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("a full disk is said to be one") {
  OutputFile file("/dev/full", "out.csv");
  try {
    file.write("text");
    file.close();
    FAIL("/dev/full took it");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::no_space_on_device);
    CHECK(std::string(error.what()) == "cannot write out.csv: No space left on device");
  }
}

TEST_CASE("the registry lists each metric once, named by its unit") {
  for (const Metric& each : metrics()) {
    CHECK(find_metric(each.name) == each.id);
    CHECK(metrics_as_markdown().find(std::string(each.name)) != std::string::npos);
    CHECK(metrics_as_text().find(std::string(each.name)) != std::string::npos);
    CHECK(each.sentence.ends_with('.'));
  }
  CHECK(!find_metric("elapsed"));
  CHECK(widest(metrics_as_text()) <= 100);
}

TEST_CASE("the table: seeds averaged, ratio to the baseline, failures shown, at most 100 columns") {
  Results results = two_runs();
  RunResult walk = results.runs[0], fast = results.runs[0], slow = results.runs[0];
  walk.policy = "walk";
  walk.metrics[MetricId::elapsed_s] = 12;
  fast.policy = slow.policy = "a-policy-with-a-name-that-goes-on-and-on-and-on-先読みポリシー";
  fast.metrics[MetricId::elapsed_s] = 2;
  slow.metrics[MetricId::elapsed_s] = 4;
  slow.seed = 2;
  results.runs = {walk, fast, slow, {"broken", 1, "failed", std::string(300, 'x'), {}, {}, {}}};
  const std::string table = comparison_table(results, {.baseline = "walk"});
  CHECK_MESSAGE(widest(table) <= 100, table);
  CHECK_MESSAGE(table.find("4.00x") != std::string::npos, table);  // 12 s against the mean of 2 and 4
  CHECK(table.find("1.00x") != std::string::npos);
  CHECK(table.find("broken") != std::string::npos);
  CHECK(table.find("\x1b") == std::string::npos);
  CHECK(comparison_table(results, {.baseline = "walk", .colour = true}).find("\x1b[31mfailed") != std::string::npos);
  CHECK(comparison_table(Results{}, {}) == "no runs\n");
  CHECK(display_width("先読み-é") == 8);
}

TEST_CASE("a sparkline stands at the row's end where there is room, and nowhere else") {
  CHECK(sparkline(std::vector<double>{0, 1, 2, 4}, 10) == "▁▃▅█");
  CHECK(sparkline(std::vector<double>{2, 2, 0, 0}, 2) == "█▁");
  CHECK(sparkline({}, 5).empty());
  CHECK(display_width(sparkline(std::vector<double>(1000, 1.0), 16)) == 16);
  Results results = two_runs();
  const std::vector<double> course = {1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 5};
  const std::string wide = comparison_table(results, {.throughput = {{"reada-2011", course}, {"walk", course}}});
  CHECK_MESSAGE(wide.find("█") != std::string::npos, wide);
  CHECK(widest(wide) <= 100);
  results.runs[0].policy = std::string(80, 'n');
  CHECK(comparison_table(results, {.throughput = {{results.runs[0].policy, course}}}).find("█") == std::string::npos);
}

TEST_CASE("progress: one line, cut to the terminal, with the time left where it is known") {
  ProgressState state{2, 6, 12.4, 1204332, 3, 0.3};
  CHECK(progress_line(state, 100) == "2/6 runs  12.40 s simulated  1,204,332 reads  401,444 reads/s  0:07 left");
  CHECK(progress_line(state, 30) == "2/6 runs  12.40 s simulated");
  state.fraction = NAN;
  CHECK(progress_line(state, 100).find("left") == std::string::npos);
  CHECK(share_line("growing", 0.25, 3) == "growing  25 %  0:09 left");
  Progress(std::tmpfile()).update(state);  // no terminal: nothing
  CHECK(!colour_wanted(std::tmpfile()));
}

TEST_CASE("a policy of which one seed failed keeps the mean of the others") {
  Results results = two_runs();
  RunResult failed = results.runs[1], good = results.runs[0];
  failed.policy = good.policy = "p";
  good.metrics[MetricId::elapsed_s] = 5;
  results.runs = {failed, good};
  const std::string table = comparison_table(results, {});
  CHECK_MESSAGE(table.find("5.00") != std::string::npos, table);
  CHECK(table.find("p: 1 of 2 seeds failed") != std::string::npos);
}
