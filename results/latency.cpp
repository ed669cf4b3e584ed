// Bins are 1 % wide on a logarithmic axis, and a percentile is the geometric middle of its bin: at most 0.5 % off.
#include "results/latency.h"

#include <algorithm>
#include <cmath>

namespace headway {

namespace {

constexpr double least_s = 1e-7, most_s = 1e5;
constexpr unsigned bins_of_one_percent = 2777;  // ln(most / least) / ln(1.01), rounded up

}  // namespace

LatencyHistogram::LatencyHistogram() : bins_(Axis(bins_of_one_percent, least_s, most_s)) {}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  bins_ += other.bins_;
  count_ += other.count_;
  sum_s_ += other.sum_s_;
  max_s_ = std::max(max_s_, other.max_s_);
}

double LatencyHistogram::percentile_s(double fraction) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t below = bins_.at(-1);
  if (below >= rank) return 0;
  const Axis& axis = bins_.axis();
  for (int bin = 0; bin < axis.size(); ++bin) {
    below += bins_.at(bin);
    if (below < rank) continue;
    return std::min(std::sqrt(axis.value(bin) * axis.value(bin + 1)), max_s_);
  }
  return max_s_;
}

}  // namespace headway
