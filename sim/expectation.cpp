#include "sim/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway {

namespace {

// The metric of a run, or of one of its workloads.
double value_of(const RunResult& run, const Expectation& expectation) {
  if (!expectation.workload) return run.metrics[expectation.metric];
  const auto workload = std::ranges::find(run.workloads, *expectation.workload, &WorkloadResult::name);
  return workload == run.workloads.end() ? std::numeric_limits<double>::quiet_NaN()
                                         : workload->metrics[expectation.metric];
}

// The mean over the policy's successful runs; NaN without any.
double mean_of(const Results& results, const std::string& policy, const Expectation& expectation) {
  double sum = 0;
  int count = 0;
  for (const auto& run : results.runs) {
    if (run.policy != policy || run.failed()) continue;
    sum += value_of(run, expectation);
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

std::string bounds_of(const Expectation& expectation) {
  if (!expectation.most) return fmt::format("at least {}", *expectation.least);
  if (!expectation.least) return fmt::format("at most {}", *expectation.most);
  return fmt::format("{} to {}", *expectation.least, *expectation.most);
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Results& results) {
  std::vector<Verdict> verdicts;
  for (const auto& expectation : expectations) {
    double value = mean_of(results, expectation.policy, expectation);
    std::string subject = fmt::format("{} of {}", metric(expectation.metric).name, expectation.policy);
    if (expectation.workload) subject = fmt::format("\"{}\": {}", *expectation.workload, subject);
    if (expectation.relative_to) {
      value /= mean_of(results, *expectation.relative_to, expectation);
      subject += fmt::format(" / {}", *expectation.relative_to);
    }
    // A value that is not there (NaN) is within no bounds.
    const bool holds = (!expectation.least || value >= *expectation.least) &&
                       (!expectation.most || value <= *expectation.most);
    verdicts.push_back({holds, fmt::format("{}: {:.6g}, expected {}", subject, value, bounds_of(expectation))});
  }
  return verdicts;
}

}  // namespace headway
