#include "results/tables/workload_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/letters.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

struct Column {
  MetricId id;
  std::string_view heading;
};

constexpr std::array<Column, 8> columns = {{{MetricId::elapsed_s, "elapsed"},
                                            {MetricId::wait_time_s, "waited"},
                                            {MetricId::throughput_bytes_per_s, "read"},
                                            {MetricId::reads_per_s, "reads/s"},
                                            {MetricId::latency_s_mean, "mean"},
                                            {MetricId::latency_s_p99, "p99"},
                                            {MetricId::write_latency_s_p99, "writes' p99"},
                                            {MetricId::errors, "failed"}}};

struct Row {
  std::string workload;
  std::string policy;
  double seeds = 0;
  MetricValues mean;
};

std::vector<Row> rows_of(const Results& results) {
  std::vector<Row> rows;
  for (const RunResult& run : results.runs) {
    for (const WorkloadResult& workload : run.workloads) {
      const MetricValues& metrics = workload.metrics;
      if (run.failed() || !(metrics[MetricId::reads] + metrics[MetricId::writes] > 0)) continue;
      auto row = std::ranges::find_if(
          rows, [&](const Row& each) { return each.workload == workload.name && each.policy == run.policy; });
      if (row == rows.end()) row = rows.insert(rows.end(), {.workload = workload.name, .policy = run.policy});
      ++row->seeds;
      for (const Column& column : columns) {
        double& mean = row->mean[column.id];
        mean = row->seeds == 1 ? metrics[column.id] : mean + (metrics[column.id] - mean) / row->seeds;
      }
    }
  }
  std::ranges::stable_sort(rows, {}, &Row::workload);
  return rows;
}

using Lines = std::vector<std::string>;

void append(Lines& lines, const Lines& cells, bool right) {
  std::size_t width = 0;
  for (const auto& cell : cells) width = std::max(width, display_width(cell));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i] += (lines[i].empty() ? "" : "  ") + (right ? pad_left(cells[i], width) : pad_right(cells[i], width));
  }
}

}  // namespace

std::string workload_table(const Results& results) {
  const std::vector<Row> rows = rows_of(results);
  if (rows.empty()) return {};
  Lines lines(rows.size() + 2);
  Lines workloads{"workload", ""}, policies{"policy", ""};
  for (const Row& row : rows) {
    workloads.push_back(row.workload);
    policies.push_back(row.policy);
  }
  append(lines, workloads, false);
  append(lines, policies, false);
  for (const Column& column : columns) {
    std::vector<Estimate> values;
    for (const Row& row : rows) values.push_back({.count = 1, .mean = row.mean[column.id]});
    if (std::ranges::none_of(values, [](const Estimate& value) { return value.mean > 0; })) continue;
    const FigureColumn figures = figure_column(column.id, values);
    Lines cells{std::string(column.heading), figures.unit};
    cells.insert(cells.end(), figures.cells.begin(), figures.cells.end());
    append(lines, cells, true);
  }
  std::string table;
  for (const auto& line : lines) table += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  return table;
}

}  // namespace headway
