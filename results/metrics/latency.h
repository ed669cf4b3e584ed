// A histogram of latencies, for percentiles that are right to within 0.5 % at a fixed cost in time and memory.
#pragma once

#include <boost/histogram/axis/regular.hpp>
#include <cstdint>
#include <vector>

namespace headway {

class LatencyHistogram {
 public:
  LatencyHistogram();

  void record(double latency_s) {
    if (count_++ == 0) make_bins();
    ++bins_[static_cast<std::size_t>(axis_.index(latency_s) + 1)];
    sum_s_ += latency_s;
    if (latency_s > max_s_) max_s_ = latency_s;
  }
  void merge(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  double mean_s() const { return count_ == 0 ? 0 : sum_s_ / static_cast<double>(count_); }  // exact
  double max_s() const { return max_s_; }                                                   // exact
  // The nearest-rank percentile: the least latency that at least `fraction` (in (0, 1]) of all are at most. 0 when
  // there are none, or below 100 ns; exact above 10^5 s only as the maximum.
  double percentile_s(double fraction) const;

 private:
  void make_bins();

  using Axis = boost::histogram::axis::regular<double, boost::histogram::axis::transform::log>;

  Axis axis_;
  // By the axis's index + 1: what lies below it, its bins, what lies above. None before the first latency: 22 KiB that
  // most of 65,535 devices never need.
  std::vector<std::uint64_t> bins_;
  std::uint64_t count_ = 0;
  double sum_s_ = 0;
  double max_s_ = 0;
};

}  // namespace headway
