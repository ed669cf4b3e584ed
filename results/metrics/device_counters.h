// What is counted for one device, and how the metrics come from it.
#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <span>

#include "core/read.h"
#include "results/metrics/latency.h"
#include "results/metrics/metric.h"

namespace headway {

// Everything that adds up over time: the difference of two is what happened between.
struct Tally {
  std::uint64_t reads = 0, bytes = 0, seeks = 0, errors = 0, hits = 0, zone_switches = 0, zone_conflicts = 0;
  std::uint64_t merged = 0;        // reads that joined others
  double seek_distance_bytes = 0;  // a sum; in double, since 10^8 seeks over 20 TB pass 64 bits
  double seek_s = 0, rotation_s = 0, transfer_s = 0;
  double latency_s = 0;          // a sum, over the reads that did not fail
  double busy_s = 0;             // time with at least one read in flight
  double in_flight_seconds = 0;  // the integral of the reads in flight

  Tally& operator+=(const Tally& other);
  Tally operator-(const Tally& other) const;
};

// The metrics of `elapsed_s` seconds of one device, or of `devices` of them added up. The percentiles and the maximum
// of latency stay empty, and its mean where no read brought data.
MetricValues metrics_of(const Tally& tally, double elapsed_s, std::size_t devices);
// What is of no read stays empty.
void add_latency(MetricValues& values, const LatencyHistogram& latency);

class DeviceCounters {
 public:
  Tally tally;  // up to the time of the last call
  LatencyHistogram latency;

  // Brings the integrals up to t.
  void advance(double t) {
    const double passed = t - changed_s_;
    assert(passed >= 0);
    tally.busy_s += in_flight_ > 0 ? passed : 0;
    tally.in_flight_seconds += static_cast<double>(in_flight_) * passed;
    changed_s_ = t;
  }

  void issue(double t) {
    advance(t);
    ++in_flight_;
  }

  void complete(double t, std::uint64_t physical, std::uint32_t bytes, int error, const ServiceTimes& times,
                double issued_s) {
    assert(in_flight_ > 0);
    advance(t);
    --in_flight_;
    ++tally.reads;
    if (error == 0) {
      tally.bytes += bytes;
      tally.latency_s += t - issued_s;
      latency.record(t - issued_s);
    } else {
      ++tally.errors;
    }
    if (last_end_ != nowhere && last_end_ != physical) {
      ++tally.seeks;
      tally.seek_distance_bytes += std::abs(static_cast<double>(static_cast<std::int64_t>(physical - last_end_)));
    }
    last_end_ = physical + bytes;
    tally.seek_s += times.seek_s;
    tally.rotation_s += times.rotation_s;
    tally.transfer_s += times.transfer_s;
  }

  double changed_s() const { return changed_s_; }
  // Whether anything has happened here.
  bool in_use() const { return in_flight_ > 0 || tally.reads + tally.hits + tally.zone_switches > 0; }

 private:
  static constexpr std::uint64_t nowhere = UINT64_MAX;

  std::uint64_t last_end_ = nowhere;  // where the last read that was served ended
  double changed_s_ = 0;
  std::uint64_t in_flight_ = 0;
};

}  // namespace headway
