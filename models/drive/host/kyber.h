// kyber: first come, first served, but for how many reads and how many writes may be at the drive: it cuts the one
// whose latencies are good while the other's are bad.
//
// From Linux block/kyber-iosched.c (v6.1). Targets: reads 2 ms, writes 10 ms. Latencies fall into 8 buckets, each a
// quarter of the target wide. 100 ms after a completion kyber looks: the drive is congested if the 90th percentile of
// any domain's time at the drive is beyond its target; then each domain's depth becomes depth * (bucket of its 99th
// percentile of total latency + 1) / 4, within 1 and 256 reads or 128 writes. A percentile needs 500 samples, or a
// second since a look first found samples of its domain. That second is one for both histograms of a domain, and the
// time at the drive comes first: below 500 samples a second it uses the second up, and the total latency, for which
// another one then begins, is judged only once it has gathered its 500. Reads go in batches of 16, writes of 8.
//
// Simplification: one hardware queue, and time in seconds, not in jiffies; a read-only load is cut only when its own
// latencies are good while they are bad, that is, never: for such loads kyber is none.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>

#include "models/drive/host/fifo.h"
#include "models/drive/host/host_request.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class Kyber {
 public:
  static constexpr Kind kind{
      "kyber", "First come, first served, and fewer reads or writes at the drive while the others are late.",
      "Linux block/kyber-iosched.c (v6.1)"};
  static constexpr bool in_order = false;

  void add(const HostRequest& request, double /*now_s*/) { waiting_[request.request.write].push(request); }

  bool take(HostRequest& request, double now_s) {
    look_if_due(now_s);
    if (may_take(current_) && batched_ < batch_size[current_]) return take_from(current_, request);
    for (std::size_t i = 1; i <= domains; ++i) {
      const std::size_t next = (current_ + i) % domains;
      if (!may_take(next)) continue;
      current_ = next;
      batched_ = 0;
      return take_from(next, request);
    }
    return false;
  }

  void completed(const Finished& finished) {
    const std::size_t domain = finished.host.request.write;
    const double end_s = finished.done.end_s;
    --in_flight_[domain];
    look_if_due(end_s);
    sample(total_[domain], domain, end_s - finished.host.submitted_s);
    sample(at_drive_[domain], domain, end_s - finished.dispatched_s);
    look_s_ = std::min(look_s_, end_s + look_after_s);
  }

  double wake_s() const { return never; }  // what is held back has one at the drive, whose end asks again

  std::uint32_t depth(bool write) const { return depth_[write]; }

 private:
  static constexpr std::size_t domains = 2;  // reads, writes
  static constexpr std::array<double, domains> target_s{2e-3, 10e-3};
  static constexpr std::array<std::uint32_t, domains> most{256, 128};
  static constexpr std::array<std::uint32_t, domains> batch_size{16, 8};
  static constexpr int buckets = 8;
  static constexpr int good_buckets = 4;
  static constexpr int samples_needed = 500;
  static constexpr double samples_wait_s = 1.0;
  static constexpr double look_after_s = 0.1;
  static constexpr double never = std::numeric_limits<double>::infinity();

  using Histogram = std::array<int, buckets>;

  bool may_take(std::size_t domain) const { return !waiting_[domain].empty() && in_flight_[domain] < depth_[domain]; }

  bool take_from(std::size_t domain, HostRequest& request) {
    request = waiting_[domain].pop();
    ++in_flight_[domain];
    ++batched_;
    return true;
  }

  static void sample(Histogram& histogram, std::size_t domain, double latency_s) {
    const double bucket = latency_s / (target_s[domain] / good_buckets);
    ++histogram[static_cast<std::size_t>(std::min(bucket, buckets - 1.0))];
  }

  // calculate_percentile: the bucket of a percentile, and the samples are spent; -1 while there are too few.
  int percentile(Histogram& histogram, std::size_t domain, int percent, double now_s) {
    const int samples = std::accumulate(histogram.begin(), histogram.end(), 0);
    if (samples == 0) return -1;
    double& patience_ends_s = patience_ends_s_[domain];
    if (patience_ends_s == never) patience_ends_s = now_s + samples_wait_s;
    if (samples < samples_needed && now_s < patience_ends_s) return -1;
    patience_ends_s = never;
    int left = (samples * percent + 99) / 100;
    int bucket = 0;
    while (bucket < buckets - 1 && histogram[static_cast<std::size_t>(bucket)] < left)
      left -= histogram[static_cast<std::size_t>(bucket++)];
    histogram = {};
    return bucket;
  }

  // The timer, which a completion sets: by then nothing else has happened to what it looks at.
  void look_if_due(double now_s) {
    if (now_s < look_s_) return;
    adjust(look_s_);
    look_s_ = never;
  }

  void adjust(double now_s) {
    bool congested = false;
    for (std::size_t domain = 0; domain < domains; ++domain)
      congested |= percentile(at_drive_[domain], domain, 90, now_s) >= good_buckets;
    for (std::size_t domain = 0; domain < domains; ++domain) {
      int p99 = percentile(total_[domain], domain, 99, now_s);
      if (congested) {  // a domain without samples this time is judged by the last ones, once
        if (p99 < 0) p99 = last_p99_[domain];
        last_p99_[domain] = -1;
      } else if (p99 >= 0) {
        last_p99_[domain] = p99;
      }
      if (p99 < 0 || (!congested && p99 < good_buckets)) continue;
      const std::uint32_t scaled = depth_[domain] * static_cast<std::uint32_t>(p99 + 1) / good_buckets;
      depth_[domain] = std::clamp<std::uint32_t>(scaled, 1, most[domain]);
    }
  }

  std::array<Fifo<HostRequest>, domains> waiting_;
  std::array<std::uint32_t, domains> in_flight_{};
  std::array<std::uint32_t, domains> depth_ = most;
  std::array<Histogram, domains> total_{};
  std::array<Histogram, domains> at_drive_{};
  std::array<double, domains> patience_ends_s_{never, never};  // with few samples, of both histograms
  std::array<int, domains> last_p99_{-1, -1};
  std::size_t current_ = 0;
  std::uint32_t batched_ = 0;
  double look_s_ = never;
};

}  // namespace headway
