// See stopping.h.
#include "results/files/stopping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

std::size_t replicates_of(const Results& results) {
  std::set<std::uint64_t> seeds;
  for (const RunResult& run : results.runs) seeds.insert(run.seed);
  return seeds.size();
}

bool within(const Precision& precision, const StoppingRule& rule) { return precision.half_width <= rule.half_width; }

std::string percent(double share) { return fmt::format("{} %", plain_text(100 * share, 3)); }

}  // namespace

Looks looks_of(const Results& results) { return results.until ? Looks::after_each : Looks::once; }

std::vector<Precision> precision_of(const Results& results) {
  assert(results.until);
  const StoppingRule& rule = *results.until;
  const SeedSample others = sample_of(results, rule.relative_to, rule.metric);
  const double unit = std::abs(estimate(others).mean);
  std::vector<Precision> all;
  for (const RunResult& run : results.runs) {
    if (run.policy == rule.relative_to || std::ranges::find(all, run.policy, &Precision::policy) != all.end()) continue;
    const Pairs pairs = pairs_of(sample_of(results, run.policy, rule.metric), others);
    const Estimate difference = compare(pairs).difference;
    Precision& precision = all.emplace_back(Precision{.policy = run.policy, .half_width = Estimate::none});
    precision.comparable = !pairs.values.empty() && other_work({results, run.policy, run.policy},
                                                               {results, rule.relative_to, rule.relative_to}).empty();
    if (!precision.comparable || !difference.has_interval()) continue;
    const double half = (difference.high - difference.low) / 2;
    precision.half_width = half == 0 ? 0 : half / unit;
  }
  return all;
}

bool sure(const Results& results) {
  const std::vector<Precision> all = precision_of(results);
  return std::ranges::any_of(all, &Precision::comparable) && std::ranges::all_of(all, [&](const Precision& precision) {
           return !precision.comparable || within(precision, *results.until);
         });
}

bool enough(const Results& results) {
  constexpr std::size_t first_bounds = 5;  // of the sequence: what has none by then has no values
  if (replicates_of(results) < first_bounds) return sure(results);
  return sure(results) || std::ranges::none_of(precision_of(results), &Precision::comparable);
}

std::string until_sentence(const Results& results) {
  const StoppingRule& rule = *results.until;
  std::vector<std::string> missed, left_out;
  bool any = false;
  for (const Precision& precision : precision_of(results)) {
    any = any || precision.comparable;
    if (!precision.comparable) {
      left_out.push_back(precision.policy);
    } else if (!within(precision, rule)) {
      missed.push_back(std::isfinite(precision.half_width)
                           ? fmt::format("{} to {}", precision.policy, percent(precision.half_width))
                           : fmt::format("{} not at all", precision.policy));
    }
  }
  const std::string what = fmt::format("{} less {}'s", metric(rule.metric).name, rule.relative_to);
  const std::string asked = fmt::format("{} of {}'s mean", percent(rule.half_width), rule.relative_to);
  const std::string after = fmt::format("after {} replicates", replicates_of(results));
  if (!any) return fmt::format("{} was to be known to {}; {} none can be compared: {}", what, asked, after,
                               fmt::join(left_out, ", "));
  std::string text = missed.empty() ? fmt::format("{} is known to {} {}", what, asked, after)
                                    : fmt::format("{} was to be known to {}; {} it is known of {}", what, asked, after,
                                                  fmt::join(missed, ", "));
  if (!left_out.empty()) text += fmt::format("; not compared: {}", fmt::join(left_out, ", "));
  return text;
}

Json until_as_json(const Results& results) {
  const StoppingRule& rule = *results.until;
  Json widths = Json::object();
  for (const Precision& precision : precision_of(results))
    widths[precision.policy] = std::isfinite(precision.half_width) ? Json(precision.half_width) : Json(nullptr);
  return {{"metric", std::string(metric(rule.metric).name)},
          {"relative_to", rule.relative_to},
          {"half_width", rule.half_width},
          {"at_most", rule.at_most},
          {"replicates", replicates_of(results)},
          {"reached", sure(results)},
          {"half_widths", widths}};
}

StoppingRule stopping_rule_from(const JsonNode& until) {
  return {.metric = *find_metric(until.at("metric").choice(metric_names())),
          .relative_to = until.at("relative_to").string(),
          .half_width = until.at("half_width").positive(),
          .at_most = static_cast<std::uint32_t>(until.at("at_most").unsigned_integer(2, UINT32_MAX))};
}

}  // namespace headway
