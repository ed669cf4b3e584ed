#include "results/tables/table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "results/testing/results.h"

using namespace headway;
using namespace headway::testing;

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
  CHECK_MESSAGE(widest_line(table) <= 100, table);
  CHECK_MESSAGE(table.find("4.00x") != std::string::npos, table);  // 12 s against the mean of 2 and 4
  CHECK(table.find("1.00x") != std::string::npos);
  CHECK(table.find("broken") != std::string::npos);
  CHECK(table.find("\x1b") == std::string::npos);
  CHECK(comparison_table(results, {.baseline = "walk", .colour = true}).find("\x1b[31mfailed") != std::string::npos);
  CHECK(comparison_table(Results{}, {}) == "no runs\n");
}

TEST_CASE("a sparkline stands at the row's end where there is room, and nowhere else") {
  Results results = two_runs();
  for (RunResult& run : results.runs) run.metrics[MetricId::efficiency] = NAN;  // a column less
  const std::vector<double> course = {1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 5};
  const std::string wide = comparison_table(results, {.throughput = {{"reada-2011", course}, {"walk", course}}});
  CHECK_MESSAGE(wide.find("█") != std::string::npos, wide);
  CHECK(widest_line(wide) <= 100);
  results.runs[0].policy = std::string(80, 'n');
  CHECK(comparison_table(results, {.throughput = {{results.runs[0].policy, course}}}).find("█") == std::string::npos);
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

TEST_CASE("the table says where the seeds show no difference, and how sure the others are") {
  const std::string table = comparison_table(three_seeds(), {.baseline = "walk"});
  CHECK_MESSAGE(table.find("20.0 ±5.0") != std::string::npos, table);
  CHECK(table.find("no difference") != std::string::npos);
  CHECK_MESSAGE(table.find("1.1107x ±0.0041") != std::string::npos, table);
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
  CHECK(widest_line(table) <= 100);
}

TEST_CASE("the table compares no policies that did other work, and says what was not done") {
  Results results;
  results.baseline = "walk";
  RunResult walk = plain_run("walk", 1, 120), gone = plain_run("reada-2011", 1, 2);
  for (RunResult* run : {&walk, &gone}) run->metrics[MetricId::errors] = run->metrics[MetricId::missing_blocks] = 0;
  walk.metrics[MetricId::errors] = 12;
  results.runs = {walk, gone};
  const std::string same = comparison_table(results, {.baseline = "walk"});
  CHECK_MESSAGE(same.find("60.00x") != std::string::npos, same);
  CHECK_MESSAGE(same.find("walk: 12 of 9,580 reads failed\n") != std::string::npos, same);
  CHECK(same.find("not brought") == std::string::npos);
  results.runs[1].metrics[MetricId::missing_blocks] = 681;
  const std::string other = comparison_table(results, {.baseline = "walk", .colour = true});
  CHECK_MESSAGE(other.find("60.00x") == std::string::npos, other);
  CHECK_MESSAGE(other.find("other work") != std::string::npos, other);
  CHECK_MESSAGE(other.find("\x1b[31mreada-2011: 681 wanted blocks were not brought\x1b[0m\n") != std::string::npos, other);
}

TEST_CASE("under the table stands why a policy did not do its work, once for all seeds, within the width") {
  Results results;
  results.baseline = "walk";
  for (const std::uint64_t seed : {1, 2, 3}) {
    RunResult walk = plain_run("walk", seed, 120), reada = plain_run("reada-2011", seed, 2);
    for (RunResult* run : {&walk, &reada}) run->metrics[MetricId::errors] = run->metrics[MetricId::missing_blocks] = 0;
    reada.metrics[MetricId::missing_blocks] = 681;
    const std::string note = fmt::format("it read nothing; {} of 682 blocks: {}", 679 + seed, std::string(90, 'x'));
    if (seed != 1) reada.notes = {note};
    results.runs.push_back(walk);
    results.runs.push_back(reada);
  }
  const std::string table = comparison_table(results, {.baseline = "walk"});
  CHECK_MESSAGE(table.find("reada-2011: 681 wanted blocks were not brought\n") != std::string::npos, table);
  CHECK_MESSAGE(table.find("reada-2011 with seed 2, and likewise with 1 other: it read nothing; 681 of 682") !=
                    std::string::npos, table);
  CHECK(table.find("682 of 682") == std::string::npos);
  CHECK(widest_line(table) <= 100);
  // Of one run the note says how many.
  results.runs = {results.runs[0], results.runs[3]};
  const std::string one = comparison_table(results, {.baseline = "walk"});
  CHECK_MESSAGE(one.find("reada-2011: it read nothing; 681 of 682") != std::string::npos, one);
  CHECK_MESSAGE(one.find("wanted blocks were not brought") == std::string::npos, one);
}
