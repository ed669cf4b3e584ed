// See summary.h.
#include "results/files/summary.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files/stopping.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

Json json_number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json json_of(const PolicySummary& summary) {
  Json json = {
      {"policy", summary.policy}, {"runs", summary.runs}, {"failed", summary.failed}, {"same_work", summary.same_work}};
  json["metrics"] = Json::object();
  for (const Metric& each : metrics()) {
    Json metric = to_json(summary.of(each.id));
    metric["difference"] = to_json(summary.versus_baseline(each.id).difference);
    metric["ratio"] = to_json(summary.versus_baseline(each.id).ratio);
    json["metrics"][std::string(each.name)] = std::move(metric);
  }
  return json;
}

}  // namespace

SeedSample sample_of(const Results& results, std::string_view policy, MetricId metric, std::string_view workload) {
  SeedSample sample{.values = {}, .looks = looks_of(results)};
  for (const RunResult& run : results.runs) {
    if (run.policy != policy || run.failed()) continue;
    const MetricValues* values = &run.metrics;
    if (!workload.empty()) {
      const auto found = std::ranges::find(run.workloads, workload, &WorkloadResult::name);
      if (found == run.workloads.end()) continue;
      values = &found->metrics;
    }
    if (std::isfinite((*values)[metric])) sample.values[run.seed] = (*values)[metric];
  }
  return sample;
}

Estimate estimate(const SeedSample& sample) {
  std::vector<double> values;
  for (const auto& [seed, value] : sample.values) values.push_back(value);
  return estimate(values, sample.looks);
}

Pairs pairs_of(const SeedSample& sample, const SeedSample& baseline) {
  Pairs pairs{.values = {}, .baseline = {}, .looks = std::max(sample.looks, baseline.looks)};
  for (const auto& [seed, value] : sample.values) {
    const auto other = baseline.values.find(seed);
    if (other == baseline.values.end()) continue;
    pairs.values.push_back(value);
    pairs.baseline.push_back(other->second);
  }
  return pairs;
}

MetricValues PolicySummary::means() const {
  MetricValues values;
  for (const Metric& each : headway::metrics()) values[each.id] = of(each.id).mean;
  return values;
}

std::vector<PolicySummary> summarize(const Results& results, std::string_view baseline) {
  std::vector<PolicySummary> all;
  for (const RunResult& run : results.runs) {
    auto summary = std::ranges::find(all, run.policy, &PolicySummary::policy);
    if (summary == all.end()) summary = all.insert(all.end(), {.policy = run.policy});
    ++summary->runs;
    if (run.failed() && summary->failed++ == 0) summary->message = run.message;
  }
  if (all.empty()) return all;
  if (std::ranges::find(all, baseline, &PolicySummary::policy) == all.end()) baseline = all.front().policy;
  for (PolicySummary& summary : all) {
    const WorkOf own{results, summary.policy, summary.policy}, others{results, baseline, baseline};
    summary.same_work = other_work(own, others).empty();
  }
  for (const Metric& each : metrics()) {
    const SeedSample others = sample_of(results, baseline, each.id);
    for (PolicySummary& summary : all) {
      const SeedSample own = sample_of(results, summary.policy, each.id);
      summary.metrics[static_cast<std::size_t>(each.id)] = estimate(own);
      if (summary.same_work) summary.versus[static_cast<std::size_t>(each.id)] = compare(pairs_of(own, others));
    }
  }
  return all;
}

Estimate speed_up(const PolicySummary& policy, const PolicySummary& baseline) {
  Estimate estimate;
  if (!policy.same_work) return estimate;
  const Comparison& versus = policy.versus_baseline(MetricId::elapsed_s);
  estimate.count = versus.ratio.count;
  estimate.mean = baseline.of(MetricId::elapsed_s).mean / policy.of(MetricId::elapsed_s).mean;
  if (policy.policy != baseline.policy && versus.ratio.low < versus.ratio.high) {
    estimate.low = 1 / versus.ratio.high;
    estimate.high = 1 / versus.ratio.low;
  }
  return estimate;
}

std::string speed_up_text(const PolicySummary& policy, const PolicySummary& baseline, std::string_view times) {
  if (!policy.same_work) return "other work";
  if (policy.policy != baseline.policy && policy.versus_baseline(MetricId::elapsed_s).no_difference())
    return "no difference";
  const Estimate estimate = speed_up(policy, baseline);
  if (!std::isfinite(estimate.mean)) return "-";
  std::string text = figure_text(estimate.mean, half_interval(estimate), false);
  return text.insert(std::min(text.find(' '), text.size()), times);
}

Estimate ratio_of(const SeedSample& first, const SeedSample& second) {
  const Pairs pairs = pairs_of(second, first);
  if (!pairs.values.empty()) return compare(pairs).ratio;
  const double mean = estimate(first).mean;
  return {.count = 1, .mean = mean > 0 ? estimate(second).mean / mean : Estimate::none};
}

Json to_json(const Estimate& estimate) {
  return {{"mean", json_number(estimate.mean)},
          {"standard_deviation", json_number(estimate.standard_deviation)},
          {"low", json_number(estimate.low)},
          {"high", json_number(estimate.high)}};
}

Json summary_as_json(const Results& results) {
  Json json = {{"confidence", confidence}, {"baseline", results.baseline}, {"policies", Json::array()}};
  for (const PolicySummary& summary : summarize(results, results.baseline))
    json["policies"].push_back(json_of(summary));
  return json;
}

}  // namespace headway
