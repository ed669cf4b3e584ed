// See sweep_table.h.
#include "results/files/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/base/hdf5_writer.h"
#include "core/base/input_file.h"
#include "core/base/markup.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"

namespace headway {

namespace {

const std::vector<std::string> run_columns{"policy", "seed", "status"};

void append_metric(std::string& line, const Metric& each, double value) {
  line += ',';
  if (!std::isfinite(value)) return;
  if (each.is_count) {
    fmt::format_to(std::back_inserter(line), "{}", static_cast<std::uint64_t>(value));
  } else {
    fmt::format_to(std::back_inserter(line), "{}", value);  // the shortest that reads back to the same bits
  }
}

// A metric of one of the workloads, for which some row has a value.
struct WorkloadColumn {
  std::string workload;
  MetricId metric;

  std::string name() const { return fmt::format("{}/{}", workload, headway::metric(metric).name); }
  double value(const SweepRow& row) const {
    const auto found = std::ranges::find(row.workloads, workload, &WorkloadResult::name);
    return found == row.workloads.end() ? std::nan("") : found->metrics[metric];
  }
};

// Workloads in the order in which rows name them.
std::vector<WorkloadColumn> workload_columns(const SweepTable& table) {
  std::vector<std::string> names;
  for (const SweepRow& row : table.rows) {
    for (const WorkloadResult& workload : row.workloads) {
      if (std::ranges::find(names, workload.name) == names.end()) names.push_back(workload.name);
    }
  }
  std::vector<WorkloadColumn> columns;
  for (const std::string& name : names) {
    for (const Metric& each : metrics()) {
      if (each.per_workload) columns.push_back({name, each.id});
    }
  }
  std::erase_if(columns, [&](const WorkloadColumn& column) {
    return std::ranges::none_of(table.rows, [&](const SweepRow& row) { return std::isfinite(column.value(row)); });
  });
  return columns;
}

std::string csv_line(const SweepRow& row, const std::vector<WorkloadColumn>& columns) {
  std::string line;
  for (const auto& value : row.values) line += csv_text(value) + ',';
  line += fmt::format("{},{},{}", csv_text(row.policy), row.seed, row.status);
  for (const Metric& each : metrics()) append_metric(line, each, row.metrics[each.id]);
  for (const WorkloadColumn& column : columns) append_metric(line, metric(column.metric), column.value(row));
  return line + '\n';
}

std::string csv_header(const SweepTable& table, const std::vector<WorkloadColumn>& columns) {
  std::string line;
  for (const auto& axis : table.axes) line += csv_text(axis) + ',';
  line += "policy,seed,status";
  for (const Metric& each : metrics()) line += fmt::format(",{}", each.name);
  for (const WorkloadColumn& column : columns) line += ',' + csv_text(column.name());
  return line + '\n';
}

// The records of a CSV text, one after another; a quoted cell may hold commas and line ends.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  bool next(std::vector<std::string>& cells) {
    if (at_ >= text_.size()) return false;
    cells.clear();
    line_ = next_line_;
    do {
      cells.push_back(cell());
    } while (take(','));
    take('\r');
    if (take('\n')) ++next_line_;
    return true;
  }

  std::size_t line() const { return line_; }  // where the record begins

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string cell() {
    if (take('"')) return quoted_cell();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string value(text_.substr(at_, end - at_));
    at_ = end;
    return value;
  }

  std::string quoted_cell() {
    std::string value;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"' && !take('"')) break;  // a doubled mark stands for one
      if (c == '\n') ++next_line_;
      value += c;
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, next_line_ = 1;
};

template <typename Number>
bool parse_number(const std::string& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

class TableReader {
 public:
  TableReader(std::string file, std::string_view text) : file_(std::move(file)), csv_(text) {}

  SweepTable read() {
    SweepTable table;
    std::vector<std::string> cells;
    if (!csv_.next(cells)) fail("a line of column names", "an empty file");
    header(cells, table);
    while (csv_.next(cells)) {
      if (cells.size() != columns_) fail(fmt::format("{} cells", columns_), fmt::format("{}", cells.size()));
      table.rows.push_back(row(cells));
    }
    return table;
  }

 private:
  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    throw InputError(file_, fmt::format("line {}", csv_.line()), expected, found);
  }

  // Axes are whatever stands before "policy"; metrics are found by name, so that a table of another version reads too.
  void header(const std::vector<std::string>& names, SweepTable& table) {
    const auto policy = std::search(names.begin(), names.end(), run_columns.begin(), run_columns.end());
    if (policy == names.end()) fail("the columns policy, seed and status of a sweep's table", "others");
    table.axes.assign(names.begin(), policy);
    axes_ = table.axes.size();
    columns_ = names.size();
    for (std::size_t i = axes_ + run_columns.size(); i < columns_; ++i) {
      const std::size_t slash = names[i].rfind('/');  // behind a workload's name
      const bool is_workload = slash != std::string::npos;
      const std::string name = is_workload ? names[i].substr(slash + 1) : names[i];
      const auto known = find_metric(name);
      if (!known) fail("names of metrics", unknown_name(name, metric_names()));
      columns_of_.push_back({is_workload ? names[i].substr(0, slash) : "", *known});
    }
  }

  SweepRow row(const std::vector<std::string>& cells) const {
    SweepRow row;
    row.values.assign(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(axes_));
    row.policy = cells[axes_];
    if (!parse_number(cells[axes_ + 1], row.seed))
      fail("a whole number as seed", fmt::format("\"{}\"", cells[axes_ + 1]));
    row.status = cells[axes_ + 2];
    if (row.status != "ok" && row.status != "failed") fail("status ok or failed", fmt::format("\"{}\"", row.status));
    for (std::size_t i = 0; i < columns_of_.size(); ++i) {
      const std::string& cell = cells[axes_ + run_columns.size() + i];
      double value = 0;
      if (cell.empty()) continue;
      if (!parse_number(cell, value))
        fail(fmt::format("a number as {}", metric(columns_of_[i].metric).name), fmt::format("\"{}\"", cell));
      metrics_of(row, columns_of_[i].workload)[columns_of_[i].metric] = value;
    }
    return row;
  }

  static MetricValues& metrics_of(SweepRow& row, const std::string& workload) {
    if (workload.empty()) return row.metrics;
    const auto found = std::ranges::find(row.workloads, workload, &WorkloadResult::name);
    return (found == row.workloads.end() ? row.workloads.insert(found, {workload, {}}) : found)->metrics;
  }

  std::string file_;
  CsvReader csv_;
  std::size_t axes_ = 0, columns_ = 0;
  std::vector<WorkloadColumn> columns_of_;  // of metrics; the run's have no workload
};

// The column as numbers where every text is one.
void write_axis(h5::Writer& file, const std::string& name, const std::vector<std::string>& texts) {
  std::vector<double> numbers(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!parse_number(texts[i], numbers[i])) return file.column(name, texts);
  }
  file.column(name, numbers);
}

