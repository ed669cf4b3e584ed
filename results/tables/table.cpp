// The comparison table. A policy's name may take what the other columns leave; a longer one is cut in the middle,
// where names like "reada-2011-no-peer-lock" differ least.
#include "results/tables/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/letters.h"
#include "results/files/stopping.h"
#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"
#include "results/tables/terminal.h"

namespace headway {

namespace {

struct Column {
  MetricId id;
  std::string_view heading;
};

// What goes first where replicates' intervals make the columns wide.
constexpr std::array<MetricId, 4> dispensable = {MetricId::reads, MetricId::busy_fraction, MetricId::efficiency,
                                                 MetricId::seek_distance_bytes_mean};

constexpr std::array<Column, 8> columns = {{
    {MetricId::elapsed_s, "elapsed"},
    {MetricId::reads, "reads"},
    {MetricId::throughput_bytes_per_s, "throughput"},
    {MetricId::seeks, "seeks"},
    {MetricId::seek_distance_bytes_mean, "mean seek"},
    {MetricId::busy_fraction, "busy"},
    {MetricId::latency_s_p95, "p95"},
    {MetricId::efficiency, "of bound"},
}};

std::string shortened(const std::string& name, std::size_t width) {
  if (display_width(name) <= width) return name;
  const auto letters = letters_of(name);
  const std::size_t tail_width = (width - 1) / 2;
  std::string head, tail;
  for (std::size_t i = letters.size(); i > 0 && display_width(letters[i - 1] + tail) <= tail_width; --i) {
    tail = letters[i - 1] + tail;
  }
  for (const auto& letter : letters) {
    if (display_width(head + letter) + 1 + display_width(tail) > width) break;
    head += letter;
  }
  return head + "…" + tail;
}

// The cells of every row below their headings, as text.
struct Cells {
  std::vector<std::string> heading, unit;
  std::vector<std::vector<std::string>> rows;  // empty for a policy that failed
};

void add_column(Cells& cells, const std::vector<PolicySummary>& rows, const Column& column) {
  std::vector<Estimate> values;
  for (const PolicySummary& row : rows) values.push_back(row.of(column.id));
  FigureColumn figures = figure_column(column.id, values);
  cells.heading.emplace_back(column.heading);
  cells.unit.push_back(std::move(figures.unit));
  for (std::size_t i = 0; i < rows.size(); ++i) cells.rows[i].push_back(std::move(figures.cells[i]));
}

void add_speed_up(Cells& cells, const std::vector<PolicySummary>& rows, const std::string& baseline) {
  auto base = std::ranges::find(rows, baseline, &PolicySummary::policy);
  if (base == rows.end()) base = rows.begin();
  cells.heading.emplace_back("speed-up");
  cells.unit.emplace_back("");
  for (std::size_t i = 0; i < rows.size(); ++i) cells.rows[i].push_back(speed_up_text(rows[i], *base, "x"));
}

std::vector<std::size_t> widths_of(const Cells& cells) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < cells.heading.size(); ++c) {
    std::size_t width = std::max(display_width(cells.heading[c]), display_width(cells.unit[c]));
    for (const auto& row : cells.rows) width = std::max(width, display_width(row[c]));
    widths.push_back(width);
  }
  return widths;
}

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), 2 * widths.size());
}

// Leaves out dispensable columns until the others fit beside the names.
Cells fitting_cells(const std::vector<PolicySummary>& rows, const TableOptions& options, std::size_t name_width) {
  for (std::size_t dropped = 0;; ++dropped) {
    Cells cells;
    cells.rows.resize(rows.size());
    const auto end = dispensable.begin() + static_cast<std::ptrdiff_t>(dropped);
    for (const Column& column : columns) {
      const auto has_value = [&](const PolicySummary& row) { return std::isfinite(row.of(column.id).mean); };
      if (column.id == MetricId::efficiency && std::ranges::none_of(rows, has_value)) continue;
      if (std::find(dispensable.begin(), end, column.id) == end) add_column(cells, rows, column);
    }
    add_speed_up(cells, rows, options.baseline);
    if (dropped == dispensable.size() || total(widths_of(cells)) + name_width <= options.columns) return cells;
  }
}

