// Results as tables for other programs and for papers: one kind of table a file's reader asks for, written in one of
// several formats. Both are lists of functions, from which the command line derives its choices.
//
// For programs (csv, json): base units (s, bytes, bytes/s) and every digit; a mean and its interval are three values.
// For people (markdown, latex): one unit a column, figures as in the terminal's table, "2.951 ±0.023".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/files/results_file.h"
#include "results/files/sweep_table.h"
#include "results/metrics/metric.h"
#include "results/metrics/statistics.h"

namespace headway {

// What its cells are.
enum class DataCells : std::uint8_t { texts, numbers_as_text, values };

struct DataColumn {
  std::string name;
  std::string unit;  // base unit; empty: none
  DataCells cells = DataCells::texts;
  std::optional<MetricId> metric;  // of values; a ratio without
  bool has_interval = false;       // some of its values have one
};

struct DataCell {
  std::string text;
  Estimate value;
};

struct DataTable {
  std::string caption;
  std::vector<DataColumn> columns;
  std::vector<std::vector<DataCell>> rows;
  std::vector<std::string> notes;  // what the reader must know beside: failures, other work
};

struct DataTableOptions {
  std::vector<MetricId> metrics;      // empty: all that have a value
  std::vector<std::string> policies;  // empty: all
};

// What a table may be of.
struct DataTableKind {
  std::string_view name;
  std::string_view sentence;
  // `directory`: where interval files lie. Throws InputError.
  DataTable (*make)(const Results& results, const std::filesystem::path& directory, const DataTableOptions& options);
};
std::span<const DataTableKind> data_table_kinds();

// Of a sweep's table, a row a run.
DataTable data_table_of(const SweepTable& sweep, const DataTableOptions& options);

struct DataTableFormat {
  std::string_view name;
  std::string_view sentence;
  std::string (*write)(const DataTable&);
};
std::span<const DataTableFormat> data_table_formats();

std::string data_table_as_csv(const DataTable& table);
std::string data_table_as_markdown(const DataTable& table);
std::string data_table_as_latex(const DataTable& table);
inline constexpr int data_table_schema_version = 1;  // of the JSON
std::string data_table_as_json(const DataTable& table);

}  // namespace headway
