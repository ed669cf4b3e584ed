// See statistics.h.
#include "results/metrics/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/statistics/bivariate_statistics.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cassert>
#include <cmath>
#include <vector>

namespace headway {

namespace {

namespace statistics = boost::math::statistics;

// Of the prior of the effect size. A width of 1 standard deviation makes the sequence narrowest at some ten values.
constexpr double prior_variance = 1;

// The t at which the Bayes factor (1 + n g)^(-1/2) ((1 + t^2 / v) / (1 + t^2 / (v (1 + n g))))^((v + 1) / 2), with
// v = n - 1, reaches 1 / (1 - confidence); infinite where it never does.
double t_of_sequence(double count) {
  const double spread = 1 + count * prior_variance;
  const double needed = std::pow(std::sqrt(spread) / (1 - confidence), 2 / count);
  if (needed >= spread) return std::numeric_limits<double>::infinity();
  return std::sqrt((count - 1) * (needed - 1) / (1 - needed / spread));
}

// How many standard errors an interval reaches on each side.
double t_of(std::size_t count, Looks looks) {
  if (looks == Looks::after_each) return t_of_sequence(static_cast<double>(count));
  const boost::math::students_t distribution(static_cast<double>(count - 1));
  return boost::math::quantile(boost::math::complement(distribution, (1 - confidence) / 2));
}

std::vector<double> less(std::span<const double> values, double factor, std::span<const double> baseline) {
  std::vector<double> all;
  for (std::size_t i = 0; i < values.size(); ++i) all.push_back(values[i] - factor * baseline[i]);
  return all;
}

// The bounds r at which the mean of (values - r * baseline) is just not distinguishable from zero: the roots of a
// quadratic, written around the ratio itself, so that a narrow interval does not drown in rounding.
Estimate ratio_of(std::span<const double> values, std::span<const double> baseline, Looks looks) {
  const Estimate above = estimate(values), below = estimate(baseline);
  Estimate ratio{.count = values.size(), .mean = above.mean / below.mean};
  if (!std::isfinite(ratio.mean)) return {.count = values.size()};
  const double reach = values.size() < 2 ? std::numeric_limits<double>::infinity() : t_of(values.size(), looks);
  if (!std::isfinite(reach)) return ratio;
  const auto count = static_cast<double>(values.size());
  const double variance_above = std::pow(above.standard_deviation, 2);
  const double variance_below = std::pow(below.standard_deviation, 2);
  const double covariance = statistics::covariance(values, baseline) * count / (count - 1);
  const double residual = std::pow(estimate(less(values, ratio.mean, baseline)).standard_deviation, 2);
  const double unit = std::pow(reach / below.mean, 2) / count;
  const double left = 1 - unit * variance_below;  // Fieller's 1 - g
  if (left <= 0) return ratio;                    // the baseline's mean may be zero: the interval has no bounds
  const double half =
      std::sqrt(unit * std::max(0.0, residual - unit * (variance_above * variance_below - covariance * covariance)));
  const double centre = ratio.mean - unit * covariance;
  ratio.low = (centre - half) / left;
  ratio.high = (centre + half) / left;
  return ratio;
}

}  // namespace

Estimate estimate(std::span<const double> values, Looks looks) {
  if (values.empty()) return {};
  Estimate result{.count = values.size(), .mean = values[0]};
  if (values.size() < 2) return result;
  const auto [mean, variance] = statistics::mean_and_sample_variance(values);
  result.mean = mean;
  result.standard_deviation = std::sqrt(variance);
  const double reach = t_of(values.size(), looks);
  if (!std::isfinite(reach)) return result;
  const double half = reach * std::sqrt(variance / static_cast<double>(values.size()));
  result.low = mean - half;
  result.high = mean + half;
  return result;
}

Comparison compare(std::span<const double> values, std::span<const double> baseline, Looks looks) {
  assert(values.size() == baseline.size());
  return {estimate(less(values, 1, baseline), looks), ratio_of(values, baseline, looks)};
}

}  // namespace headway
