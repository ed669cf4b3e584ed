// See replicates_spec.h.
#include "sim/scenario/replicates_spec.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/number_text.h"

namespace headway {

namespace {

constexpr std::uint64_t most_replicates = 100'000;
// Each look at the runs so far costs as much as there are of them.
constexpr std::uint64_t most_looks = 10'000;
constexpr double widest = 1;  // as wide as the mean itself

// Of what is neither better nor worse, no difference is worth being sure of.
std::vector<std::pair<std::string, MetricId>> comparable() {
  std::vector<std::pair<std::string, MetricId>> known;
  for (const Metric& each : metrics()) {
    if (each.better != Better::neither) known.emplace_back(each.name, each.id);
  }
  return known;
}

const Fields<StoppingRule>& until_fields() {
  static const auto all =
      Fields<StoppingRule>()
          .required("metric", &StoppingRule::metric, json::choice<MetricId>(comparable()),
                    "One that is better when it is lower, or higher.")
          .optional("relative_to", &StoppingRule::relative_to, json::text(),
                    "A policy; the baseline by default. All others are compared with it.")
          .required("half_width", &StoppingRule::half_width, json::positive("times that policy's mean", widest),
                    "How far the 95 % interval of the paired difference may reach to either side: 0.01 is 1 % of that "
                    "policy's mean. It is one that holds for who looks after each run.");
  return all;
}

const Fields<StoppingRule>& stopping_fields() {
  static const auto all =
      Fields<StoppingRule>()
          .unread("until", until_fields().shape(), "The difference that is to be known.", true)
          .optional("at_most", &StoppingRule::at_most, json::whole(2, most_looks, "runs a policy"),
                    "Where it ends though the difference is not known so well.")
          .then([](const JsonNode& node, StoppingRule& rule) { until_fields().fill(node.at("until"), rule); });
  return all;
}

}  // namespace

Value<std::uint64_t> replicates_value() {
  const auto number = json::whole(1, most_replicates, "runs a policy");
  return {Shape::either({number.shape, stopping_fields().shape()}, "a number of runs, or an object with \"until\""),
          [number](const JsonNode& node) -> std::uint64_t {
            const auto rule = stopping_rule(node);
            return rule ? rule->at_most : number.take(node);
          },
          number.text};
}

std::optional<StoppingRule> stopping_rule(const JsonNode& replicates) {
  if (!replicates.json().is_object()) return std::nullopt;
  return stopping_fields().read(replicates);
}

Json replicates_as_json(const StoppingRule& rule) {
  return {{"until",
           {{"metric", std::string(metric(rule.metric).name)},
            {"relative_to", rule.relative_to},
            {"half_width", rule.half_width}}},
          {"at_most", rule.at_most}};
}

StoppingRule stopping_rule_from(const std::string& words) {
  const std::size_t sign = words.find('=');
  const auto number = typed_number(sign == std::string::npos ? "" : words.substr(sign + 1));
  if (!number)
    throw InputError("--until", "", "METRIC=HALF-WIDTH, such as elapsed_s=1%", fmt::format("\"{}\"", words));
  const std::string name = words.substr(0, sign);
  const auto known = find_metric(name);
  if (known && metric(*known).better == Better::neither)
    throw InputError("--until", "", "a metric that is better lower or higher", fmt::format("\"{}\"", name));
  if (!(number->value > 0 && number->value <= widest))
    throw InputError("--until", "", "a half width above 0 and up to 1, or 100%, of the baseline's mean",
                     fmt::format("\"{}\"", words));
  const Json json = {{"metric", name}, {"half_width", number->value}};
  return until_fields().read(JsonNode::parse(json.dump(), "--until"));
}

}  // namespace headway
