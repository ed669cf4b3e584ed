#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <cmath>

#include "results/metrics/units.h"

namespace headway {

namespace {

std::string bounds_of(const Expectation& expectation) {
  constexpr int figures = 9;  // as they stand in the file, but for the last bits of a product
  const auto bound = [&](double value) { return plain_text(value, figures); };
  if (!expectation.most) return fmt::format("at least {}", bound(*expectation.least));
  if (!expectation.least) return fmt::format("at most {}", bound(*expectation.most));
  if (*expectation.least == *expectation.most) return bound(*expectation.least);
  return fmt::format("{} to {}", bound(*expectation.least), bound(*expectation.most));
}

}  // namespace

std::vector<Expectation> expectations_of(const Results& results) {
  std::vector<Expectation> all;
  const auto& scenario = results.experiment.scenario;
  if (const auto expect = scenario ? scenario->find("expect") : std::nullopt) {
    for (const JsonNode& item : expect->items()) {
      all.push_back(expectation_fields().read(item));
      all.back().path = item.path();
    }
  }
  return all;
}

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Results& results) {
  std::vector<Verdict> verdicts;
  for (const auto& expectation : expectations) {
    const Estimate value = estimate_of(expectation.figure, results);
    std::string sentence = name_of(expectation.figure);
    sentence += std::isfinite(value.mean) ? fmt::format(": {}", plain_text(value.mean)) : ": no value";
    if (value.has_interval()) sentence += fmt::format(" ({} to {})", plain_text(value.low), plain_text(value.high));
    sentence += fmt::format(", expected {}", bounds_of(expectation));
    if (expectation.by_confidence) sentence += fmt::format(" with {:.0f} % confidence", 100 * confidence);
    if (const auto caveat = caveat_of(expectation.figure, results); !caveat.empty())
      sentence += fmt::format("; but {}", caveat);
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
