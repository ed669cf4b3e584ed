#include "sim/sweep/sample.h"

#include <fmt/format.h>

#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>

#include "core/base/fields.h"

namespace headway {

namespace {

struct DistributionKind {
  std::string name;
  std::string sentence;
  ObjectShape keys;
  Distribution (*read)(const JsonNode&);  // of a node that fits the keys
};

Json nine_digits(double value) { return std::stod(fmt::format("{:.9g}", value)); }

double uniform(SampleGenerator& generator, double low, double high) {
  return boost::random::uniform_real_distribution<double>(low, high)(generator);
}

template <class Number>
struct Between {
  Number low = 0, high = 0;
};

template <class Number>
Fields<Between<Number>> between(const Value<Number>& low, const Value<Number>& high, const std::string& to) {
  return Fields<Between<Number>>()
      .required("low", &Between<Number>::low, low, "From here.")
      .required("high", &Between<Number>::high, high, to)
      .then([](const JsonNode& node, Between<Number>& range) {
        if (range.high <= range.low) node.at("high").fail("a number above low");
      });
}

const auto& uniform_fields() {
  static const auto all = between(json::finite(), json::finite(), "To there, exclusive.");
  return all;
}

const auto& log_uniform_fields() {
  static const auto all = between(json::positive(), json::finite(), "To there, exclusive.");
  return all;
}

const auto& integer_fields() {
  constexpr std::int64_t most = std::int64_t{1} << 53;  // what a double holds
  static const auto all = between(json::integer(-most, most), json::integer(-most, most), "To there, inclusive.");
  return all;
}

struct Choice {
  std::vector<JsonNode> values;
};

const auto& choice_fields() {
  static const auto all =
      Fields<Choice>().required("values", &Choice::values, json::list(json::any(), "value", 1), "Any JSON.");
  return all;
}

template <class Object>
Object filled(const Fields<Object>& fields, const JsonNode& node) {
  Object object;
  fields.fill(node, object);
  return object;
}

const std::vector<DistributionKind>& distribution_kinds() {
  static const std::vector<DistributionKind> all{
      {"uniform", "Each number alike.", uniform_fields().object(),
       [](const JsonNode& node) -> Distribution {
         return [range = filled(uniform_fields(), node)](SampleGenerator& generator) {
           return nine_digits(uniform(generator, range.low, range.high));
         };
       }},
      {"log-uniform", "Each order of magnitude alike.", log_uniform_fields().object(),
       [](const JsonNode& node) -> Distribution {
         return [range = filled(log_uniform_fields(), node)](SampleGenerator& generator) {
           return nine_digits(std::exp(uniform(generator, std::log(range.low), std::log(range.high))));
         };
       }},
      {"integer", "Each whole number alike.", integer_fields().object(),
       [](const JsonNode& node) -> Distribution {
         return [range = filled(integer_fields(), node)](SampleGenerator& generator) -> Json {
           return boost::random::uniform_int_distribution<std::int64_t>(range.low, range.high)(generator);
         };
       }},
      {"choice", "Each of these alike.", choice_fields().object(),
       [](const JsonNode& node) -> Distribution {
         return [values = filled(choice_fields(), node).values](SampleGenerator& generator) {
           return values[boost::random::uniform_int_distribution<std::size_t>(0, values.size() - 1)(generator)].json();
         };
       }},
  };
  return all;
}

}  // namespace

Shape distribution_shape() {
  TaggedShape tagged{.sentence = "How the values lie.", .cases = {}};
  for (const auto& kind : distribution_kinds()) tagged.cases.push_back({{kind.name}, kind.sentence, kind.keys, ""});
  return Shape::tagged(tagged).named("distribution");
}

Distribution read_distribution(const JsonNode& node) {
  static const Shape shape = distribution_shape();
  shape.check(node);
  const auto& kinds = distribution_kinds();
  return std::ranges::find(kinds, node.at("kind").string(), &DistributionKind::name)->read(node);
}

std::vector<std::vector<Json>> draw_samples(const std::vector<Distribution>& distributions, std::uint64_t samples,
                                            std::uint64_t seed) {
  SampleGenerator generator(seed);
  std::vector<std::vector<Json>> rows(samples);
  for (auto& row : rows) {
    for (const auto& draw : distributions) row.push_back(draw(generator));
  }
  return rows;
}

}  // namespace headway
