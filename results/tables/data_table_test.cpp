#include "results/tables/data_table.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/testing/files.h"
#include "results/testing/results.h"
#include "results/trace/intervals.h"

using namespace headway;
using namespace headway::testing;

namespace {

DataTable table_of(std::string_view kind, const Results& results, const DataTableOptions& options = {},
                   const std::filesystem::path& directory = {}) {
  const auto kinds = data_table_kinds();
  return std::ranges::find(kinds, kind, &DataTableKind::name)->make(results, directory, options);
}

}  // namespace

TEST_CASE("a summary as CSV has base units and three values where there is an interval") {
  const std::string csv =
      data_table_as_csv(table_of("summary", three_seeds(), {.metrics = {MetricId::elapsed_s}, .policies = {}}));
  const std::string first = csv.substr(0, csv.find('\n'));
  CHECK(first ==
        "policy,runs,failed,speed_up,speed_up low,speed_up high,"
        "elapsed_s (s),elapsed_s low (s),elapsed_s high (s)");
  const std::size_t walk = csv.find("\nwalk,3,0,1,,,20,15.031");
  REQUIRE(walk != std::string::npos);
  CHECK(csv.find(",24.968", walk) < csv.find('\n', walk + 1));
}

TEST_CASE("a summary for people has one cell a mean and its interval, in Markdown and in LaTeX with booktabs") {
  Results results = three_seeds();
  for (RunResult& run : results.runs) run.metrics[MetricId::missing_blocks] = run.metrics[MetricId::errors] = 0;
  const DataTable table = table_of("summary", results, {.metrics = {MetricId::elapsed_s}, .policies = {"walk"}});
  CHECK(data_table_as_markdown(table) ==
        "| policy | runs | failed | speed\\_up | elapsed\\_s (s) |\n|---|---:|---:|---:|---:|\n"
        "| walk | 3 | 0 | 1.00 | 20.0 ±5.0 |\n");
  CHECK(data_table_as_latex(table) ==
        "% \\usepackage{booktabs,textcomp}\n\\begin{tabular}{lrrrr}\n\\toprule\n"
        "policy & runs & failed & speed\\_up & elapsed\\_s (s) \\\\\n\\midrule\n"
        "walk & 3 & 0 & 1.00 & 20.0 $\\pm$ 5.0 \\\\\n\\bottomrule\n\\end{tabular}\n");
}

TEST_CASE("JSON of a table says the unit of each column, and null where there is no value") {
  const auto json = nlohmann::json::parse(data_table_as_json(table_of("runs", two_runs())));
  CHECK(json["columns"][3]["name"] == "elapsed_s");
  CHECK(json["columns"][3]["unit"] == "s");
  CHECK(json["rows"][0]["seed"] == 1);
  CHECK(json["rows"][1]["status"] == "failed");
  CHECK(json["rows"][1]["elapsed_s"].is_null());
  CHECK(json["notes"].size() == 1);
}

TEST_CASE("devices and workloads are rows of their own") {
  CHECK(table_of("devices", two_runs()).rows.size() == 2);
  const DataTable workloads = table_of("workloads", two_runs());
  REQUIRE(workloads.rows.size() == 1);
  CHECK(workloads.rows[0][2].text == "files");
}

TEST_CASE("windows have their times, of the run and of each device; none at all is said") {
  const TemporaryDirectory directory;
  Results results = two_runs();
  CHECK_THROWS_AS(table_of("intervals", results, {}, directory.path()), InputError);
  Intervals intervals{.window_s = 0.5,
                      .end_s = 1.2,
                      .devids = {7},
                      .run = {values_of_all(0.1), values_of_all(0.2)},
                      .devices = {{values_of_all(0.1), values_of_all(0.2)}}};
  write_intervals(directory / intervals_file_name("reada-2011", 1), {"first", "reada-2011", 1, {}}, intervals);
  const std::string csv = data_table_as_csv(
      table_of("intervals", results, {.metrics = {MetricId::elapsed_s}, .policies = {}}, directory.path()));
  CHECK(csv.starts_with("policy,seed,device,start (s),end (s),elapsed_s (s)\nreada-2011,1,all,0,0.5,"));
  CHECK(csv.find("\nreada-2011,1,7,0.5,1.2,") != std::string::npos);
}

TEST_CASE("a sweep's axes are numbers where all values are") {
  SweepTable sweep{.axes = {"depth", "drive"}, .rows = {}};
  sweep.rows.push_back({{"4", "a,b"}, "walk", 1, "ok", values_of_all(0.1)});
  sweep.rows.push_back({{"8", "4"}, "walk", 1, "failed", {}});
  const DataTable table = data_table_of(sweep, {.metrics = {MetricId::seeks}, .policies = {}});
  CHECK(data_table_as_csv(table) ==
        "depth,drive,policy,seed,status,seeks\n4,\"a,b\",walk,1,ok,100000\n8,4,walk,1,failed,\n");
  CHECK(nlohmann::json::parse(data_table_as_json(table))["rows"][0]["depth"] == 4);
  CHECK(table.notes == std::vector<std::string>{"1 of 2 runs failed"});
}

TEST_CASE("names are text to LaTeX and Markdown, and tables without rows have their head") {
  Results results = two_runs();
  results.runs[0].policy = "a_b & 100% \\input{x} | <b>--";
  const DataTable table = table_of("summary", results, {.metrics = {MetricId::seeks}, .policies = {}});
  CHECK(data_table_as_latex(table).find("a\\_b \\& 100\\% \\textbackslash{}input\\{x\\} \\textbar{} "
                                        "\\textless{}b\\textgreater{}-{}- & 1") != std::string::npos);
  CHECK(data_table_as_markdown(table).find("| a\\_b \\& 100% \\\\input{x} \\| \\<b\\>-- | 1 |") != std::string::npos);
  results.runs.clear();
  CHECK(data_table_as_csv(table_of("summary", results)) == "policy,runs,failed,speed_up\n");
  CHECK(data_table_as_latex(table_of("summary", results)).find("\\midrule\n\\bottomrule") != std::string::npos);
}
