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

// How many standard errors an interval reaches on each side.
double t_of(std::size_t count) {
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
Estimate ratio_of(std::span<const double> values, std::span<const double> baseline) {
  const Estimate above = estimate(values), below = estimate(baseline);
  Estimate ratio{.count = values.size(), .mean = above.mean / below.mean};
  if (!std::isfinite(ratio.mean)) return {.count = values.size()};
  if (values.size() < 2) return ratio;
  const auto count = static_cast<double>(values.size());
  const double variance_above = std::pow(above.standard_deviation, 2);
  const double variance_below = std::pow(below.standard_deviation, 2);
  const double covariance = statistics::covariance(values, baseline) * count / (count - 1);
  const double residual = std::pow(estimate(less(values, ratio.mean, baseline)).standard_deviation, 2);
  const double unit = std::pow(t_of(values.size()) / below.mean, 2) / count;
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

Estimate estimate(std::span<const double> values) {
  if (values.empty()) return {};
  Estimate result{.count = values.size(), .mean = values[0]};
  if (values.size() < 2) return result;
  const auto [mean, variance] = statistics::mean_and_sample_variance(values);
  const double half = t_of(values.size()) * std::sqrt(variance / static_cast<double>(values.size()));
  return {values.size(), mean, std::sqrt(variance), mean - half, mean + half};
}

Comparison compare(std::span<const double> values, std::span<const double> baseline) {
  assert(values.size() == baseline.size());
  return {estimate(less(values, 1, baseline)), ratio_of(values, baseline)};
}

}  // namespace headway
