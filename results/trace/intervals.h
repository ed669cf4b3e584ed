// Metrics over time: the run cut into windows of one length, in a companion file of results.json.
//
// The recorder takes a copy of each device's sums at the end of each window; a window's metrics are the difference of
// two copies. Of a device that nothing has happened to there is none. The first windows are microseconds long, and
// whenever there are too many, two become one: any run ends with a few hundred windows, without its length being known,
// at no cost for a read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/metrics/device_counters.h"
#include "results/metrics/metric.h"
#include "results/trace/traced_reads.h"

namespace headway {

// By window. Every window lasts `window_s` but the last, which ends at `end_s`: half as long at least, where there are
// several, and at most half longer. (A rest of microseconds would have a rate of its own, of one read that ended in it
// and took far longer.) A window's latency percentiles and maximum, and wasted_reads, are empty (NaN).
struct Intervals {
  double window_s = 0;
  double end_s = 0;
  std::vector<std::uint64_t> devids;  // of the devices that something happened to; the others were idle
  std::vector<MetricValues> run;
  std::vector<std::vector<MetricValues>> devices;  // by device, in the order of devids

  std::size_t windows() const { return run.size(); }
  double start_s(std::size_t window) const { return static_cast<double>(window) * window_s; }
};

class IntervalSampler {
 public:
  // `window_s` 0: chosen as above. A given one is kept, whatever the memory that it takes.
  explicit IntervalSampler(std::size_t devices, double window_s = 0);

  // To be called with the time of each event before it is counted.
  void at(double t, std::span<DeviceCounters> devices) {
    if (t >= next_s_) take(t, devices);
  }
  // `taken` is called at the end of each window: often enough to see a run go on, and never for a read.
  void watch(std::function<void(double t)> taken) { taken_ = std::move(taken); }
  // The windows of a run that ended at `end_s`.
  Intervals finish(double end_s, std::span<const DeviceCounters> devices, std::vector<std::uint64_t> devids) const;

 private:
  void take(double t, std::span<DeviceCounters> devices);
  void halve();

  std::size_t devices_, most_windows_;
  double window_s_;
  double next_s_;  // the end of the current window
  std::size_t windows_ = 0;
  std::vector<std::vector<Tally>> copies_;  // by device, then by window; empty before its first event
  std::function<void(double)> taken_;
};

// The same from a trace: for runs of which only that is left, and as a check of the recorder.
Intervals intervals_of(const TracedRun& run, double window_s = 0);

// POLICY.SEED.intervals.h5. FORMAT, version 1: attributes `format` ("headway intervals"), `schema_version`,
// `scenario`, `policy`, `seed`; the datasets `end_s` (of one element), `window_s` (likewise), `start_s` (when a
// window begins, an element a window; older files have none: it is the window's number times window_s) and `devid`
// (devices that were idle throughout are not there); the group `run` with a dataset a metric by its name, an element a
// window; the group `devices` with the same, all windows of the first device before those of the second. What has a
// unit has the attribute `unit`, but in older files.
inline constexpr std::uint64_t intervals_schema_version = 1;
std::string intervals_file_name(std::string_view policy, std::uint64_t seed);
// Whole or not at all. Throws std::runtime_error that names the file.
void write_intervals(const std::filesystem::path& path, const TraceHeader& header, const Intervals& intervals);
// Metrics that an older file does not have, but for `reads`, have no value. Throws InputError.
Intervals read_intervals(const std::filesystem::path& path);

}  // namespace headway
