// The reads of a trace, each with its issue and its end put together: what exports, figures and the report work on.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "results/trace/device_places.h"
#include "results/trace/trace.h"

namespace headway {

struct TracedRead {
  double issued_s = 0;
  double end_s = 0;
  double queue_s = 0, seek_s = 0, rotation_s = 0, transfer_s = 0;
  std::uint64_t device = 0;  // devid
  std::uint64_t logical = 0;
  std::uint64_t physical = 0;
  std::uint32_t bytes = 0;
  std::int32_t error = 0;
  std::uint8_t mirror = 0;
  std::uint8_t level = 0;

  // Whether the drive told where the time went; a measured one does not.
  bool is_told() const { return !std::isnan(seek_s); }
  double start_s() const { return is_told() ? issued_s + queue_s : issued_s; }  // of service; not told: since issued
  double service_s() const { return end_s - start_s(); }
  double latency_s() const { return end_s - issued_s; }
};

// A point of the trace that is no read: a zone's start, or a readahead's beginning or end.
struct TracedMark {
  double time_s = 0;
  TraceEvent event = TraceEvent::zone;
  std::uint64_t device = 0;   // zone
  std::uint64_t logical = 0;  // zone
  std::uint64_t tree = 0;     // add
  HandleId handle = 0;        // add, finish, detach
};

struct TracedRun {
  TraceHeader header;
  DevicePlaces places;                 // of header.devices
  std::vector<TracedRead> reads;       // that ended, in the order in which they did
  std::vector<TracedRead> unfinished;  // issued, not ended when the trace did; their end is NaN
  std::vector<TracedMark> marks;
  double end_s = 0;  // of the last event

  std::size_t device_place(std::uint64_t devid) const { return places[devid]; }
};

// All in memory: 64 bytes a read. Throws InputError for a trace whose reads end before they were issued, or on a device
// that its header does not list.
TracedRun read_run(TraceReader& trace);
TracedRun read_run(const std::filesystem::path& path);

}  // namespace headway
