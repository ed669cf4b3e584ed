#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <cmath>

#include "results/files/summary.h"

namespace headway {

namespace {

Estimate estimate_of(const Expectation& expectation, const Results& results) {
  const std::string workload = expectation.workload.value_or("");
  const Sample sample = sample_of(results, expectation.policy, expectation.metric, workload);
  if (!expectation.relative_to) return estimate(sample);
  return compare(pairs_of(sample, sample_of(results, *expectation.relative_to, expectation.metric, workload))).ratio;
}

std::string bounds_of(const Expectation& expectation) {
  if (!expectation.most) return fmt::format("at least {}", *expectation.least);
  if (!expectation.least) return fmt::format("at most {}", *expectation.most);
  if (*expectation.least == *expectation.most) return fmt::format("{}", *expectation.least);
  return fmt::format("{} to {}", *expectation.least, *expectation.most);
}

// A word where two policies did not do the same work, so that their ratio says less than it seems to.
std::string other_work(const Expectation& expectation, const Results& results) {
  if (!expectation.relative_to) return "";
  const auto missing = [&](const std::string& policy) {
    return estimate(sample_of(results, policy, MetricId::missing_blocks)).mean;
  };
  const double of = missing(expectation.policy), than = missing(*expectation.relative_to);
  if (!(of > 0 || than > 0) || of == than) return "";
  return fmt::format("; but not of the same work: {:.6g} and {:.6g} wanted blocks were not brought", of, than);
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Results& results) {
  std::vector<Verdict> verdicts;
  for (const auto& expectation : expectations) {
    const Estimate value = estimate_of(expectation, results);
    std::string sentence = expectation.workload ? fmt::format("\"{}\": ", *expectation.workload) : "";
    sentence += fmt::format("{} of {}", metric(expectation.metric).name, expectation.policy);
    if (expectation.relative_to) sentence += fmt::format(" / {}", *expectation.relative_to);
    sentence += std::isfinite(value.mean) ? fmt::format(": {:.6g}", value.mean) : ": no value";
    if (value.has_interval()) sentence += fmt::format(" ({:.6g} to {:.6g})", value.low, value.high);
    sentence += fmt::format(", expected {}", bounds_of(expectation));
    if (expectation.by_confidence) sentence += fmt::format(" with {:.0f} % confidence", 100 * confidence);
    sentence += other_work(expectation, results);
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
