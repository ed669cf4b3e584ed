// Bins are 1 % wide on a logarithmic axis, and a percentile is the geometric middle of its bin: at most 0.5 % off.
#include "results/metrics/latency.h"

#include <algorithm>
#include <cmath>

namespace headway {

namespace {

constexpr double least_s = 1e-7, most_s = 1e5;
constexpr unsigned bins_of_one_percent = 2777;  // ln(most / least) / ln(1.01), rounded up

}  // namespace

LatencyHistogram::LatencyHistogram() : axis_(bins_of_one_percent, least_s, most_s) {}

void LatencyHistogram::make_bins() { bins_.resize(bins_of_one_percent + 2); }

void LatencyHistogram::merge(const LatencyHistogram& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) make_bins();
  for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
  count_ += other.count_;
  sum_s_ += other.sum_s_;
  max_s_ = std::max(max_s_, other.max_s_);
}

double LatencyHistogram::percentile_s(double fraction) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t below = bins_.front();
  if (below >= rank) return 0;
  for (int bin = 0; bin < axis_.size(); ++bin) {
    below += bins_[static_cast<std::size_t>(bin) + 1];
    if (below < rank) continue;
    return std::min(std::sqrt(axis_.value(bin) * axis_.value(bin + 1)), max_s_);
  }
  return max_s_;
}

}  // namespace headway
