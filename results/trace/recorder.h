// The recorder: what happens in a run goes in, event by event; the metrics come out, and the trace on the way.
//
// It is called for each simulated read, so a call allocates nothing, hashes nothing and branches little. Times are
// simulated seconds and never go back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/forest.h"
#include "core/read.h"
#include "core/volume.h"
#include "results/metrics/metric.h"

namespace headway {

class TraceWriter;
struct Intervals;

class Recorder {
 public:
  // `trace` may be null. All three outlive the recorder.
  Recorder(const Volume& volume, const Forest& forest, TraceWriter* trace);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void add(double t, HandleId handle, std::uint64_t tree_objectid);
  void cached(double t, BlockId block);  // entered memory other than by the policy's own read
  void evict(double t, BlockId block);
  void zone(double t, DeviceIndex device, std::uint64_t logical);
  // A read without a block (read.block == no_block) is one of file data: its level means nothing and it is in no
  // zone conflict. A coalesced read (read.blocks > 1) counts as one read.
  void issue(double t, const Read& read);
  void hit(double t, const Read& read);
  // So many reads have joined another, which is issued for all of them.
  void merged(DeviceIndex device, std::uint32_t reads);
  // Ends an issued read. `error` is 0 or an errno; a read that failed counts in `reads` and `errors` but brings no
  // bytes. Calls come in the order in which the device served.
  void complete(double t, const Read& read, int error, const ServiceTimes& times, double issued_s);
  void finish(double t, HandleId handle);
  void detach(double t, HandleId handle);

  // The metrics of a run that took `elapsed_s`, not before the last event. Reads still in flight then count in
  // in_flight_mean and busy_fraction only. `wasted_reads` is the driver's to know; devices have none.
  RunMetrics metrics(double elapsed_s, std::uint64_t wasted_reads) const;
  // Calls `seen` now and then with the time and the reads and bytes so far: for showing how far a run is.
  void watch(std::function<void(double t, std::uint64_t reads, std::uint64_t bytes)> seen);
  // The same over time, in windows (intervals.h, which also writes them).
  Intervals intervals(double elapsed_s) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