// Reduces what a message may do to a table: one line of it, within the width.
std::string one_line(const std::string& text, std::size_t width) {
  std::string line = text.substr(0, text.find('\n'));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return shortened(line, width);
}

}  // namespace

std::string comparison_table(const Results& results, const TableOptions& options) {
  const std::vector<PolicySummary> rows = summarize(results, options.baseline);
  if (rows.empty()) return "no runs\n";
  std::size_t name_width = 6;
  for (const PolicySummary& row : rows) name_width = std::max(name_width, display_width(row.policy));
  const Cells cells = fitting_cells(rows, options, std::min<std::size_t>(name_width, 16));
  const std::vector<std::size_t> widths = widths_of(cells);
  const std::size_t used = total(widths);
  name_width = std::min(name_width, std::max<std::size_t>(options.columns > used ? options.columns - used : 0, 8));

  const std::size_t spark_width =
      std::min<std::size_t>(16, options.columns > used + name_width + 2 ? options.columns - used - name_width - 2 : 0);

  const auto style = [&](std::string_view code, const std::string& text) {
    return options.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  };
  const auto line = [&](const std::string& name, const std::vector<std::string>& parts) {
    std::string text = pad_right(name, name_width);
    for (std::size_t c = 0; c < parts.size(); ++c) text += fmt::format("  {}", pad_left(parts[c], widths[c]));
    return text.substr(0, text.find_last_not_of(' ') + 1);
  };
  std::string out = style("1", line("policy", cells.heading)) + "\n" + style("2", line("", cells.unit)) + "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = shortened(rows[i].policy, name_width);
    out += rows[i].failed == rows[i].runs ? pad_right(name, name_width) + "  " + style("31", "failed")
                                          : line(name, cells.rows[i]);
    const auto course = options.throughput.find(rows[i].policy);
    if (spark_width >= 8 && course != options.throughput.end() && rows[i].failed < rows[i].runs) {
      out += fmt::format("  {}", style("36", sparkline(course->second, spark_width)));
    }
    out += '\n';
  }
  for (const PolicySummary& row : rows) {
    if (row.failed == 0) continue;
    const std::string text =
        row.runs == 1 ? fmt::format("{} failed: {}", row.policy, row.message)
                      : fmt::format("{}: {} of {} seeds failed: {}", row.policy, row.failed, row.runs, row.message);
    out += style("31", one_line(text, options.columns)) + "\n";
  }
  for (const PolicySummary& row : rows) {
    MetricValues means = row.means();
    const auto has_note = [&](const RunResult& run) { return run.policy == row.policy && !run.notes.empty(); };
    if (row.runs == 1 && std::ranges::any_of(results.runs, has_note))
      means[MetricId::missing_blocks] = 0;  // it says so
    const std::string text = shortfall(means);
    if (text.empty()) continue;
    out += style("31", one_line(fmt::format("{}: {}", row.policy, text), options.columns)) + "\n";
  }
  for (const std::string& note : run_notes(results)) out += style("31", wrapped(note, 0, options.columns)) + "\n";
  if (std::ranges::any_of(rows, [](const PolicySummary& row) { return row.of(MetricId::elapsed_s).has_interval(); })) {
    out += style("2", fmt::format("means of {} seeds, ± to the ends of the {:.0f} % interval; speed-up paired by seed",
                                  std::ranges::max(rows, {}, &PolicySummary::runs).runs, 100 * confidence)) +
           "\n";
  }
  if (results.until) {
    const std::string sentence = wrapped(until_sentence(results), 0, options.columns);
    out += style(sure(results) ? "2" : "31", sentence) + "\n";
  }
  return out;
}

}  // namespace headway
