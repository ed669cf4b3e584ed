// What a drive with a write-back cache has told its host and not yet written: runs of addresses, each in a segment.
//
// The cache takes a write that fits a segment, as long as a segment is free. The heads bring the runs to the media when
// they have nothing to read, one run at a time, the one that they reach first; a read that comes meanwhile waits for
// the run under way, not for the others. A write that finds no free segment waits until the heads begin on a run, at
// once; so does a read of what the buffer does not show to reads.
//
// Nothing of this is an event of its own: what the heads did by a date is worked out when somebody needs them.
//
// Simplifications:
// - Nobody asks the drive to flush, and it never loses power: what it holds at the end of a run stays there.
// - A segment is free again when the heads begin to write it, not when they end. With one segment a write that comes
//   during the 10 to 20 ms of the one before does not wait, and neither did the measured Atlas III's.
// - A write over addresses that a run holds is a run of its own: the media gets both.
#pragma once

#include <cstdint>
#include <vector>

#include "models/drive/mechanical/mechanics.h"

namespace headway {

// A write on its way to the media.
struct MediaWrite {
  std::uint64_t first = 0;
  std::uint32_t sectors = 0;
  bool partial = false;  // does not cover whole physical sectors
  double ready_s = 0;
  double data_end_s = 0;
};

class WriteCache {
 public:
  explicit WriteCache(const BufferModel& model)
      : segment_sectors_(model.segment_sectors), slots_(model.write_back ? model.write_segments : 0) {
    runs_.reserve(slots_);
  }

  bool enabled() const { return slots_ > 0; }
  bool takes(std::uint32_t sectors) const { return enabled() && sectors <= segment_sectors_; }
  bool empty() const { return runs_.empty(); }
  bool full() const { return runs_.size() == slots_; }

  // Whether a run has any of [first, first + sectors).
  bool overlaps(std::uint64_t first, std::uint32_t sectors) const {
    for (const MediaWrite& run : runs_) {
      if (run.first < first + sectors && first < run.first + run.sectors) return true;
    }
    return false;
  }

  // Where it goes on from a run of the cache it joins that; else there must be room. `data_end_s` as of add().
  bool joins(const MediaWrite& write, double data_end_s) {
    for (MediaWrite& run : runs_) {
      if (run.first + run.sectors != write.first || run.sectors + write.sectors > segment_sectors_) continue;
      run.sectors += write.sectors;
      run.partial = run.partial || write.partial;
      run.data_end_s = data_end_s;
      return true;
    }
    return false;
  }
  // `ready_s`: from when on the heads may bring it to the media; `data_end_s`: when the bus has its last sector over.
  void add(MediaWrite write, double ready_s, double data_end_s) {
    write.ready_s = ready_s;
    write.data_end_s = data_end_s;
    runs_.push_back(write);
  }

  // From when on a run may go to the media. Not empty.
  double ready_s() const { return runs_.front().ready_s; }

  // Takes out the run that the heads reach first, of those that are ready at at_s; where none is, the oldest.
  MediaWrite take_next(const Mechanics& mechanics, double at_s) {
    std::size_t best = 0;
    double best_s = 0;
    for (std::size_t i = 0; i < runs_.size() && runs_[i].ready_s <= at_s; ++i) {
      const double reach_s = mechanics.next_track(mechanics.model().geometry.place(runs_[i].first), at_s);
      if (i > 0 && reach_s >= best_s) continue;
      best = i;
      best_s = reach_s;
    }
    const MediaWrite next = runs_[best];
    runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(best));  // the others stay in the order of their arrival
    return next;
  }

 private:
  std::uint32_t segment_sectors_;
  std::size_t slots_;
  std::vector<MediaWrite> runs_;  // in the order of arrival, which is that of ready_s
};

}  // namespace headway
