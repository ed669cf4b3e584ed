// See check.h.
#include "results/check/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "results/files/summary.h"
#include "results/files/work.h"

namespace headway {

namespace {

// Whether the values went up (sign 1) or down (sign -1) by more than the tolerance.
bool beyond(const Pairs& pairs, double sign, const Tolerance& tolerance) {
  std::vector<double> excess;
  for (std::size_t i = 0; i < pairs.values.size(); ++i) {
    const double allowed = tolerance.share * std::abs(pairs.baseline[i]) + tolerance.amount;
    excess.push_back(sign * (pairs.values[i] - pairs.baseline[i]) - allowed);
  }
  const Estimate all = estimate(excess, pairs.looks);
  return all.count > 1 ? all.low > 0 : all.mean > 0;
}

ChangeKind kind_of(const Pairs& pairs, Better better, const Tolerance& tolerance) {
  if (pairs.values == pairs.baseline) return ChangeKind::same;
  const bool up = beyond(pairs, 1, tolerance), down = beyond(pairs, -1, tolerance);
  if (!up && !down) return ChangeKind::within;
  if (better == Better::neither) return ChangeKind::changed;
  return up == (better == Better::higher) ? ChangeKind::better : ChangeKind::worse;
}

std::vector<std::string> policies_of(const Results& results) {
  std::vector<std::string> names;
  for (const RunResult& run : results.runs) {
    if (std::ranges::find(names, run.policy) == names.end()) names.push_back(run.policy);
  }
  return names;
}

// Workloads have figures of their own where there are several.
std::vector<std::string> workloads_of(const Results& results) {
  std::vector<std::string> names{""};
  for (const RunResult& run : results.runs) {
    if (run.failed()) continue;
    if (run.workloads.size() > 1) {
      for (const WorkloadResult& workload : run.workloads) names.push_back(workload.name);
    }
    break;
  }
  return names;
}

std::set<std::uint64_t> seeds_of(const Results& results) {
  std::set<std::uint64_t> seeds;
  for (const RunResult& run : results.runs) seeds.insert(run.seed);
  return seeds;
}

class Checker {
 public:
  Checker(const Results& results, const Results& baseline, const std::string& baseline_file,
          const CheckOptions& options)
      : results_(results), baseline_(baseline), file_(baseline_file), options_(options) {}

  Check check() {
    check_.scenario = results_.scenario_name;
    check_.scenario_file = results_.scenario_file;
    check_.baseline_file = file_;
    hold_scenarios_together();
    hold_policies_together();
    hold_seeds_together();
    for (const RunResult& run : results_.runs) {
      if (run.failed())
        check_.failed_runs.push_back(fmt::format("{} with seed {} failed: {}", run.policy, run.seed,
                                                 run.message.substr(0, run.message.find('\n'))));
    }
    for (const auto& policy : policies_of(results_)) {
      const std::string other = other_work({results_, policy, "now"}, {baseline_, policy, "in the baseline"});
      comparable_ = other.empty();
      if (!comparable_) check_.other_work.push_back(fmt::format("{} did other work ({})", policy, other));
      for (const auto& workload : workloads_of(results_)) compare_all(policy, workload);
    }
    if (!not_in_baseline_.empty())
      check_.notes.push_back(fmt::format("not in the baseline, so not checked: {}", fmt::join(not_in_baseline_, ", ")));
    if (!not_in_results_.empty())
      check_.notes.push_back(
          fmt::format("not in the results, which headway {} wrote, so not checked: {}", results_.headway_version,
                      fmt::join(not_in_results_, ", ")));
    hold_metrics_together();
    return std::move(check_);
  }

 private:
  void hold_scenarios_together() {
    if (results_.scenario_name != baseline_.scenario_name)
      throw InputError(file_, "/scenario/name", fmt::format("\"{}\", as in the results", results_.scenario_name),
                       fmt::format("\"{}\"", baseline_.scenario_name));
    if (results_.scenario_sha256 != baseline_.scenario_sha256)
      check_.notes.emplace_back("the scenario's file has changed since the baseline was written");
    const auto set = [](const Results& of) { return fmt::format("{}", fmt::join(of.set, " ")); };
    if (results_.set != baseline_.set)
      check_.notes.push_back(fmt::format("not of the same scenario: --set is {} here, {} in the baseline",
                                         results_.set.empty() ? "none" : set(results_),
                                         baseline_.set.empty() ? "none" : set(baseline_)));
  }

