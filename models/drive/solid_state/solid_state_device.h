// A solid-state drive: a controller, channels, dies, the host's link.
//
// A command passes the controller, which starts so many a second and takes a constant time for each; it reads its pages
// from their dies (pages are striped over channels, then dies), each die one page at a time; a page's bytes go over its
// channel, then over the host's link. A command that goes on where an earlier one ended finds its pages read ahead: it
// waits for no die.
//
// Which part a figure of a data sheet comes from: depth 1 is command_us + page_read_us + the two transfers; the most
// reads a second are 1 / pipeline_us, or the link's; what lies between depends on how evenly reads fall on dies.
//
// Simplifications:
// - The figures are the drive's. A host adds microseconds to each command and seldom drives several queues as a maker
//   does: a Samsung 970 EVO was measured at 366,000 of its data sheet's 500,000 reads a second. All queues of an NVMe
//   drive are one here, with the sum of their depths.
// - Every page is read in the same time, error correction and the look-up of its place included. Pages of TLC have
// three
//   times (88, 116 and 165 us of a Micron 7300), so a real drive's latencies spread more at the same mean.
// - Channels and the link are granted in the order of arrival. A page that is ready early may slip into the latest gap
//   of a timetable, never into older ones. At full load this costs a few per cent of latency.
// - No mapping lookups, garbage collection, wear, thermal limits: reads of a drive at rest. A drive under writes is
//   slower and less even than this; a write here programs its pages and is answered then (no write cache).
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <vector>

#include "models/drive/host/host_request.h"
#include "models/drive/queue_spec.h"
#include "models/drive/solid_state/solid_state_model.h"

namespace headway {

class SolidStateDevice {
 public:
  SolidStateDevice(const SolidStateModel& model, const QueueSpec& queue, double /*phase*/)
      : model_(model), depth_(queue.depth), dies_(model.channels * model.dies_per_channel), channels_(model.channels) {
    under_way_.reserve(depth_);
  }

  bool has_room() const { return under_way_.size() < depth_; }
  std::uint64_t capacity_bytes() const { return model_.capacity_bytes; }
  static constexpr bool rotational = false;

  void accept(const HostRequest& host, double now_s);
  void start(double /*now_s*/) {}

  double next_event_s() const {
    return under_way_.empty() ? std::numeric_limits<double>::infinity() : under_way_.front().done.end_s;
  }

  bool advance(double /*now_s*/, Finished& finished) {
    assert(!under_way_.empty());
    std::pop_heap(under_way_.begin(), under_way_.end(), later);
    finished = under_way_.back();
    under_way_.pop_back();
    return true;
  }

 private:
  struct Timetable {  // of a channel or of the link: granted up to end_s but for the latest gap
    double end_s = 0;
    double gap_begin_s = 0;
    double gap_end_s = 0;
  };

  static bool later(const Finished& a, const Finished& b) {
    if (a.done.end_s != b.done.end_s) return a.done.end_s > b.done.end_s;
    return a.done.tag > b.done.tag;
  }

  // Takes `busy_s` of a resource from ready_s on; returns the end.
  static double grant(Timetable& table, double ready_s, double busy_s) {
    const double in_gap_s = std::max(ready_s, table.gap_begin_s) + busy_s;
    if (in_gap_s <= table.gap_end_s) return table.gap_begin_s = in_gap_s;
    if (ready_s > table.end_s) {
      table.gap_begin_s = table.end_s;
      table.gap_end_s = ready_s;
    }
    return table.end_s = std::max(ready_s, table.end_s) + busy_s;
  }

  bool continues(const DriveRequest& request);
  double pages_end_s(const DriveRequest& request, double ready_s, bool read_ahead);

  const SolidStateModel& model_;
  std::size_t depth_;
  std::vector<Finished> under_way_;  // a heap, the first to end in front
  std::vector<double> dies_;         // free from
  std::vector<Timetable> channels_;
  Timetable link_;
  double controller_free_s_ = 0;
  std::array<std::uint64_t, 8> stream_ends_{};  // where the last reads ended
  std::size_t oldest_stream_ = 0;
};

}  // namespace headway
