// What repeated runs say about a mean, about the difference of two means, and about their ratio: each with an interval
// that holds the true value with 95 % confidence.
//
// A mean has Student's t interval. Two policies are compared in pairs, a run of each with the same seed, so that what
// the seed does to both (layout, rotational phases, arrivals) cancels out: Student's t on the pairs' differences, and
// for the ratio of the means Fieller's theorem (E. C. Fieller, Some problems in interval estimation, J. R. Stat. Soc.
// B 16, 1954; T. Kalibera and R. Jones, arXiv:2007.10899, recommend it for comparing programs). It needs no logarithm,
// so that counts may be zero, and it holds 1 exactly when the interval of the difference holds 0: difference and ratio
// never contradict each other. Nothing is corrected for looking at many metrics: of 20 that do not differ, one will
// seem to.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace headway {

inline constexpr double confidence = 0.95;

// Without values all is NaN; the deviation and the bounds are so below two values, and where there is no bounded
// interval.
struct Estimate {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t count = 0;  // of values, or pairs
  double mean = none;
  double standard_deviation = none;  // of the values (over n - 1); none for a ratio
  double low = none;
  double high = none;

  bool has_interval() const { return low <= high; }
  bool may_be(double value) const { return low <= value && value <= high; }
};

Estimate estimate(std::span<const double> values);

struct Comparison {
  Estimate difference;  // of `values` less `baseline`
  Estimate ratio;       // of `values` over `baseline`; none where the baseline's mean may be zero

  // Nothing is said where there is no interval.
  bool no_difference() const { return difference.may_be(0); }
};

// Precondition: as many values as baseline values, pair by pair.
Comparison compare(std::span<const double> values, std::span<const double> baseline);

}  // namespace headway
