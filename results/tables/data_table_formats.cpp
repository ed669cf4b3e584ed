// The formats of tables: see data_table.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/json_node.h"
#include "core/base/markup.h"
#include "results/metrics/units.h"
#include "results/tables/data_table.h"

namespace headway {

namespace {

std::string with_unit(const std::string& name, const std::string& unit) {
  return unit.empty() || unit == name ? name : fmt::format("{} ({})", name, unit);
}

// Every digit; nothing where there is no value.
std::string exact(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

// For people: a column as texts, its heading with the unit that reads best.
struct ShownColumn {
  std::string heading;
  std::vector<std::string> cells;
  bool is_number = false;
};

ShownColumn shown(const DataTable& table, std::size_t c) {
  const DataColumn& column = table.columns[c];
  ShownColumn made{with_unit(column.name, column.unit), {}, column.cells != DataCells::texts};
  if (!column.metric) {
    for (const auto& row : table.rows) {
      const Estimate& value = row[c].value;
      const bool is_value = column.cells == DataCells::values;
      made.cells.push_back(is_value ? figure_text(value.mean, half_interval(value), false) : row[c].text);
    }
    return made;
  }
  std::vector<Estimate> values;
  for (const auto& row : table.rows) values.push_back(row[c].value);
  FigureColumn figures = figure_column(*column.metric, values);
  const bool as_counted = display_unit(*column.metric, 1).name.empty();
  made.heading = with_unit(column.name, as_counted ? column.unit : figures.unit);
  made.cells = std::move(figures.cells);
  return made;
}

std::vector<ShownColumn> shown_columns(const DataTable& table) {
  std::vector<ShownColumn> all;
  for (std::size_t c = 0; c < table.columns.size(); ++c) all.push_back(shown(table, c));
  return all;
}

std::string latex_cell(const std::string& text, bool is_number) {
  if (!is_number) return latex_text(text);
  if (text == "-") return "--";
  std::string out;
  const std::size_t sign = text.find(" ±");
  if (sign == std::string::npos) return latex_text(text);
  out = latex_text(text.substr(0, sign));
  return fmt::format("{} $\\pm$ {}", out, latex_text(text.substr(sign + std::string_view(" ±").size())));
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json json_cell(const DataColumn& column, const DataCell& cell) {
  if (column.cells == DataCells::texts) return cell.text;
  if (column.cells == DataCells::numbers_as_text) return Json::parse(cell.text);
  if (!column.has_interval) return number(cell.value.mean);
  return {{"mean", number(cell.value.mean)}, {"low", number(cell.value.low)}, {"high", number(cell.value.high)}};
}

constexpr std::array<DataTableFormat, 4> formats = {{
    {"csv", "CSV (RFC 4180): base units, which the first line names, and every digit", data_table_as_csv},
    {"markdown", "a Markdown table, as people read it", data_table_as_markdown},
    {"latex", "a LaTeX table with booktabs' rules, as people read it", data_table_as_latex},
    {"json", "JSON: base units and every digit", data_table_as_json},
}};

}  // namespace

std::span<const DataTableFormat> data_table_formats() { return formats; }

std::string data_table_as_csv(const DataTable& table) {
  std::string out;
  const auto append = [&](std::size_t c, const std::string& text) { out += (c > 0 ? "," : "") + csv_text(text); };
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const DataColumn& column = table.columns[c];
    append(c, with_unit(column.name, column.unit));
    for (const char* end : {"low", "high"})
      if (column.has_interval) append(1, with_unit(fmt::format("{} {}", column.name, end), column.unit));
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const DataColumn& column = table.columns[c];
      append(c, column.cells == DataCells::values ? exact(row[c].value.mean) : row[c].text);
      if (!column.has_interval) continue;
      append(1, exact(row[c].value.low));
      append(1, exact(row[c].value.high));
    }
    out += '\n';
  }
  return out;
}

std::string data_table_as_markdown(const DataTable& table) {
  const std::vector<ShownColumn> columns = shown_columns(table);
  std::string out = "|", rule = "|";
  for (const ShownColumn& column : columns) {
    out += fmt::format(" {} |", markdown_text(column.heading));
    rule += column.is_number ? "---:|" : "---|";
  }
  out += fmt::format("\n{}\n", rule);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    out += '|';
    for (const ShownColumn& column : columns)
      out += fmt::format(" {} |", column.is_number ? column.cells[r] : markdown_text(column.cells[r]));
    out += '\n';
  }
  if (!table.notes.empty()) out += '\n';
  for (const std::string& note : table.notes) out += fmt::format("- {}\n", markdown_text(note));
  return out;
}

std::string data_table_as_latex(const DataTable& table) {
  const std::vector<ShownColumn> columns = shown_columns(table);
  std::string out = "% \\usepackage{booktabs,textcomp}\n\\begin{tabular}{";
  for (const ShownColumn& column : columns) out += column.is_number ? 'r' : 'l';
  out += "}\n\\toprule\n";
  const auto line = [&](const auto& cell) {
    for (std::size_t c = 0; c < columns.size(); ++c) out += (c > 0 ? " & " : "") + cell(columns[c]);
    out += " \\\\\n";
  };
  line([](const ShownColumn& column) { return latex_text(column.heading); });
  out += "\\midrule\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    line([&](const ShownColumn& column) { return latex_cell(column.cells[r], column.is_number); });
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const std::string& note : table.notes) out += fmt::format("% {}\n", latex_text(note));
  return out;
}

std::string data_table_as_json(const DataTable& table) {
  Json json = {{"schema_version", data_table_schema_version}, {"caption", table.caption}, {"columns", Json::array()}};
  for (const DataColumn& column : table.columns)
    json["columns"].push_back({{"name", column.name}, {"unit", column.unit}});
  json["rows"] = Json::array();
  for (const auto& row : table.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].name] = json_cell(table.columns[c], row[c]);
    json["rows"].push_back(std::move(object));
  }
  json["notes"] = table.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace headway
