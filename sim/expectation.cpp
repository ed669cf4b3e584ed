#include "sim/expectation.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace headway {

namespace {

// The mean over the policy's successful runs; NaN without any.
double mean_of(const Results& results, const std::string& policy, MetricId metric) {
  double sum = 0;
  int count = 0;
  for (const auto& run : results.runs) {
    if (run.policy != policy || run.failed()) continue;
    sum += run.metrics[metric];
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
    double value = mean_of(results, expectation.policy, expectation.metric);
    std::string subject = fmt::format("{} of {}", metric(expectation.metric).name, expectation.policy);
    if (expectation.relative_to) {
      value /= mean_of(results, *expectation.relative_to, expectation.metric);
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
