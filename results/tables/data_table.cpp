// What tables are of: see data_table.h. The formats stand in data_table_formats.cpp.
#include "results/tables/data_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/trace/intervals.h"

namespace headway {

namespace {

bool is_wanted(const DataTableOptions& options, const std::string& policy) {
  return options.policies.empty() || std::ranges::find(options.policies, policy) != options.policies.end();
}

DataCell text_cell(std::string text) { return {.text = std::move(text), .value = {}}; }
DataCell number_cell(double value) { return {.text = fmt::format("{}", value), .value = {}}; }
DataCell value_cell(double value) { return {.text = "", .value = {.count = 1, .mean = value}}; }

DataColumn text_column(std::string name) {
  return {.name = std::move(name), .unit = "", .cells = DataCells::texts, .metric = {}, .has_interval = false};
}
DataColumn number_column(std::string name, std::string unit = "") {
  return {.name = std::move(name),
          .unit = std::move(unit),
          .cells = DataCells::numbers_as_text,
          .metric = {},
          .has_interval = false};
}

// Adds the metrics' columns behind those that are there; each row has their cells already, all metrics' that are in
// `ids`. Without a choice, those without any value go.
void add_metric_columns(DataTable& table, const std::vector<MetricId>& ids, bool chosen) {
  const std::size_t first = table.columns.size();
  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < ids.size(); ++c) {
    const auto value = [&](const std::vector<DataCell>& row) -> const Estimate& { return row[first + c].value; };
    const auto has_value = [&](const auto& row) { return std::isfinite(value(row).mean); };
    if (!chosen && std::ranges::none_of(table.rows, has_value)) continue;
    const bool interval = std::ranges::any_of(table.rows, [&](const auto& row) { return value(row).has_interval(); });
    const Metric& each = metric(ids[c]);
    table.columns.push_back({.name = std::string(each.name),
                             .unit = std::string(each.unit),
                             .cells = DataCells::values,
                             .metric = ids[c],
                             .has_interval = interval});
    kept.push_back(first + c);
  }
  for (auto& row : table.rows) {
    for (std::size_t k = 0; k < kept.size(); ++k) std::swap(row[first + k], row[kept[k]]);
    row.resize(first + kept.size());
  }
}

std::vector<MetricId> ids_of(const DataTableOptions& options, bool Metric::*scope = nullptr) {
  std::vector<MetricId> ids;
  for (const Metric& each : metrics()) {
    const bool applies = scope == nullptr || each.*scope;
    const bool named = std::ranges::find(options.metrics, each.id) != options.metrics.end();
    if (applies && (named || options.metrics.empty())) ids.push_back(each.id);
  }
  return ids;
}

void add_values(std::vector<DataCell>& row, const MetricValues& values, const std::vector<MetricId>& ids) {
  for (const MetricId id : ids) row.push_back(value_cell(values[id]));
}

void add_failures(DataTable& table, const Results& results, const DataTableOptions& options) {
  for (const RunResult& run : results.runs) {
    if (run.failed() && is_wanted(options, run.policy))
      table.notes.push_back(fmt::format("{}, seed {} failed: {}", run.policy, run.seed, run.message));
  }
}

DataTable summary_table(const Results& results, const std::filesystem::path&, const DataTableOptions& options) {
  DataTable table{.caption = title_of(results), .columns = {}, .rows = {}, .notes = {}};
  table.columns = {text_column("policy"),
                   number_column("runs"),
                   number_column("failed"),
                   {.name = "speed_up", .unit = "", .cells = DataCells::values, .metric = {}, .has_interval = false}};
  const std::vector<MetricId> ids = ids_of(options);
  const auto summaries = summarize(results, results.baseline);
  auto base = std::ranges::find(summaries, results.baseline, &PolicySummary::policy);
  if (base == summaries.end()) base = summaries.begin();
  for (const PolicySummary& summary : summaries) {
    if (!is_wanted(options, summary.policy)) continue;
    std::vector<DataCell> row{text_cell(summary.policy),
                              text_cell(std::to_string(summary.runs)),
                              text_cell(std::to_string(summary.failed)),
                              {.text = "", .value = speed_up(summary, *base)}};
    table.columns.back().has_interval |= row.back().value.has_interval();
    for (const MetricId id : ids) row.push_back({.text = "", .value = summary.of(id)});
    table.rows.push_back(std::move(row));
    if (const std::string undone = shortfall(summary.means()); !undone.empty())
      table.notes.push_back(fmt::format("{}: {}", summary.policy, undone));
    if (!summary.same_work)
      table.notes.push_back(fmt::format("{}: other work than {}, and so no speed-up", summary.policy, base->policy));
  }
  add_metric_columns(table, ids, !options.metrics.empty());
  add_failures(table, results, options);
  return table;
}

DataTable runs_table(const Results& results, const std::filesystem::path&, const DataTableOptions& options) {
  DataTable table{.caption = title_of(results) + ": runs", .columns = {}, .rows = {}, .notes = {}};
  table.columns = {text_column("policy"), number_column("seed"), text_column("status")};
  const std::vector<MetricId> ids = ids_of(options);
  for (const RunResult& run : results.runs) {
    if (!is_wanted(options, run.policy)) continue;
    table.rows.push_back({text_cell(run.policy), text_cell(std::to_string(run.seed)), text_cell(run.status)});
    add_values(table.rows.back(), run.metrics, ids);
  }
  add_metric_columns(table, ids, !options.metrics.empty());
  add_failures(table, results, options);
  return table;
}

// A row a part of each run: its devices, its workloads.
template <typename Parts, typename Name>
DataTable parts_table(const Results& results, const DataTableOptions& options, const DataColumn& part,
                      bool Metric::*scope, Parts RunResult::*parts, const Name& name) {
  const std::string caption = fmt::format("{}: {}s", title_of(results), part.name);
  DataTable table{.caption = caption, .columns = {}, .rows = {}, .notes = {}};
  table.columns = {text_column("policy"), number_column("seed"), part};
  const std::vector<MetricId> ids = ids_of(options, scope);
  for (const RunResult& run : results.runs) {
    if (!is_wanted(options, run.policy)) continue;
    for (const auto& one : run.*parts) {
      table.rows.push_back({text_cell(run.policy), text_cell(std::to_string(run.seed)), text_cell(name(one))});
      add_values(table.rows.back(), one.metrics, ids);
    }
  }
  add_metric_columns(table, ids, !options.metrics.empty());
  add_failures(table, results, options);
  return table;
}

DataTable devices_table(const Results& results, const std::filesystem::path&, const DataTableOptions& options) {
  return parts_table(results, options, number_column("device"), &Metric::per_device, &RunResult::devices,
                     [](const DeviceResult& device) { return std::to_string(device.devid); });
}

DataTable workloads_table(const Results& results, const std::filesystem::path&, const DataTableOptions& options) {
  return parts_table(results, options, text_column("workload"), &Metric::per_workload, &RunResult::workloads,
                     [](const WorkloadResult& workload) { return workload.name; });
}

void add_windows(DataTable& table, const RunResult& run, const Intervals& intervals,
                 const std::vector<MetricValues>& windows, const std::string& device,
                 const std::vector<MetricId>& ids) {
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const double end_s = w + 1 < windows.size() ? intervals.start_s(w + 1) : intervals.end_s;
    table.rows.push_back({text_cell(run.policy), text_cell(std::to_string(run.seed)), text_cell(device),
                          number_cell(intervals.start_s(w)), number_cell(end_s)});
    add_values(table.rows.back(), windows[w], ids);
  }
}

