// See sample.h.
#include "plots/sample.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace headway {

double Sample::mean() const {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Sample::half_interval() const {
  if (values.size() < 2) return 0;
  const double centre = mean(), n = static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  const boost::math::students_t distribution(n - 1);
  return boost::math::quantile(distribution, 0.975) * std::sqrt(squares / (n - 1) / n);
}

}  // namespace headway
