// See device_counters.h.
#include "results/metrics/device_counters.h"

#include <algorithm>

namespace headway {

namespace {

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

template <typename F>
void for_each_member(F&& f) {
  f(&Tally::reads), f(&Tally::bytes), f(&Tally::seeks), f(&Tally::errors), f(&Tally::hits), f(&Tally::zone_switches);
  f(&Tally::zone_conflicts), f(&Tally::merged), f(&Tally::seek_distance_bytes), f(&Tally::seek_s);
  f(&Tally::rotation_s), f(&Tally::transfer_s), f(&Tally::latency_s), f(&Tally::busy_s), f(&Tally::in_flight_seconds);
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  for_each_member([&](auto member) { this->*member += other.*member; });
  return *this;
}

Tally Tally::operator-(const Tally& other) const {
  Tally difference = *this;
  for_each_member([&](auto member) { difference.*member -= other.*member; });
  return difference;
}

MetricValues metrics_of(const Tally& tally, double elapsed, std::size_t devices) {
  using enum MetricId;
  const auto as_double = [](std::uint64_t value) { return static_cast<double>(value); };
  const double device_seconds = elapsed * static_cast<double>(devices);
  const double busy = std::min(tally.busy_s, device_seconds);  // a sum of many differences may be an ulp too long
  MetricValues v;
  v[elapsed_s] = elapsed;
  v[reads] = as_double(tally.reads);
  v[bytes_read] = as_double(tally.bytes);
  v[throughput_bytes_per_s] = ratio(as_double(tally.bytes), elapsed);
  v[reads_per_s] = ratio(as_double(tally.reads), elapsed);
  v[seeks] = as_double(tally.seeks);
  v[seek_distance_bytes_mean] = ratio(tally.seek_distance_bytes, as_double(tally.seeks));
  v[seek_time_s] = tally.seek_s;
  v[rotation_time_s] = tally.rotation_s;
  v[transfer_time_s] = tally.transfer_s;
  v[idle_time_s] = device_seconds - busy;
  v[busy_fraction] = ratio(busy, device_seconds);
  v[in_flight_mean] = ratio(tally.in_flight_seconds, elapsed);
  if (const std::uint64_t brought = tally.reads - tally.errors; brought > 0) {
    v[latency_s_mean] = tally.latency_s / as_double(brought);
    v[request_bytes_mean] = as_double(tally.bytes) / as_double(brought);
  }
  v[zone_switches] = as_double(tally.zone_switches);
  v[zone_conflicts] = as_double(tally.zone_conflicts);
  v[hits] = as_double(tally.hits);
  v[errors] = as_double(tally.errors);
  v[merged_reads] = as_double(tally.merged);
  v[aqu_sz] = v[in_flight_mean];
  v[r_await] = 1e3 * v[latency_s_mean];
  v[util] = 100 * v[busy_fraction];
  return v;
}

void add_latency(MetricValues& values, const LatencyHistogram& latency) {
  using enum MetricId;
  if (latency.count() == 0) return;
  values[latency_s_p50] = latency.percentile_s(0.50);
  values[latency_s_p95] = latency.percentile_s(0.95);
  values[latency_s_p99] = latency.percentile_s(0.99);
  values[latency_s_max] = latency.max_s();
}

}  // namespace headway
