#include "models/drive/mechanical/seek_curve.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace headway {

namespace {

// The mean of value[|x - y|] over pairs of cylinders x, y, as likely as their sectors make them. `twice(n)` gives
// value's double sum, over k < n and d <= k of value[d]: the sum of value[y - x] over x in [a, b), y in [c, e), b <= c,
// is a difference of four of them.
template <typename Twice>
double mean_over_pairs(const Twice& twice, double value_0, const Geometry& geometry) {
  const auto at = [&](std::int64_t n) { return n > 0 ? twice(n) : 0.0L; };
  long double total = 0;
  long double pairs = 0;
  const auto& zones = geometry.zones();
  for (std::size_t i = 0; i < zones.size(); ++i) {
    for (std::size_t j = i; j < zones.size(); ++j) {
      const std::int64_t a = zones[i].first_cylinder, b = std::int64_t{zones[i].last_cylinder} + 1;
      const std::int64_t c = zones[j].first_cylinder, e = std::int64_t{zones[j].last_cylinder} + 1;
      const long double density = static_cast<long double>(zones[i].sectors) / static_cast<long double>(b - a) *
                                  static_cast<long double>(zones[j].sectors) / static_cast<long double>(e - c);
      long double sum;  // of value over the cylinder pairs, both orders
      if (i == j)
        sum = 2 * at(b - a) - static_cast<long double>(b - a) * static_cast<long double>(value_0);
      else
        sum = 2 * (at(e - a) - at(c - a) - at(e - b) + at(c - b));
      total += density * sum;
      pairs += density * static_cast<long double>(i == j ? (b - a) * (b - a) : 2 * (b - a) * (e - c));
    }
  }
  return static_cast<double>(total / pairs);
}

// The mean of value(|distance|) over pairs of random addresses.
template <typename Value>
double mean_of(const Value& value, const Geometry& geometry) {
  // The few sums that are asked for are kept, not one for each cylinder: memory is what costs here.
  std::vector<std::pair<std::int64_t, long double>> sums;
  const auto note = [&](std::int64_t n) {
    sums.emplace_back(n, 0.0L);
    return 0.0L;
  };
  mean_over_pairs(note, 0.0, geometry);
  std::sort(sums.begin(), sums.end());
  long double once = 0, twice = 0;
  std::int64_t k = 0;
  for (auto& [n, sum] : sums) {
    for (; k < n; ++k) twice += once += static_cast<long double>(value(static_cast<std::uint32_t>(k)));
    sum = twice;
  }
  const auto sum_to = [&](std::int64_t n) {
    return std::ranges::lower_bound(sums, n, {}, &std::pair<std::int64_t, long double>::first)->second;
  };
  return mean_over_pairs(sum_to, value(0), geometry);
}

}  // namespace

SeekCurve::SeekCurve(const std::vector<std::pair<std::uint32_t, double>>& points, std::uint32_t cylinders)
    : cylinders_(cylinders) {
  assert(points.size() >= 2);
  knots_.push_back({.first = 0});
  knots_.push_back({.first = 1, .base = 1, .s = points[0].second});
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto [d1, t1] = points[i - 1];
    const auto [d2, t2] = points[i];
    knots_.push_back({.first = d1, .base = d1, .s = t1, .rise_s = t2 - t1, .run = static_cast<double>(d2) - d1});
  }
  Knot beyond = knots_.back();
  knots_.push_back({.first = points.back().first, .base = points.back().first, .s = points.back().second});
  beyond.first = points.back().first + 1;
  knots_.push_back(beyond);
  knots_.push_back({.first = UINT32_MAX});
  while (cylinders >> hint_shift_ > 4 * knots_.size()) ++hint_shift_;
  std::uint32_t knot = 0;
  for (std::uint32_t hint = 0; hint <= cylinders >> hint_shift_; ++hint) {
    while (knots_[knot + 1].first <= hint << hint_shift_) ++knot;
    hints_.push_back(knot);
  }
}

void SeekCurve::from(std::int32_t cylinder, std::span<const std::int32_t> to, std::span<double> seek_s) const {
  if (!knots_.empty()) {
    for (std::size_t i = 0; i < to.size(); ++i)
      seek_s[i] = by_knots(static_cast<std::uint32_t>(std::abs(to[i] - cylinder)));
    return;
  }
  const Roots roots = roots_;
  const double boundary = roots.boundary;
  for (std::size_t i = 0; i < to.size(); ++i) {  // all of by_roots(), and then which of it counts: no branch
    const double d = std::abs(to[i] - cylinder);
    const double near_s = roots.near_s + roots.near_root_s * std::sqrt(d) + roots.near_each_s * d;
    const double far_s = roots.far_s + roots.far_each_s * d;
    const double beyond_next_s = d < boundary ? near_s : far_s;
    const double moving_s = d < 2 ? roots.next_s : beyond_next_s;
    seek_s[i] = d < 1 ? 0 : moving_s;
  }
}

SeekCurve seek_from_data_sheet(double track_to_track_s, double settle_s, double average_s, double full_stroke_s,
                               const Geometry& geometry) {
  const std::uint32_t cylinders = geometry.cylinders();
  // a + b + c = settle; a + b r + c f = full stroke; a o + b m + c n = average, and what the next track is quicker by.
  // The double sums of 1, of d, and of 1 at distance 1 alone have closed forms.
  const auto twice_one = [](std::int64_t k) { return static_cast<long double>(k) * (k - 1) / 2; };
  const auto twice_distance = [](std::int64_t k) { return static_cast<long double>(k) * (k - 1) * (k + 1) / 6; };
  const auto twice_next = [](std::int64_t k) { return static_cast<long double>(k - 1); };
  const double o = mean_over_pairs(twice_one, 0.0, geometry);
  const double m = mean_of([](std::uint32_t d) { return std::sqrt(static_cast<double>(d)); }, geometry);
  const double n = mean_over_pairs(twice_distance, 0.0, geometry);
  const double next = mean_over_pairs(twice_next, 0.0, geometry);
  const double f = cylinders - 1.0;
  const double r = std::sqrt(f);
  const double rise = full_stroke_s - settle_s;                                         // b (r - 1) + c (f - 1)
  const double mean = average_s + next * (settle_s - track_to_track_s) - o * settle_s;  // b (m - o) + c (n - o)
  const double determinant = (r - 1) * (n - o) - (f - 1) * (m - o);
  const double b = (rise * (n - o) - mean * (f - 1)) / determinant;
  const double c = ((r - 1) * mean - (m - o) * rise) / determinant;
  const double a = settle_s - b - c;
  SeekCurve::Roots roots{.next_s = a + b * std::sqrt(1.0) + c * 1.0, .near_s = a, .near_root_s = b, .near_each_s = c};
  const SeekCurve settled(roots, cylinders);
  for (std::uint32_t d = 1; d < cylinders; ++d) {
    if (!std::isfinite(settled[d]) || settled[d] <= 0 || settled[d] < settled[d - 1]) return {};
  }
  roots.next_s = track_to_track_s;
  return {roots, cylinders};
}

SeekCurve seek_from_two_pieces(double a_s, double b_s, double c_s, double e_s, std::uint32_t boundary,
                               std::uint32_t cylinders) {
  const double next_s = boundary > 1 ? a_s + b_s : c_s + e_s;
  return {SeekCurve::Roots{next_s, a_s, b_s, 0, boundary, c_s, e_s}, cylinders};
}

double mean_over_random_pairs(const SeekCurve& curve, const Geometry& geometry) {
  return mean_of([&](std::uint32_t d) { return curve[d]; }, geometry);
}

}  // namespace headway
