// The recorder's state is flat: a record a device, and for zone conflicts a counter for each device of each stripe set,
// found by the read's mirror number without a search.
#include "results/recorder.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "results/latency.h"
#include "results/trace.h"

namespace headway {

namespace {

constexpr std::uint64_t nowhere = UINT64_MAX;

struct DeviceState {
  std::uint64_t reads = 0, bytes = 0, seeks = 0, errors = 0, hits = 0, zone_switches = 0, zone_conflicts = 0;
  std::uint64_t last_end = nowhere;  // where the last read that was served ended
  double seek_distance_bytes = 0;    // a sum; in double, since 10^8 seeks over 20 TB pass 64 bits
  double seek_s = 0, rotation_s = 0, transfer_s = 0;
  double busy_s = 0;             // up to `changed_s`
  double in_flight_seconds = 0;  // the integral of in_flight up to `changed_s`
  double changed_s = 0;
  std::uint64_t in_flight = 0;
  LatencyHistogram latency;

  void advance(double t) {
    const double passed = t - changed_s;
    assert(passed >= 0);
    busy_s += in_flight > 0 ? passed : 0;
    in_flight_seconds += static_cast<double>(in_flight) * passed;
    changed_s = t;
  }
};

struct Totals {
  double elapsed_s = 0;
  double in_flight_seconds = 0, busy_s = 0, idle_s = 0;
  double seek_distance_bytes = 0, seek_s = 0, rotation_s = 0, transfer_s = 0;
  std::uint64_t devices = 1;
  std::uint64_t reads = 0, bytes = 0, seeks = 0, errors = 0, hits = 0, zone_switches = 0, zone_conflicts = 0;
};

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

MetricValues values_of(const Totals& totals, const LatencyHistogram& latency) {
  using enum MetricId;
  const auto as_double = [](std::uint64_t value) { return static_cast<double>(value); };
  MetricValues v;
  v[elapsed_s] = totals.elapsed_s;
  v[reads] = as_double(totals.reads);
  v[bytes_read] = as_double(totals.bytes);
  v[throughput_bytes_per_s] = ratio(as_double(totals.bytes), totals.elapsed_s);
  v[reads_per_s] = ratio(as_double(totals.reads), totals.elapsed_s);
  v[seeks] = as_double(totals.seeks);
  v[seek_distance_bytes_mean] = ratio(totals.seek_distance_bytes, as_double(totals.seeks));
  v[seek_time_s] = totals.seek_s;
  v[rotation_time_s] = totals.rotation_s;
  v[transfer_time_s] = totals.transfer_s;
  v[idle_time_s] = totals.idle_s;
  v[busy_fraction] = ratio(totals.busy_s, totals.elapsed_s * as_double(totals.devices));
  v[in_flight_mean] = ratio(totals.in_flight_seconds, totals.elapsed_s);
  v[latency_s_mean] = latency.mean_s();
  v[latency_s_p50] = latency.percentile_s(0.50);
  v[latency_s_p95] = latency.percentile_s(0.95);
  v[latency_s_p99] = latency.percentile_s(0.99);
  v[latency_s_max] = latency.max_s();
  v[zone_switches] = as_double(totals.zone_switches);
  v[zone_conflicts] = as_double(totals.zone_conflicts);
  v[hits] = as_double(totals.hits);
  v[errors] = as_double(totals.errors);
  return v;
}

Totals totals_of(DeviceState state, double elapsed_s) {
  state.advance(std::max(elapsed_s, state.changed_s));
  Totals totals;
  totals.elapsed_s = elapsed_s;
  totals.in_flight_seconds = state.in_flight_seconds;
  totals.busy_s = std::min(state.busy_s, elapsed_s);  // a sum of many differences may be an ulp too long
  totals.idle_s = elapsed_s - totals.busy_s;
  totals.seek_distance_bytes = state.seek_distance_bytes;
  totals.seek_s = state.seek_s;
  totals.rotation_s = state.rotation_s;
  totals.transfer_s = state.transfer_s;
  totals.reads = state.reads;
  totals.bytes = state.bytes;
  totals.seeks = state.seeks;
  totals.errors = state.errors;
  totals.hits = state.hits;
  totals.zone_switches = state.zone_switches;
  totals.zone_conflicts = state.zone_conflicts;
  return totals;
}

void accumulate(Totals& sum, const Totals& device) {
  sum.in_flight_seconds += device.in_flight_seconds;
  sum.busy_s += device.busy_s;
  sum.idle_s += device.idle_s;
  sum.seek_distance_bytes += device.seek_distance_bytes;
  sum.seek_s += device.seek_s;
  sum.rotation_s += device.rotation_s;
  sum.transfer_s += device.transfer_s;
  sum.reads += device.reads;
  sum.bytes += device.bytes;
  sum.seeks += device.seeks;
  sum.errors += device.errors;
  sum.hits += device.hits;
  sum.zone_switches += device.zone_switches;
  sum.zone_conflicts += device.zone_conflicts;
}

}  // namespace

struct Recorder::State {
  State(const Volume& v, const Forest& f, TraceWriter* t) : volume(v), forest(f), trace(t) {
    devices.resize(volume.devices().size());
    first_member.push_back(0);
    for (std::uint32_t set = 0; set < volume.stripe_set_count(); ++set) {
      for (const DeviceIndex device : volume.devices_of_set(set)) members.push_back({device, 0});
      first_member.push_back(static_cast<std::uint32_t>(members.size()));
    }
  }

