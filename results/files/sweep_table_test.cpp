#include "results/files/sweep_table.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "core/base/error.h"
#include "core/base/hdf5_reader.h"
#include "results/testing/test_support.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Two axes, one of them with a name and values that a careless writer would break; a run that failed.
SweepTable awkward() {
  SweepTable table{{"in flight", "/layout/file"}, {}};
  SweepRow good{{"4", "a, \"b\"\nc.h5"}, "walk", UINT64_MAX, "ok", {}};
  good.metrics[MetricId::elapsed_s] = std::nextafter(0.1, 1);
  good.metrics[MetricId::reads] = 12345678;
  good.workloads = {{"a/b, \"c\"", {}}, {"idle", {}}};
  good.workloads[0].metrics[MetricId::latency_s_p99] = 0.25;
  good.workloads[0].metrics[MetricId::reads] = 7;
  table.rows = {good, {{"1e3", "d"}, "reada-2011", 1, "failed", {}}};
  return table;
}

std::string refused(const std::string& text) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "sweep.csv") << text;
  try {
    read_sweep_csv(directory.path());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a sweep's table reads back from CSV to the same bits") {
  const TemporaryDirectory directory;
  const SweepTable table = awkward();
  write_sweep_csv(directory / "sweep.csv", table);
  const SweepTable back = read_sweep_csv(directory.path());
  CHECK(back.axes == table.axes);
  REQUIRE(back.rows.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back.rows[i].values == table.rows[i].values);
    CHECK(back.rows[i].policy == table.rows[i].policy);
    CHECK(back.rows[i].seed == table.rows[i].seed);
    CHECK(back.rows[i].status == table.rows[i].status);
  }
  CHECK(back.rows[0].metrics[MetricId::elapsed_s] == std::nextafter(0.1, 1));
  CHECK(back.rows[0].metrics[MetricId::reads] == 12345678);
  CHECK(std::isnan(back.rows[0].metrics[MetricId::seeks]));
  CHECK(std::isnan(back.rows[1].metrics[MetricId::elapsed_s]));
  REQUIRE(back.rows[0].workloads.size() == 1);  // the other has no value of any metric
  CHECK(back.rows[0].workloads[0].name == "a/b, \"c\"");
  CHECK(back.rows[0].workloads[0].metrics[MetricId::latency_s_p99] == 0.25);
  CHECK(back.rows[0].workloads[0].metrics[MetricId::reads] == 7);
  CHECK(std::isnan(back.rows[0].workloads[0].metrics[MetricId::latency_s_mean]));
  CHECK(back.rows[1].workloads.empty());
}

// Python's csv module is a reader that is not ours.
TEST_CASE("a sweep's table is what Python's csv module reads") {
  if (std::system("python3 -c 'import csv' 2>/dev/null") != 0) return;
  const TemporaryDirectory directory;
  write_sweep_csv(directory / "sweep.csv", awkward());
  std::ofstream(directory / "read.py") << "import csv, sys\n"
                                          "rows = list(csv.DictReader(open(sys.argv[1], newline='')))\n"
                                          "assert rows[0]['/layout/file'] == 'a, \"b\"\\nc.h5', rows\n"
                                          "assert rows[0]['in flight'] == '4' and rows[0]['reads'] == '12345678'\n"
                                          "assert float(rows[0]['elapsed_s']) == 0.10000000000000002\n"
                                          "assert rows[1]['status'] == 'failed' and rows[1]['elapsed_s'] == ''\n"
                                          "assert rows[0]['a/b, \"c\"/latency_s_p99'] == '0.25'\n"
                                          "assert None not in rows[0] and None not in rows[1]\n";
  CHECK(std::system(
            ("python3 " + (directory / "read.py").string() + " " + (directory / "sweep.csv").string()).c_str()) == 0);
}

TEST_CASE("a sweep's table as HDF5: numbers where an axis has only numbers") {
  const TemporaryDirectory directory;
  write_sweep_h5(directory / "sweep.h5", awkward());
  const h5::Reader file(directory / "sweep.h5", "a table");
  CHECK(file.texts("axis_names") == awkward().axes);
  CHECK(file.column<double>("axes/0") == std::vector<double>{4, 1000});
  CHECK(file.texts("axes/1") == std::vector<std::string>{"a, \"b\"\nc.h5", "d"});
  CHECK(file.column<std::uint64_t>("seed") == std::vector<std::uint64_t>{UINT64_MAX, 1});
  CHECK(file.texts("status") == std::vector<std::string>{"ok", "failed"});
  CHECK(file.column<double>("metrics/elapsed_s")[0] == std::nextafter(0.1, 1));
  CHECK(file.texts("workload_names") == std::vector<std::string>{"a/b, \"c\""});
  CHECK(file.column<double>("workloads/0/latency_s_p99")[0] == 0.25);
}

TEST_CASE("what is no table of a sweep is refused with its line") {
  CHECK(refused("").find("empty file") != std::string::npos);
  CHECK(refused("a,b\n1,2\n").find("line 1: expected the columns policy, seed and status") != std::string::npos);
  CHECK(refused("policy,seed,status,elapsed\n").find("did you mean \"elapsed_s\"") != std::string::npos);
  CHECK(refused("policy,seed,status,files/elapsed\n").find("did you mean \"elapsed_s\"") != std::string::npos);
  CHECK(refused("policy,seed,status,reads\nwalk,1,ok\n").find("line 2: expected 4 cells, found 3") !=
        std::string::npos);
  CHECK(refused("x,policy,seed,status\n\"a\nb\",walk,1,ok\n1,walk,-1,ok\n").find("line 4: expected a whole number") !=
        std::string::npos);
  CHECK(refused("policy,seed,status,reads\nwalk,1,good,5\n").find("status ok or failed") != std::string::npos);
  CHECK(refused("policy,seed,status,reads\nwalk,1,ok,five\n").find("a number as reads, found \"five\"") !=
        std::string::npos);
}
