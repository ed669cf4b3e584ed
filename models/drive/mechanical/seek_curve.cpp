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

}  // namespace

SeekCurve seek_from_points(const std::vector<std::pair<std::uint32_t, double>>& points, std::uint32_t cylinders) {
  assert(points.size() >= 2);
  SeekCurve curve(cylinders, 0.0);
  std::size_t i = 0;  // the point at or above the distance
  for (std::uint32_t d = 1; d < cylinders; ++d) {
    while (i + 1 < points.size() && points[i].first < d) ++i;
    if (i == 0 || points[i].first == d) {
      curve[d] = points[i].second;
      continue;
    }
    const auto [d1, t1] = points[i - 1];
    const auto [d2, t2] = points[i];
    curve[d] = t1 + (t2 - t1) * (static_cast<double>(d) - d1) / (static_cast<double>(d2) - d1);
  }
  return curve;
}

SeekCurve seek_from_data_sheet(double track_to_track_s, double settle_s, double average_s, double full_stroke_s,
                               const Geometry& geometry) {
  const std::uint32_t cylinders = geometry.cylinders();
  SeekCurve curve(cylinders);
  for (std::uint32_t d = 0; d < cylinders; ++d) curve[d] = std::sqrt(static_cast<double>(d));
  // a + b + c = settle; a + b r + c f = full stroke; a o + b m + c n = average, and what the next track is quicker by.
  // The double sums of 1, of d, and of 1 at distance 1 alone have closed forms.
  const auto twice_one = [](std::int64_t k) { return static_cast<long double>(k) * (k - 1) / 2; };
  const auto twice_distance = [](std::int64_t k) { return static_cast<long double>(k) * (k - 1) * (k + 1) / 6; };
  const auto twice_next = [](std::int64_t k) { return static_cast<long double>(k - 1); };
  const double o = mean_over_pairs(twice_one, 0.0, geometry);
  const double m = mean_over_random_pairs(curve, geometry);
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
  for (std::uint32_t d = 1; d < cylinders; ++d) {
    curve[d] = a + b * curve[d] + c * d;
    if (!std::isfinite(curve[d]) || curve[d] <= 0 || curve[d] < curve[d - 1]) return {};
  }
  curve[1] = track_to_track_s;
  return curve;
}

SeekCurve seek_from_two_pieces(double a_s, double b_s, double c_s, double e_s, std::uint32_t boundary,
                               std::uint32_t cylinders) {
  SeekCurve curve(cylinders, 0.0);
  for (std::uint32_t d = 1; d < cylinders; ++d)
    curve[d] = d < boundary ? a_s + b_s * std::sqrt(static_cast<double>(d)) : c_s + e_s * d;
  return curve;
}

double mean_over_random_pairs(const std::vector<double>& value, const Geometry& geometry) {
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
    for (; k < n; ++k) twice += once += static_cast<long double>(value[static_cast<std::size_t>(k)]);
    sum = twice;
  }
  const auto sum_to = [&](std::int64_t n) {
    return std::ranges::lower_bound(sums, n, {}, &std::pair<std::int64_t, long double>::first)->second;
  };
  return mean_over_pairs(sum_to, value[0], geometry);
}

}  // namespace headway
