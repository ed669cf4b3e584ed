// See comparison_json.h.
#include "results/report/comparison_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files/differing.h"
#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

Json ratio_as_json(const Estimate& ratio) {
  Json json = {{"text", figure_text(ratio.mean, half_interval(ratio), false)},
               {"mean", std::isfinite(ratio.mean) ? Json(ratio.mean) : Json(nullptr)}};
  if (ratio.has_interval()) json.update({{"low", ratio.low}, {"high", ratio.high}});
  return json;
}

Json metric_as_json(const Metric& metric, const ReportSource& first, const ReportSource& second,
                    const PolicySummary& one, const PolicySummary& other, bool same_work) {
  const FigureColumn column = figure_column(metric.id, std::array{one.of(metric.id), other.of(metric.id)});
  Json json = {{"name", metric.name},
               {"unit", column.unit},
               {"better", metric.better == Better::lower    ? "lower"
                          : metric.better == Better::higher ? "higher"
                                                            : ""},
               {"first", column.cells[0]},
               {"second", column.cells[1]},
               {"ratio", nullptr}};
  if (same_work) {
    json["ratio"] = ratio_as_json(
        ratio_of(sample_of(first.results, one.policy, metric.id), sample_of(second.results, other.policy, metric.id)));
  }
  return json;
}

}  // namespace

Json comparison_as_json(const ReportSource& first, const ReportSource& second) {
  Json json = {{"differing", differing({first.results, first.name}, {second.results, second.name})},
               {"policies", Json::array()}};
  const std::string task = other_task(first.results, second.results);
  const auto others = summarize(second.results, second.results.baseline);
  for (const PolicySummary& one : summarize(first.results, first.results.baseline)) {
    const auto other = std::ranges::find(others, one.policy, &PolicySummary::policy);
    if (other == others.end() || one.failed == one.runs || other->failed == other->runs) continue;
    const std::string work =
        !task.empty() ? task
                      : other_work({first.results, one.policy, first.name}, {second.results, one.policy, second.name});
    Json policy = {{"name", one.policy}, {"other_work", work}, {"metrics", Json::array()}};
    for (const Metric& metric : metrics()) {
      if (std::isfinite(one.of(metric.id).mean) || std::isfinite(other->of(metric.id).mean))
        policy["metrics"].push_back(metric_as_json(metric, first, second, one, *other, work.empty()));
    }
    json["policies"].push_back(std::move(policy));
  }
  return json;
}

}  // namespace headway
