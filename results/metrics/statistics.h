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
//
// Student's interval is right for a number of runs that was fixed before. Who looks after each run and stops when the
// interval is narrow enough stops too early, at intervals that are too narrow by chance. For them there is a confidence
// sequence: intervals of which all together, for every number of runs, hold the true mean with 95 % confidence,
// whatever made one stop. It is that of the t-test with a normal prior on the effect size, in standard deviations, and the right
// Haar prior on the deviation: its Bayes factor at the true mean is a martingale that starts at 1, so that it ever
// exceeds 20 with a probability of at most 5 % (Ville). T. L. Lai, On confidence sequences, Ann. Statist. 4, 1976;
// H. Wang and A. Ramdas, Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance,
// arXiv:2310.03722. Exact for normal values, as Student's is. Below 5 values it has no bounds; at 8 it is 1.8 times as
// wide as Student's, from 20 to 200 some 1.65 times.
#pragma once

#include <cstddef>
#include <cstdint>
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

// How often the intervals are looked at before one decides that these are all the runs there will be.
enum class Looks : std::uint8_t { once, after_each };

Estimate estimate(std::span<const double> values, Looks looks = Looks::once);

struct Comparison {
  Estimate difference;  // of `values` less `baseline`
  Estimate ratio;       // of `values` over `baseline`; none where the baseline's mean may be zero

  // Nothing is said where there is no interval.
  bool no_difference() const { return difference.may_be(0); }
};

// Precondition: as many values as baseline values, pair by pair.
Comparison compare(std::span<const double> values, std::span<const double> baseline, Looks looks = Looks::once);

}  // namespace headway
