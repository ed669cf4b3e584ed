// See figure.h.
#include "results/files/figure.h"

#include <fmt/format.h>

#include "results/files/summary.h"
#include "results/files/work.h"

namespace headway {

namespace {

Value<MetricId> metric_value() {
  std::vector<std::pair<std::string, MetricId>> known;
  for (const Metric& metric : metrics()) known.emplace_back(metric.name, metric.id);
  return json::choice<MetricId>(known).named("metric");
}

SeedSample sample_of(const Figure& figure, const Results& results) {
  return sample_of(results, figure.policy, figure.metric, figure.workload.value_or(""));
}

}  // namespace

Figure Figure::divisor() const {
  return {.metric = relative_to_metric.value_or(metric),
          .policy = relative_to.value_or(policy),
          .workload = relative_to_workload ? relative_to_workload : workload};
}

const Fields<Figure>& figure_fields() {
  static const auto all =
      Fields<Figure>()
          .required("metric", &Figure::metric, metric_value(), "`headway metric list` tells of each.")
          .required("policy", &Figure::policy, json::text(), "One of the scenario's.")
          .optional("workload", &Figure::workload, json::text(), "The metric is this workload's; without, the run's.")
          .optional("relative_to", &Figure::relative_to, json::text(), "A policy: the figure is then the ratio to its.")
          .optional("relative_to_workload", &Figure::relative_to_workload, json::text(),
                    "A workload: the figure is then the ratio to its.")
          .optional("relative_to_metric", &Figure::relative_to_metric, metric_value(),
                    "A metric: the figure is then the ratio to that.");
  return all;
}

void check_names(const JsonNode& node, const FigureNames& own, const FigureNames& than) {
  const auto known = [&](const char* key, const std::vector<std::string>& names) {
    if (const auto name = node.find(key)) name->choice(names);
  };
  known("policy", own.policies);
  known("workload", own.workloads);
  known(node.has("relative_to") ? "relative_to" : "policy", than.policies);
  known(node.has("relative_to_workload") ? "relative_to_workload" : "workload", than.workloads);
}

std::string name_of(const Figure& figure) {
  std::string name = figure.workload ? fmt::format("\"{}\": ", *figure.workload) : "";
  name += fmt::format("{} of {}", metric(figure.metric).name, figure.policy);
  if (!figure.is_ratio()) return name;
  name += " /";
  if (figure.relative_to_metric) name += fmt::format(" {}", metric(*figure.relative_to_metric).name);
  if (figure.relative_to) name += fmt::format("{} {}", figure.relative_to_metric ? " of" : "", *figure.relative_to);
  if (figure.relative_to_workload) name += fmt::format(" \"{}\"", *figure.relative_to_workload);
  return name;
}

Estimate estimate_of(const Figure& figure, const Results& results, const Results* others) {
  const SeedSample sample = sample_of(figure, results);
  if (!figure.is_ratio() && others == nullptr) return estimate(sample);
  return compare(pairs_of(sample, sample_of(figure.divisor(), others == nullptr ? results : *others))).ratio;
}

std::string caveat_of(const Figure& figure, const Results& results) {
  const std::string& policy = figure.policy;
  if (figure.relative_to) {
    const std::string text = other_work({results, policy, policy}, {results, *figure.relative_to, *figure.relative_to});
    return text.empty() ? text : fmt::format("not of the same work: {}", text);
  }
  if (figure.metric == MetricId::missing_blocks || figure.metric == MetricId::errors) return "";
  return left_undone(results, policy);
}

}  // namespace headway
