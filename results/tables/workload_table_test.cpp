#include "results/tables/workload_table.h"

#include <doctest/doctest.h>

using namespace headway;

TEST_CASE("workload table: a row a workload and policy, seeds averaged, nothing for those without requests") {
  Results results;
  CHECK(workload_table(results).empty());
  for (const double latency_s : {0.001, 0.003}) {
    RunResult run;
    run.policy = "walk";
    WorkloadResult others{"others", {}}, files{"files", {}};
    files.metrics[MetricId::elapsed_s] = 1;
    others.metrics[MetricId::elapsed_s] = 20;
    others.metrics[MetricId::reads] = 40;
    others.metrics[MetricId::writes] = 0;
    others.metrics[MetricId::reads_per_s] = 2;
    others.metrics[MetricId::latency_s_mean] = latency_s;
    run.workloads = {files, others};
    results.runs.push_back(run);
  }
  CHECK(workload_table(results) ==
        "workload  policy  elapsed  reads/s  mean\n"
        "                        s             ms\n"
        "others    walk      20.00     2.00  2.00\n");
}