DataTable intervals_table(const Results& results, const std::filesystem::path& directory,
                          const DataTableOptions& options) {
  DataTable table{.caption = title_of(results) + ": over time", .columns = {}, .rows = {}, .notes = {}};
  table.columns = {text_column("policy"), number_column("seed"), text_column("device"), number_column("start", "s"),
                   number_column("end", "s")};
  const std::vector<MetricId> ids = ids_of(options);
  bool any = false;
  for (const RunResult& run : results.runs) {
    const auto file = directory / intervals_file_name(run.policy, run.seed);
    std::error_code error;
    if (run.failed() || !is_wanted(options, run.policy) || !std::filesystem::exists(file, error)) continue;
    any = true;
    const Intervals intervals = read_intervals(file);
    add_windows(table, run, intervals, intervals.run, "all", ids);
    for (std::size_t d = 0; d < intervals.devids.size(); ++d)
      add_windows(table, run, intervals, intervals.devices[d], std::to_string(intervals.devids[d]), ids);
  }
  if (!any && !results.runs.empty())
    throw InputError((directory / "*.intervals.h5").string(), "", "metrics over time beside the results", "none");
  add_metric_columns(table, ids, !options.metrics.empty());
  add_failures(table, results, options);
  return table;
}

// Of numbers where all its values are.
DataColumn axis_column(const SweepTable& sweep, std::size_t axis) {
  const auto is_number = [&](const SweepRow& row) {
    double value = 0;
    const std::string& text = row.values[axis];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  };
  const bool numbers = !sweep.rows.empty() && std::ranges::all_of(sweep.rows, is_number);
  return numbers ? number_column(sweep.axes[axis]) : text_column(sweep.axes[axis]);
}

constexpr std::array<DataTableKind, 5> kinds = {{
    {"summary", "a row a policy: means over the seeds with their intervals", summary_table},
    {"runs", "a row a run", runs_table},
    {"devices", "a row a device of a run", devices_table},
    {"workloads", "a row a workload of a run", workloads_table},
    {"intervals", "a row a window of a run's time, of all devices and of each", intervals_table},
}};

}  // namespace

std::span<const DataTableKind> data_table_kinds() { return kinds; }

DataTable data_table_of(const SweepTable& sweep, const DataTableOptions& options) {
  DataTable table{.caption = "sweep", .columns = {}, .rows = {}, .notes = {}};
  for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis) table.columns.push_back(axis_column(sweep, axis));
  table.columns.push_back(text_column("policy"));
  table.columns.push_back(number_column("seed"));
  table.columns.push_back(text_column("status"));
  const std::vector<MetricId> ids = ids_of(options);
  std::size_t failed = 0;
  for (const SweepRow& row : sweep.rows) {
    if (!is_wanted(options, row.policy)) continue;
    failed += row.status == "ok" ? 0 : 1;
    auto& cells = table.rows.emplace_back();
    for (const std::string& value : row.values) cells.push_back(text_cell(value));
    cells.push_back(text_cell(row.policy));
    cells.push_back(text_cell(std::to_string(row.seed)));
    cells.push_back(text_cell(row.status));
    add_values(cells, row.metrics, ids);
  }
  if (failed > 0) table.notes.push_back(fmt::format("{} of {} runs failed", failed, table.rows.size()));
  add_metric_columns(table, ids, !options.metrics.empty());
  return table;
}

}  // namespace headway
