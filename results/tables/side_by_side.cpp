#include "results/tables/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/letters.h"
#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

struct Row {
  MetricId id;
  std::string_view heading;
};

constexpr std::array<Row, 6> rows = {{{MetricId::elapsed_s, "elapsed"},
                                      {MetricId::reads, "reads"},
                                      {MetricId::throughput_bytes_per_s, "throughput"},
                                      {MetricId::latency_s_p50, "latency p50"},
                                      {MetricId::latency_s_p95, "latency p95"},
                                      {MetricId::latency_s_p99, "latency p99"}}};

using Cells = std::array<std::string, 5>;  // policy, metric, first, second, ratio

struct Table {
  std::vector<Cells> lines;
  std::vector<std::string> foot;
  std::size_t seeds = 0;  // of the policy that has most, where an interval is shown
};

void add_policy(Table& table, const Side& first, const Side& second, const PolicySummary& one,
                const PolicySummary& other) {
  const std::string work =
      other_work({first.results, one.policy, first.name}, {second.results, other.policy, second.name});
  if (!work.empty()) table.foot.push_back(fmt::format("{}: other work: {}", printable(one.policy), work));
  for (const Row& row : rows) {
    const FigureColumn figures = figure_column(row.id, std::array{one.of(row.id), other.of(row.id)});
    const Estimate ratio =
        ratio_of(sample_of(first.results, one.policy, row.id), sample_of(second.results, other.policy, row.id));
    if (one.of(row.id).has_interval() || other.of(row.id).has_interval())
      table.seeds = std::max({table.seeds, one.runs, other.runs});
    table.lines.push_back(
        {row.id == rows[0].id ? printable(one.policy) : "",
         figures.unit.empty() ? std::string(row.heading) : fmt::format("{} ({})", row.heading, figures.unit),
         figures.cells[0], figures.cells[1],
         work.empty() ? figure_text(ratio.mean, half_interval(ratio), false) : "other work"});
  }
}

std::string text_of(const Table& table) {
  std::array<std::size_t, 5> widths{};
  for (const Cells& line : table.lines) {
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], display_width(line[c]));
  }
  std::string text;
  for (const Cells& line : table.lines) {
    std::string row;
    for (std::size_t c = 0; c < line.size(); ++c)
      row +=
          fmt::format("{}{}", c > 0 ? "  " : "", c < 2 ? pad_right(line[c], widths[c]) : pad_left(line[c], widths[c]));
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  for (const std::string& sentence : table.foot) text += wrapped(sentence, 0, 100) + "\n";
  if (table.seeds > 1)
    text += fmt::format("means of {} seeds, ± to the ends of the {:.0f} % interval; ratios paired by seed\n",
                        table.seeds, 100 * confidence);
  return text;
}

}  // namespace

std::string side_by_side_table(const Side& first, const Side& second) {
  const auto ones = summarize(first.results, first.results.baseline);
  const auto others = summarize(second.results, second.results.baseline);
  Table table;
  table.lines.push_back({"policy", "", std::string(first.name), std::string(second.name),
                         fmt::format("{} / {}", second.name, first.name)});
  const auto only_in = [&](const Side& side, const PolicySummary& policy) {
    table.foot.push_back(fmt::format("{}: only {}", printable(policy.policy), side.name));
  };
  for (const PolicySummary& one : ones) {
    const auto other = std::ranges::find(others, one.policy, &PolicySummary::policy);
    if (other == others.end()) {
      only_in(first, one);
      continue;
    }
    bool failed = false;
    for (const auto& [side, summary] : {std::pair(&first, &one), std::pair(&second, &*other)}) {
      if (summary->failed == 0) continue;
      failed = failed || summary->failed == summary->runs;
      table.foot.push_back(fmt::format("{}: {} of {} runs {} failed: {}", printable(one.policy), summary->failed,
                                       summary->runs, side->name, printable(summary->message)));
    }
    if (!failed) add_policy(table, first, second, one, *other);
  }
  for (const PolicySummary& other : others) {
    if (std::ranges::find(ones, other.policy, &PolicySummary::policy) == ones.end()) only_in(second, other);
  }
  return text_of(table);
}

}  // namespace headway
