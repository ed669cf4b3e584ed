// The table of a sweep: a row a run, a column an axis or metric. Tidy, so that any statistics program takes it as it
// is.
//
// sweep.csv (RFC 4180, UTF-8, lines end in \n): the first line names the columns, which are the axes in the order of
// the sweep file (each by its name, or its JSON pointer where it has none), then `policy`, `seed`, `status` ("ok" or
// "failed"), then every metric by its name in the registry (`headway metric list`), then those of each workload that
// has a value in some row, as WORKLOAD/METRIC. A cell is empty where a metric has no value, as all have for a failed
// run. Rows stand in the order of the cells, within a cell in that of the policies, then seeds: the same table
// whichever run ended first.
//
// sweep.h5 holds the same as HDF5 columns: axis_names, axes/0, axes/1, ... (numbers where all values are, else text),
// policy, seed, status, metrics/NAME, workload_names, workloads/0/NAME, workloads/1/NAME, ...
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/files/results_file.h"
#include "results/metrics/metric.h"

namespace headway {

inline constexpr std::uint64_t sweep_table_schema_version = 1;  // of sweep.h5

struct SweepRow {
  std::vector<std::string> values;  // one an axis: a number as JSON writes it, a text bare, others as compact JSON
  std::string policy;
  std::uint64_t seed = 0;
  std::string status;
  MetricValues metrics;
  std::vector<WorkloadResult> workloads{};
};

struct SweepTable {
  std::vector<std::string> axes;
  std::vector<SweepRow> rows;
};

// The names that no axis may have, because columns have them.
std::vector<std::string> sweep_column_names();

// Whole or not at all; std::system_error when the disk does not take it.
void write_sweep_csv(const std::filesystem::path& file, const SweepTable& table);
void write_sweep_h5(const std::filesystem::path& file, const SweepTable& table);

// sweep.json, beside the table: what it is of. A results.json (read_results() takes it) without runs: the scenario in
// full is the first cell's, "inputs" and "drives" are those of all cells. And "sweep": {"file", "sha256", "in_full"},
// the sweep file, whose axes lead from the first cell to the others. Throws InputError when the sweep file is gone.
void write_sweep_record(const std::filesystem::path& directory, const Results& of, const std::filesystem::path& sweep);

// Whether `path` names one: a *.csv, or a directory with a sweep.csv.
bool is_sweep_table(const std::filesystem::path& path);
// `path` is a sweep.csv or the directory that holds one. Throws InputError with the line and column.
SweepTable read_sweep_csv(const std::filesystem::path& path);

}  // namespace headway
