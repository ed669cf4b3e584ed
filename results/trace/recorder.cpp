// The recorder's state is flat: a record a device, and for zone conflicts a counter for each device of each stripe set,
// found by the read's mirror number without a search.
#include "results/trace/recorder.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "results/metrics/device_counters.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"

namespace headway {

struct Recorder::State {
  State(const Volume& v, const Forest& f, TraceWriter* t)
      : volume(v), forest(f), trace(t), devices(v.devices().size()), sampler(devices.size()) {
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
  std::vector<DeviceCounters> devices;
  IntervalSampler sampler;
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
  state_->sampler.at(t, state_->devices);
  ++state_->devices[device].tally.zone_switches;
  if (state_->trace == nullptr) return;
  TraceRow row;
  row.time_s = t;
  row.event = TraceEvent::zone;
  row.device = state_->devid(device);
  row.logical = logical;
  state_->trace->append(row);
}

void Recorder::issue(double t, const Read& read) {
  state_->sampler.at(t, state_->devices);
  DeviceCounters& device = state_->devices[read.device];
  device.issue(t);
  if (read.block != no_block) {
    if (state_->conflicts(read)) ++device.tally.zone_conflicts;
    ++state_->member_of(read).in_flight;
  }
  if (state_->trace != nullptr) state_->trace->append(state_->row_of(t, TraceEvent::issue, read));
}

void Recorder::hit(double t, const Read& read) {
  state_->sampler.at(t, state_->devices);
  ++state_->devices[read.device].tally.hits;
  if (state_->trace != nullptr) state_->trace->append(state_->row_of(t, TraceEvent::hit, read));
}

void Recorder::merged(DeviceIndex device, std::uint32_t reads) { state_->devices[device].tally.merged += reads; }

void Recorder::complete(double t, const Read& read, int error, const ServiceTimes& times, double issued_s) {
  state_->sampler.at(t, state_->devices);
  state_->devices[read.device].complete(t, read.physical, read.bytes, error, times, issued_s);
  if (read.block != no_block) --state_->member_of(read).in_flight;

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
  Tally sum;
  LatencyHistogram latency;
  for (DeviceCounters device : state_->devices) {
    device.advance(std::max(elapsed_s, device.changed_s()));
    sum += device.tally;
    latency.merge(device.latency);
    result.devices.push_back(metrics_of(device.tally, elapsed_s, 1));
    add_latency(result.devices.back(), device.latency);
  }
  result.run = metrics_of(sum, elapsed_s, std::max<std::size_t>(state_->devices.size(), 1));
  add_latency(result.run, latency);
  result.run[MetricId::wasted_reads] = static_cast<double>(wasted_reads);
  return result;
}

void Recorder::watch(std::function<void(double, std::uint64_t, std::uint64_t)> seen) {
  state_->sampler.watch([state = state_.get(), seen = std::move(seen)](double t) {
    Tally sum;
    for (const DeviceCounters& device : state->devices) sum += device.tally;
    seen(t, sum.reads, sum.bytes);
  });
}

Intervals Recorder::intervals(double elapsed_s) const {
  std::vector<std::uint64_t> devids;
  for (const Device& device : state_->volume.devices()) devids.push_back(device.devid);
  return state_->sampler.finish(elapsed_s, state_->devices, std::move(devids));
}

}  // namespace headway
