#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <cmath>

#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

Estimate estimate_of(const Expectation& expectation, const Results& results) {
  const std::string workload = expectation.workload.value_or("");
  const Sample sample = sample_of(results, expectation.policy, expectation.metric, workload);
  if (!expectation.relative_to) return estimate(sample);
  return compare(pairs_of(sample, sample_of(results, *expectation.relative_to, expectation.metric, workload))).ratio;
}

std::string bounds_of(const Expectation& expectation) {
  constexpr int figures = 9;  // as they stand in the file, but for the last bits of a product
  const auto bound = [&](double value) { return plain_text(value, figures); };
  if (!expectation.most) return fmt::format("at least {}", bound(*expectation.least));
  if (!expectation.least) return fmt::format("at most {}", bound(*expectation.most));
  if (*expectation.least == *expectation.most) return bound(*expectation.least);
  return fmt::format("{} to {}", bound(*expectation.least), bound(*expectation.most));
}

// A word where the figure is not of the same work as the other, or where something of the work is not done, so that it
// says less than it seems to.
std::string caveat(const Expectation& expectation, const Results& results) {
  const std::string& policy = expectation.policy;
  const auto& other = expectation.relative_to;
  if (other) {
    const std::string text = other_work({results, policy, policy}, {results, *other, *other});
    return text.empty() ? text : fmt::format("; but not of the same work: {}", text);
  }
  if (expectation.metric == MetricId::missing_blocks || expectation.metric == MetricId::errors) return "";
  const std::string text = left_undone(results, policy);
  return text.empty() ? text : fmt::format("; but {}", text);
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Results& results) {
  std::vector<Verdict> verdicts;
  for (const auto& expectation : expectations) {
    const Estimate value = estimate_of(expectation, results);
    std::string sentence = expectation.workload ? fmt::format("\"{}\": ", *expectation.workload) : "";
    sentence += fmt::format("{} of {}", metric(expectation.metric).name, expectation.policy);
    if (expectation.relative_to) sentence += fmt::format(" / {}", *expectation.relative_to);
    sentence += std::isfinite(value.mean) ? fmt::format(": {}", plain_text(value.mean)) : ": no value";
    if (value.has_interval()) sentence += fmt::format(" ({} to {})", plain_text(value.low), plain_text(value.high));
    sentence += fmt::format(", expected {}", bounds_of(expectation));
    if (expectation.by_confidence) sentence += fmt::format(" with {:.0f} % confidence", 100 * confidence);
    sentence += caveat(expectation, results);
    // A value that is not there (NaN) is within no bounds.
    const double low = expectation.by_confidence ? value.low : value.mean;
    const double high = expectation.by_confidence ? value.high : value.mean;
    const bool holds =
        (!expectation.least || low >= *expectation.least) && (!expectation.most || high <= *expectation.most);
    verdicts.push_back({holds, sentence});
  }
  return verdicts;
}

}  // namespace headway
