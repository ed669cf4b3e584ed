// An issue and its completion belong together when device, offset and length agree; of several such the first issued
// is the first to end.
#include "results/trace/traced_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>
#include <unordered_map>

#include "core/base/error.h"

namespace headway {

namespace {

struct Key {
  std::uint64_t device, physical, bytes;
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    return (key.physical / 512 * 0x9e3779b97f4a7c15u) ^ (key.device * 0xc2b2ae3d27d4eb4fu) ^ key.bytes;
  }
};

TracedRead read_from(const TraceRow& row) {
  TracedRead read;
  read.device = row.device;
  read.logical = row.logical;
  read.physical = row.physical;
  read.bytes = row.bytes;
  read.mirror = row.mirror;
  read.level = row.level;
  return read;
}

class Pairing {
 public:
  void issue(const TraceRow& row) { open_[key(row)].push_back(row.time_s); }

  // The time of issue; NaN when there was none.
  double end(const TraceRow& row) {
    const auto found = open_.find(key(row));
    if (found == open_.end()) return NAN;
    const double issued_s = found->second.front();
    found->second.pop_front();
    if (found->second.empty()) open_.erase(found);
    return issued_s;
  }

  std::vector<TracedRead> left() const {
    std::vector<TracedRead> reads;
    for (const auto& [key, times] : open_) {
      for (const double issued_s : times) {
        TracedRead read;
        read.issued_s = issued_s;
        read.end_s = NAN;
        read.device = key.device;
        read.physical = key.physical;
        read.bytes = static_cast<std::uint32_t>(key.bytes);
        reads.push_back(read);
      }
    }
    std::ranges::sort(reads, {}, [](const TracedRead& r) { return std::tuple(r.issued_s, r.device, r.physical); });
    return reads;
  }

 private:
  static Key key(const TraceRow& row) { return {row.device, row.physical, row.bytes}; }

  std::unordered_map<Key, std::deque<double>, KeyHash> open_;
};

}  // namespace

TracedRun read_run(TraceReader& trace) {
  TracedRun run;
  run.header = trace.header();
  run.places = DevicePlaces(run.header.devices);
  Pairing pairing;
  std::vector<TraceRow> rows;
  // Of what is kept here no two are alike, so that a byte holds few; a file that says otherwise must not fill the
  // memory.
  const std::uint64_t most_kept = 16 * std::filesystem::file_size(trace.path());
  std::uint64_t seq = 0, kept = 0;
  while (trace.next(rows)) {
    for (const TraceRow& row : rows) {
      const auto fail = [&](std::string_view expected, std::string_view found) {
        throw InputError(trace.path().string(), fmt::format("event {}", seq), expected, found);
      };
      if (!(row.time_s >= run.end_s)) fail("times that never go back", fmt::format("{} s", row.time_s));
      run.end_s = row.time_s;
      const bool has_device = row.event == TraceEvent::issue || row.event == TraceEvent::complete ||
                              row.event == TraceEvent::zone || row.event == TraceEvent::hit;
      if (has_device && run.device_place(row.device) == run.header.devices.size()) {
        fail("a device that the header lists", fmt::format("device {}", row.device));
      }
      const bool is_left =
          row.event == TraceEvent::cached || row.event == TraceEvent::evict || row.event == TraceEvent::hit;
      kept += is_left ? 0 : 1;
      if (kept > most_kept) fail(fmt::format("at most {} reads and zones in a file of that size", most_kept), "more");
      switch (row.event) {
        case TraceEvent::issue:
          pairing.issue(row);
          break;
        case TraceEvent::complete: {
          TracedRead read = read_from(row);
          read.issued_s = pairing.end(row);
          if (std::isnan(read.issued_s)) fail("the issue of a read before its end", "none");
          read.end_s = row.time_s;
          read.queue_s = row.queue_s;
          read.seek_s = row.seek_s;
          read.rotation_s = row.rotation_s;
          read.transfer_s = row.transfer_s;
          read.error = row.error;
          run.reads.push_back(read);
          break;
        }
        case TraceEvent::add:
        case TraceEvent::zone:
        case TraceEvent::finish:
        case TraceEvent::detach:
          run.marks.push_back({row.time_s, row.event, row.device, row.logical, row.tree, row.handle});
          break;
        case TraceEvent::cached:
        case TraceEvent::evict:
        case TraceEvent::hit:
          break;
      }
      ++seq;
    }
  }
  run.unfinished = pairing.left();
  return run;
}

TracedRun read_run(const std::filesystem::path& path) {
  TraceReader trace(path);
  return read_run(trace);
}

}  // namespace headway
