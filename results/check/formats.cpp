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

DisplayUnit unit_of(const Change& change) {
  return display_unit(change.metric, std::fmax(std::abs(change.before.mean), std::abs(change.after.mean)));
}

std::string value_text(const Change& change, const Estimate& value) {
  const DisplayUnit unit = unit_of(change);
  std::string text = figure_text(value.mean / unit.size, metric(change.metric).is_count);
  if (value.low < value.high) text += " ±" + figure_text((value.high - value.low) / 2 / unit.size, false);
  return unit.name.empty() ? text : fmt::format("{} {}", text, unit.name);
}

std::string percent(double ratio) { return fmt::format("{:+.3g}", 100 * (ratio - 1)); }

}  // namespace

std::span<const CheckFormat> check_formats() { return formats; }

std::string_view kind_name(ChangeKind kind) {
  constexpr std::array<std::string_view, 5> names = {"same", "within", "better", "worse", "changed"};
  return names[static_cast<std::size_t>(kind)];
}

std::string headline(const Check& check) {
  std::string text;
  if (!check.failed_runs.empty()) text = fmt::format("{} runs failed, ", check.failed_runs.size());
  text +=
      fmt::format("of {} values {} are worse, {} better, {} changed", check.changes.size(),
                  check.count(ChangeKind::worse), check.count(ChangeKind::better), check.count(ChangeKind::changed));
  return text + fmt::format(", {} within tolerance, {} the same", check.count(ChangeKind::within),
                            check.count(ChangeKind::same));
}

std::string metric_text(const Change& change) {
  const std::string name(metric(change.metric).name);
  return change.workload.empty() ? name : fmt::format("{} of {}", name, change.workload);
}

std::string before_text(const Change& change) { return value_text(change, change.before); }
std::string after_text(const Change& change) { return value_text(change, change.after); }

std::string change_text(const Change& change) {
  const double ratio = change.versus.ratio.mean;
  if (std::isfinite(ratio)) return percent(ratio) + " %";
  const double difference = change.versus.difference.mean;
  return std::isfinite(difference) ? fmt::format("{:+.3g}", difference) : "-";
}

std::string interval_text(const Change& change) {
  const auto& [difference, ratio] = change.versus;
  if (!difference.has_interval()) return "one seed";
  if (ratio.has_interval()) return fmt::format("{} to {} %", percent(ratio.low), percent(ratio.high));
  return fmt::format("{:+.3g} to {:+.3g}", difference.low, difference.high);
}

std::string tolerance_text(const Tolerance& tolerance) {
  if (tolerance.amount == 0) return fmt::format("{:g} %", 100 * tolerance.share);
  if (tolerance.share == 0) return fmt::format("{:g}", tolerance.amount);
  return fmt::format("{:g} % + {:g}", 100 * tolerance.share, tolerance.amount);
}

std::string sentence_of(const Change& change) {
  return fmt::format("{} of {}: {} -> {}, {} ({}), {}, tolerance {}", metric_text(change), change.policy,
                     before_text(change), after_text(change), change_text(change), interval_text(change),
                     kind_name(change.kind), tolerance_text(change.tolerance));
}

}  // namespace headway
