// See intervals.h.
#include "results/trace/intervals.h"

#include <algorithm>
#include <tuple>

namespace headway {

namespace {

constexpr double least_window_s = 1.0 / (1 << 17);  // 7.6 us: a few reads of an SSD

std::vector<MetricValues> windows_of(std::span<const Tally> copies, double window_s, double end_s,
                                     std::size_t devices) {
  std::vector<MetricValues> windows;
  Tally before;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const double start_s = static_cast<double>(i) * window_s;
    const double length_s = i + 1 == copies.size() ? end_s - start_s : window_s;
    windows.push_back(metrics_of(copies[i] - before, length_s, devices));
    before = copies[i];
  }
  return windows;
}

}  // namespace

IntervalSampler::IntervalSampler(std::size_t devices, double window_s)
    : devices_(devices),
      most_windows_(window_s > 0   ? std::numeric_limits<std::size_t>::max()
                    : devices < 64 ? 512
                                   : 128),
      window_s_(window_s > 0 ? window_s : least_window_s),
      next_s_(window_s_),
      copies_(devices) {}

void IntervalSampler::take(double t, std::span<DeviceCounters> devices) {
  while (t >= next_s_) {
    for (std::size_t i = 0; i < devices_; ++i) {
      DeviceCounters& device = devices[i];
      if (!device.in_use()) continue;
      device.advance(next_s_);
      std::vector<Tally>& copies = copies_[i];
      if (copies.empty()) copies.reserve(std::min<std::size_t>(most_windows_, 512));
      copies.resize(windows_);  // idle up to here
      copies.push_back(device.tally);
    }
    ++windows_;
    if (windows_ == most_windows_) halve();
    next_s_ = static_cast<double>(windows_ + 1) * window_s_;
  }
  if (taken_) taken_(t);
}

// Two windows become one: of two copies the later stays.
void IntervalSampler::halve() {
  windows_ /= 2;
  for (std::vector<Tally>& copies : copies_) {
    if (copies.empty()) continue;
    for (std::size_t window = 0; window < windows_; ++window) copies[window] = copies[2 * window + 1];
    copies.resize(windows_);
  }
  window_s_ *= 2;
}

Intervals IntervalSampler::finish(double end_s, std::span<const DeviceCounters> devices,
                                  std::vector<std::uint64_t> devids) const {
  Intervals intervals;
  intervals.window_s = window_s_;
  intervals.end_s = end_s;
  // What came after the last full window: one more, or where it is short, a part of that.
  const double rest_s = end_s - static_cast<double>(windows_) * window_s_;
  const bool rest = windows_ == 0 ? rest_s > 0 : rest_s >= window_s_ / 2;
  std::vector<Tally> all(windows_ + (rest ? 1 : 0));
  for (std::size_t device = 0; device < devices_; ++device) {
    if (!devices[device].in_use()) continue;
    intervals.devids.push_back(devids[device]);
    std::vector<Tally> own = copies_[device];
    DeviceCounters last = devices[device];
    last.advance(std::max(end_s, last.changed_s()));
    own.resize(all.size());
    if (!own.empty()) own.back() = last.tally;  // events at the very end belong to the last window
    for (std::size_t window = 0; window < own.size(); ++window) all[window] += own[window];
    intervals.devices.push_back(windows_of(own, window_s_, end_s, 1));
  }
  intervals.run = windows_of(all, window_s_, end_s, devices_);
  return intervals;
}

Intervals intervals_of(const TracedRun& run, double window_s) {
  struct Step {
    double time_s;
    bool is_end;
    const TracedRead* read;
  };
  std::vector<Step> steps;
  for (const TracedRead& read : run.reads) {
    steps.push_back({read.issued_s, false, &read});
    steps.push_back({read.end_s, true, &read});
  }
  for (const TracedRead& read : run.unfinished) steps.push_back({read.issued_s, false, &read});
  std::ranges::stable_sort(steps, {}, &Step::time_s);
  std::vector<DeviceCounters> devices(run.header.devices.size());
  IntervalSampler sampler(devices.size(), window_s);
  std::size_t mark = 0;
  const auto zones_until = [&](double t) {
    for (; mark < run.marks.size() && run.marks[mark].time_s <= t; ++mark) {
      if (run.marks[mark].event != TraceEvent::zone) continue;
      sampler.at(run.marks[mark].time_s, devices);
      ++devices[run.device_place(run.marks[mark].device)].tally.zone_switches;
    }
  };
  for (const Step& step : steps) {
    zones_until(step.time_s);
    sampler.at(step.time_s, devices);
    const TracedRead& read = *step.read;
    DeviceCounters& device = devices[run.device_place(read.device)];
    if (step.is_end) {
      device.complete(step.time_s, read.physical, read.bytes, read.error,
                      {read.queue_s, read.seek_s, read.rotation_s, read.transfer_s}, read.issued_s);
    } else {
      device.issue(step.time_s);
    }
  }
  zones_until(run.end_s);
  std::vector<std::uint64_t> devids;
  for (const Device& device : run.header.devices) devids.push_back(device.devid);
  return sampler.finish(run.end_s, devices, devids);
}

}  // namespace headway