template <typename F>
auto column_of(const SweepTable& table, F&& value) {
  std::vector<std::decay_t<decltype(value(table.rows.front()))>> column;
  for (const auto& row : table.rows) column.push_back(value(row));
  return column;
}

void write_h5_to(const std::filesystem::path& path, const SweepTable& table) {
  h5::Writer file(path, h5::Writer::Form::plain);
  file.attribute("format", "headway sweep");
  file.attribute("schema_version", sweep_table_schema_version);
  file.column("axis_names", table.axes);
  file.group("axes");
  for (std::size_t i = 0; i < table.axes.size(); ++i)
    write_axis(file, fmt::format("axes/{}", i), column_of(table, [i](const SweepRow& row) { return row.values[i]; }));
  file.column("policy", column_of(table, [](const SweepRow& row) { return row.policy; }));
  file.column("seed", column_of(table, [](const SweepRow& row) { return row.seed; }));
  file.column("status", column_of(table, [](const SweepRow& row) { return row.status; }));
  file.group("metrics");
  for (const Metric& each : metrics())
    file.column(fmt::format("metrics/{}", each.name),
                column_of(table, [&](const SweepRow& row) { return row.metrics[each.id]; }));
  std::vector<std::string> workloads;
  file.group("workloads");
  for (const WorkloadColumn& column : workload_columns(table)) {
    if (workloads.empty() || workloads.back() != column.workload) {
      file.group(fmt::format("workloads/{}", workloads.size()));
      workloads.push_back(column.workload);
    }
    file.column(fmt::format("workloads/{}/{}", workloads.size() - 1, metric(column.metric).name),
                column_of(table, [&](const SweepRow& row) { return column.value(row); }));
  }
  file.column("workload_names", workloads);
  file.close();
}

}  // namespace

std::vector<std::string> sweep_column_names() {
  std::vector<std::string> names = run_columns;
  for (auto& name : metric_names()) names.push_back(std::move(name));
  return names;
}

void write_sweep_csv(const std::filesystem::path& file, const SweepTable& table) {
  write_whole(file, [&](const std::filesystem::path& part) {
    OutputFile out(part, file);
    const std::vector<WorkloadColumn> columns = workload_columns(table);
    out.write(csv_header(table, columns));
    for (const auto& row : table.rows) out.write(csv_line(row, columns));
    out.close();
  });
}

void write_sweep_h5(const std::filesystem::path& file, const SweepTable& table) {
  write_whole(file, [&](const std::filesystem::path& part) {
    try {
      write_h5_to(part, table);
    } catch (const h5::Error& error) {
      throw std::runtime_error(fmt::format("cannot write {}: {}", file.string(), error.what()));
    }
  });
}

void write_sweep_record(const std::filesystem::path& directory, const Results& of, const std::filesystem::path& sweep) {
  Json json = to_json(of);
  for (const char* of_runs : {"summary", "published"}) json.erase(of_runs);
  json["sweep"] = {{"file", sweep.generic_string()},
                   {"sha256", sha256_of_file(sweep)},
                   {"in_full", JsonNode::read_file(sweep).json()}};
  write_whole_text(directory / "sweep.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool is_sweep_table(const std::filesystem::path& path) {
  return path.extension() == ".csv" || std::filesystem::exists(path / "sweep.csv");
}

SweepTable read_sweep_csv(const std::filesystem::path& path) {
  const auto file = std::filesystem::is_directory(path) ? path / "sweep.csv" : path;
  return TableReader(file.string(), read_text_file(file, "the table of a sweep")).read();
}

}  // namespace headway
