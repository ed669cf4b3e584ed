#include "sim/sweep/sample.h"

#include <fmt/format.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <limits>

namespace headway {

namespace {

using Generator = boost::random::mt19937_64;

const std::vector<std::string> kinds{"uniform", "log-uniform", "integer", "choice"};  // by DistributionKind

Json nine_digits(double value) { return std::stod(fmt::format("{:.9g}", value)); }

Json draw(const Distribution& from, Generator& generator) {
  switch (from.kind) {
    case DistributionKind::uniform:
      return nine_digits(boost::random::uniform_real_distribution<double>(from.low, from.high)(generator));
    case DistributionKind::log_uniform:
      return nine_digits(std::exp(
          boost::random::uniform_real_distribution<double>(std::log(from.low), std::log(from.high))(generator)));
    case DistributionKind::integer:
      return boost::random::uniform_int_distribution<std::int64_t>(static_cast<std::int64_t>(from.low),
                                                                   static_cast<std::int64_t>(from.high))(generator);
    case DistributionKind::choice:
      break;
  }
  return from.values[boost::random::uniform_int_distribution<std::size_t>(0, from.values.size() - 1)(generator)];
}

}  // namespace

Distribution read_distribution(const JsonNode& node) {
  Distribution distribution;
  const std::string kind = node.at("kind").choice(kinds);
  distribution.kind = static_cast<DistributionKind>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
  if (distribution.kind == DistributionKind::choice) {
    node.allow_only({"kind", "values"});
    for (const auto& value : node.at("values").items()) distribution.values.push_back(value.json());
    if (distribution.values.empty()) node.at("values").fail("at least one value");
    return distribution;
  }
  node.allow_only({"kind", "low", "high"});
  const JsonNode low = node.at("low"), high = node.at("high");
  if (distribution.kind == DistributionKind::integer) {
    constexpr std::int64_t most = std::int64_t{1} << 53;  // what a double holds
    distribution.low = static_cast<double>(low.integer(-most, most));
    distribution.high = static_cast<double>(high.integer(-most, most));
  } else {
    distribution.low = distribution.kind == DistributionKind::log_uniform ? low.positive() : low.number(-1e300, 1e300);
    distribution.high = high.number(-1e300, 1e300);
  }
  if (distribution.high <= distribution.low) high.fail("a number above low");
  return distribution;
}

std::vector<std::vector<Json>> draw_samples(const std::vector<Distribution>& distributions, std::uint64_t samples,
                                            std::uint64_t seed) {
  Generator generator(seed);
  std::vector<std::vector<Json>> rows(samples);
  for (auto& row : rows) {
    for (const auto& distribution : distributions) row.push_back(draw(distribution, generator));
  }
  return rows;
}

}  // namespace headway