  void hold_policies_together() const {
    const auto now = policies_of(results_), then = policies_of(baseline_);
    for (const auto& policy : then) {
      if (std::ranges::find(now, policy) == now.end())
        throw InputError(file_, "/runs", "policies that the results have as well", unknown_name(policy, now));
    }
    for (const auto& policy : now) {
      if (std::ranges::find(then, policy) == then.end())
        throw InputError(file_, "/runs", fmt::format("runs of policy \"{}\" (--update brings it in)", policy), "none");
    }
  }

  void hold_seeds_together() {
    const auto now = seeds_of(results_), then = seeds_of(baseline_);
    if (now == then) return;
    const auto common =
        static_cast<std::size_t>(std::ranges::count_if(now, [&](std::uint64_t seed) { return then.contains(seed); }));
    if (common == 0)
      throw InputError(file_, "/runs", "a seed that the results have as well",
                       fmt::format("{}", fmt::join(then, ", ")));
    check_.notes.push_back(fmt::format("compared over {} seeds in common, of {} in the results and {} in the baseline",
                                       common, now.size(), then.size()));
  }

  void hold_metrics_together() const {
    const auto must_be_there = [&](MetricId id) {
      if (unnamed(id))
        throw InputError("", "", fmt::format("results with metric \"{}\"", metric(id).name),
                         fmt::format("those of headway {}, which does not know it", results_.headway_version));
      if (std::ranges::find(check_.changes, id, &Change::metric) == check_.changes.end())
        throw InputError(file_, "/runs", fmt::format("values of metric \"{}\"", metric(id).name), "none");
    };
    for (const MetricId id : options_.metrics) must_be_there(id);
    for (const auto& [id, tolerance] : options_.of_metric) must_be_there(id);
  }

  bool unnamed(MetricId id) const { return std::ranges::find(results_.unnamed, id) != results_.unnamed.end(); }

  void compare_all(const std::string& policy, const std::string& workload) {
    for (const Metric& each : metrics()) {
      const bool wanted =
          options_.metrics.empty() || std::ranges::find(options_.metrics, each.id) != options_.metrics.end();
      if (wanted && (workload.empty() || each.per_workload)) compare_one(policy, workload, each);
    }
  }

  void compare_one(const std::string& policy, const std::string& workload, const Metric& each) {
    const SeedSample now = sample_of(results_, policy, each.id, workload);
    const SeedSample then = sample_of(baseline_, policy, each.id, workload);
    if (then.values.empty()) {
      if (!now.values.empty()) not_in_baseline_.insert(std::string(each.name));
      return;
    }
    if (unnamed(each.id)) {
      not_in_results_.insert(std::string(each.name));
      return;
    }
    const auto named = options_.of_metric.find(each.id);
    Change change{.policy = policy, .workload = workload, .metric = each.id};
    change.tolerance = named == options_.of_metric.end() ? options_.tolerance : named->second;
    const Pairs pairs = pairs_of(now, then);
    // A value that is gone (no seek, so no distance of one) is neither better nor worse.
    change.kind = pairs.values.empty() ? ChangeKind::changed : kind_of(pairs, each.better, change.tolerance);
    change.before = pairs.values.empty() ? estimate(then) : estimate(pairs.baseline, pairs.looks);
    change.after = estimate(pairs.values, pairs.looks);
    change.versus = compare(pairs);
    if (!comparable_ && each.id != MetricId::missing_blocks && each.id != MetricId::errors) {
      change.other_work = true;
      change.versus = {};
      if (change.kind == ChangeKind::worse || change.kind == ChangeKind::better) change.kind = ChangeKind::changed;
    }
    change.red = change.kind == ChangeKind::worse || (change.kind == ChangeKind::better && options_.strict) ||
                 (change.kind == ChangeKind::changed && named != options_.of_metric.end());
    check_.changes.push_back(std::move(change));
  }

  const Results& results_;
  const Results& baseline_;
  const std::string& file_;
  const CheckOptions& options_;
  Check check_;
  bool comparable_ = true;  // the policy that is looked at
  std::set<std::string> not_in_baseline_, not_in_results_;
};

}  // namespace

bool Check::red() const {
  return !failed_runs.empty() || !other_work.empty() || std::ranges::any_of(changes, &Change::red);
}

std::size_t Check::count(ChangeKind kind) const {
  return static_cast<std::size_t>(std::ranges::count(changes, kind, &Change::kind));
}

Check check(const Results& results, const Results& baseline, const std::string& baseline_file,
            const CheckOptions& options) {
  return Checker(results, baseline, baseline_file, options).check();
}

}  // namespace headway
