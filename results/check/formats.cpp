// See formats.h.
#include "results/check/formats.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "results/metrics/units.h"

namespace headway {

namespace {

constexpr std::array<CheckFormat, 7> formats = {{
    {"text", "for a terminal", check_as_text},
    {"json", "everything that was compared", check_as_json},
    {"junit", "JUnit XML, a test case a policy and metric, for Jenkins, GitLab and others", check_as_junit},
    {"github", "annotations as GitHub's workflow commands, to be printed by a step", check_as_github},
    {"markdown", "a summary with a table, as for $GITHUB_STEP_SUMMARY", check_as_markdown},
    {"benchmark", "github-action-benchmark's customSmallerIsBetter: metrics of which less is better",
     check_as_benchmark_smaller},
    {"benchmark-bigger", "the same for those of which more is better: customBiggerIsBetter", check_as_benchmark_bigger},
}};

// Old and new in one unit.
std::string value_of(const Change& change, std::size_t place) {
  const FigureColumn column = figure_column(change.metric, std::array{change.before, change.after});
  const std::string& text = column.cells[place];
  return column.unit.empty() || text == "-" ? text : fmt::format("{} {}", text, column.unit);
}

// The change in per cent that a ratio is, to the digit that the ratio's interval calls for.
std::string percent(const Estimate& of, double ratio) {
  return signed_text(100 * (ratio - 1), 100 * half_interval(of));
}

}  // namespace

std::span<const CheckFormat> check_formats() { return formats; }

std::string_view kind_name(ChangeKind kind) {
  constexpr std::array<std::string_view, 5> names = {"same", "within", "better", "worse", "changed"};
  return names[static_cast<std::size_t>(kind)];
}

std::string headline(const Check& check) {
  std::string text;
  if (!check.failed_runs.empty()) text = fmt::format("{} runs failed, ", check.failed_runs.size());
  if (!check.other_work.empty()) text += fmt::format("{} policies did other work, ", check.other_work.size());
  text +=
      fmt::format("of {} values {} are worse, {} better, {} changed", check.changes.size(),
                  check.count(ChangeKind::worse), check.count(ChangeKind::better), check.count(ChangeKind::changed));
  return text + fmt::format(", {} within tolerance, {} the same", check.count(ChangeKind::within),
                            check.count(ChangeKind::same));
}

std::vector<std::string> reasons_beside_changes(const Check& check) {
  std::vector<std::string> reasons = check.failed_runs;
  reasons.insert(reasons.end(), check.other_work.begin(), check.other_work.end());
  return reasons;
}

std::string metric_text(const Change& change) {
  const std::string name(metric(change.metric).name);
  return change.workload.empty() ? name : fmt::format("{} of {}", name, change.workload);
}

std::string before_text(const Change& change) { return value_of(change, 0); }
std::string after_text(const Change& change) { return value_of(change, 1); }

std::string change_text(const Change& change) {
  if (change.other_work) return "other work";
  const auto& [difference, ratio] = change.versus;
  if (std::isfinite(ratio.mean)) return percent(ratio, ratio.mean) + " %";
  return signed_text(difference.mean, half_interval(difference));
}

std::string interval_text(const Change& change) {
  if (change.other_work) return "not compared";
  const auto& [difference, ratio] = change.versus;
  if (!difference.has_interval()) return "one seed";
  if (ratio.has_interval()) return fmt::format("{} to {} %", percent(ratio, ratio.low), percent(ratio, ratio.high));
  const double half = half_interval(difference);
  return fmt::format("{} to {}", signed_text(difference.low, half), signed_text(difference.high, half));
}

std::string tolerance_text(const Tolerance& tolerance) {
  const std::string share = plain_text(100 * tolerance.share) + " %", amount = plain_text(tolerance.amount);
  if (tolerance.amount == 0) return share;
  return tolerance.share == 0 ? amount : fmt::format("{} + {}", share, amount);
}

std::string sentence_of(const Change& change) {
  return fmt::format("{} of {}: {} -> {}, {} ({}), {}, tolerance {}", metric_text(change), change.policy,
                     before_text(change), after_text(change), change_text(change), interval_text(change),
                     kind_name(change.kind), tolerance_text(change.tolerance));
}

}  // namespace headway
