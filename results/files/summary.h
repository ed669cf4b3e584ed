// The runs of each policy, a seed each, taken together: what tables, expectations, checks and results.json's summary
// tell of them.
#pragma once

#include <array>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "results/files/results_file.h"
#include "results/metrics/statistics.h"

namespace headway {

// A metric's value by seed: of a policy's runs that went well and have one; of one of their workloads, if it is named.
struct SeedSample {
  std::map<std::uint64_t, double> values;
  Looks looks = Looks::once;  // after_each where the results stopped when they were sure
};
SeedSample sample_of(const Results& results, std::string_view policy, MetricId metric, std::string_view workload = "");

Estimate estimate(const SeedSample& sample);

// The values of the seeds that both samples have.
struct Pairs {
  std::vector<double> values, baseline;
  Looks looks = Looks::once;
};
Pairs pairs_of(const SeedSample& sample, const SeedSample& baseline);
inline Comparison compare(const Pairs& pairs) { return compare(pairs.values, pairs.baseline, pairs.looks); }

struct PolicySummary {
  std::string policy;
  std::size_t runs = 0, failed = 0;
  std::string message;                          // of the first run that failed
  bool same_work = true;                        // as the baseline, with every seed in common
  std::array<Estimate, metric_count> metrics;   // by MetricId
  std::array<Comparison, metric_count> versus;  // the baseline; nothing where that did other work

  const Estimate& of(MetricId id) const { return metrics[static_cast<std::size_t>(id)]; }
  MetricValues means() const;
  const Comparison& versus_baseline(MetricId id) const { return versus[static_cast<std::size_t>(id)]; }
};

// A summary a policy, in the order in which the results have them. An unknown or empty baseline is the first policy.
std::vector<PolicySummary> summarize(const Results& results, std::string_view baseline);

// How many times as fast as the baseline, with its interval: the ratio of the elapsed times the other way round. None
// of other work.
Estimate speed_up(const PolicySummary& policy, const PolicySummary& baseline);
// "2.41x", "2.410x ±0.012", "no difference", "other work", "-"; `times` is the "x".
std::string speed_up_text(const PolicySummary& policy, const PolicySummary& baseline, std::string_view times);

// `second` over `first`: paired by seed where there are pairs, else of the means alone.
Estimate ratio_of(const SeedSample& first, const SeedSample& second);

nlohmann::ordered_json to_json(const Estimate& estimate);
nlohmann::ordered_json summary_as_json(const Results& results);

}  // namespace headway