  // A device of a stripe set and its reads of that set in flight.
  struct Member {
    DeviceIndex device;
    std::uint32_t in_flight;
  };

  Member& member_of(const Read& read) {
    const std::uint32_t first = first_member[forest.stripe_set[read.block]];
    assert(read.mirror >= 1 && members[first + read.mirror - 1].device == read.device);
    return members[first + read.mirror - 1];
  }

  bool conflicts(const Read& read) const {
    const std::uint32_t set = forest.stripe_set[read.block];
    for (std::uint32_t i = first_member[set]; i < first_member[set + 1]; ++i) {
      if (members[i].in_flight > 0 && members[i].device != read.device) return true;
    }
    return false;
  }

  std::uint64_t devid(DeviceIndex device) const { return volume.devices()[device].devid; }

  TraceRow row_of(double t, TraceEvent event, const Read& read) const {
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.device = devid(read.device);
    row.logical = read.logical;
    row.physical = read.physical;
    row.bytes = read.bytes;
    row.mirror = read.mirror;
    if (read.block != no_block) row.level = read.level;
    return row;
  }

  void trace_block(double t, TraceEvent event, BlockId block) {
    if (trace == nullptr) return;
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.logical = forest.logical[block];
    row.bytes = forest.node_bytes;
    row.level = forest.level[block];
    trace->append(row);
  }

  void trace_handle(double t, TraceEvent event, HandleId handle, std::uint64_t tree = 0) {
    if (trace == nullptr) return;
    TraceRow row;
    row.time_s = t;
    row.event = event;
    row.handle = handle;
    row.tree = tree;
    trace->append(row);
  }

  const Volume& volume;
  const Forest& forest;
  TraceWriter* trace;
  std::vector<DeviceState> devices;
  std::vector<std::uint32_t> first_member;  // by stripe set, and one past the last
  std::vector<Member> members;
};

Recorder::Recorder(const Volume& volume, const Forest& forest, TraceWriter* trace)
    : state_(std::make_unique<State>(volume, forest, trace)) {}
Recorder::~Recorder() = default;

void Recorder::add(double t, HandleId handle, std::uint64_t tree_objectid) {
  state_->trace_handle(t, TraceEvent::add, handle, tree_objectid);
}

void Recorder::cached(double t, BlockId block) { state_->trace_block(t, TraceEvent::cached, block); }

void Recorder::evict(double t, BlockId block) { state_->trace_block(t, TraceEvent::evict, block); }

void Recorder::zone(double t, DeviceIndex device, std::uint64_t logical) {
  ++state_->devices[device].zone_switches;
  if (state_->trace == nullptr) return;
  TraceRow row;
  row.time_s = t;
  row.event = TraceEvent::zone;
  row.device = state_->devid(device);
  row.logical = logical;
  state_->trace->append(row);
}

void Recorder::issue(double t, const Read& read) {
  DeviceState& device = state_->devices[read.device];
  device.advance(t);
  ++device.in_flight;
  if (read.block != no_block) {
    if (state_->conflicts(read)) ++device.zone_conflicts;
    ++state_->member_of(read).in_flight;
  }
  if (state_->trace != nullptr) state_->trace->append(state_->row_of(t, TraceEvent::issue, read));
}

void Recorder::hit(double t, const Read& read) {
  ++state_->devices[read.device].hits;
  if (state_->trace != nullptr) state_->trace->append(state_->row_of(t, TraceEvent::hit, read));
}

void Recorder::complete(double t, const Read& read, int error, const ServiceTimes& times, double issued_s) {
  DeviceState& device = state_->devices[read.device];
  assert(device.in_flight > 0);
  device.advance(t);
  --device.in_flight;
  if (read.block != no_block) --state_->member_of(read).in_flight;

  ++device.reads;
  if (error == 0) {
    device.bytes += read.bytes;
  } else {
    ++device.errors;
  }
  if (device.last_end != nowhere && device.last_end != read.physical) {
    ++device.seeks;
    device.seek_distance_bytes +=
        std::abs(static_cast<double>(static_cast<std::int64_t>(read.physical - device.last_end)));
  }
  device.last_end = read.physical + read.bytes;
  device.seek_s += times.seek_s;
  device.rotation_s += times.rotation_s;
  device.transfer_s += times.transfer_s;
  device.latency.record(t - issued_s);

  if (state_->trace == nullptr) return;
  TraceRow row = state_->row_of(t, TraceEvent::complete, read);
  row.error = error;
  row.queue_s = times.queue_s;
  row.seek_s = times.seek_s;
  row.rotation_s = times.rotation_s;
  row.transfer_s = times.transfer_s;
  state_->trace->append(row);
}

void Recorder::finish(double t, HandleId handle) { state_->trace_handle(t, TraceEvent::finish, handle); }

void Recorder::detach(double t, HandleId handle) { state_->trace_handle(t, TraceEvent::detach, handle); }

RunMetrics Recorder::metrics(double elapsed_s, std::uint64_t wasted_reads) const {
  RunMetrics result;
  Totals sum;
  sum.elapsed_s = elapsed_s;
  sum.devices = std::max<std::size_t>(state_->devices.size(), 1);
  LatencyHistogram latency;
  for (const DeviceState& device : state_->devices) {
    const Totals totals = totals_of(device, elapsed_s);
    accumulate(sum, totals);
    latency.merge(device.latency);
    result.devices.push_back(values_of(totals, device.latency));
  }
  result.run = values_of(sum, latency);
  result.run[MetricId::wasted_reads] = static_cast<double>(wasted_reads);
  return result;
}

}  // namespace headway
