// The drive's segmented buffer: what it holds, and how far the read-ahead has got by a date.
//
// Each segment holds a run of addresses, the end of which is what was read last. After a read the heads go on along
// the tracks and fill the segment until the rule of the model says stop (DiskSim 4.0's "buffer continuous read": the
// segment is full, the track ends, or the track after it where the read came from the one before) or the next command
// that needs the heads arrives. Segments are reused least recently used first. Where writes take segments, each takes
// the oldest; what it put there, reads find.
//
// Simplifications:
// - A read of which a segment holds the first part only goes to the media whole, unless it is being read ahead.
// - Nothing is read on arrival ahead of the first sector asked for.
// - Read-ahead gives way to a command that needs the heads at once (DiskSim's "minimum read-ahead" is 0 for all of its
//   validated drives).
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/drive/mechanical/mechanics.h"
#include "models/drive/mechanical/recency.h"

namespace headway {

class ReadAhead {
 public:
  explicit ReadAhead(const BufferModel& model)
      : model_(model), firsts_(model.for_reads()), ends_(model.for_reads()), recency_(model.for_reads()) {}

  bool enabled() const { return !firsts_.empty(); }

  // The heads read ahead up to at_s, if they do. Moves them.
  void advance(Mechanics& mechanics, double at_s);

  // All of [first, first + sectors) is in a segment. Counts as a use of it.
  bool holds(std::uint64_t first, std::uint32_t sectors);

  // The host took [first, first + sectors), which holds() has found, at at_s: where the segment is the one being
  // filled, there is room to read on.
  void taken(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, double at_s);

  // The read-ahead under way has read, or is just reading on to, `first`: a read there need not position.
  bool streams_to(std::uint64_t first) const {
    const auto [from, to] = streams();
    return from <= first && first <= to;
  }
  // The first and the last address of which that is so; the first beyond the last where it is of none.
  std::pair<std::uint64_t, std::uint64_t> streams() const {
    if (!active_ || limit_ == 0) return {1, 0};
    return {firsts_[current_], std::min(next_, limit_ - 1)};
  }

  // Reads on to first + sectors, where streams_to(first): the media's end for it. Read-ahead goes on from there.
  MediaAccess read_on(Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, double at_s);

  // After a read from the media: a new segment, read-ahead from its end.
  void begin(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, const MediaAccess& done);

  void stop() { active_ = false; }

  // The host wrote [first, first + sectors): what segments have of it is old; read-ahead stops.
  void written(std::uint64_t first, std::uint32_t sectors);

 private:
  const SectorPlace& next_place(const Mechanics& mechanics);
  void go_on(const Mechanics& mechanics, std::uint64_t end, std::uint32_t sectors, double at_s);
  void set_limit(const Geometry& geometry, std::uint64_t read_end, std::uint32_t sectors);
  static std::uint64_t track_limit(const Geometry& geometry, ReadAheadUntil until, std::uint64_t first,
                                   std::uint64_t end);
  void grow(std::uint64_t end);
  void fill(std::uint32_t segment, std::uint64_t first, std::uint64_t end) {
    firsts_[segment] = first;
    ends_[segment] = end;
  }

  BufferModel model_;
  // The segments: what they begin with, and what follows the last that they hold. In columns, for holds() looks at all.
  std::vector<std::uint64_t> firsts_;
  std::vector<std::uint64_t> ends_;
  Recency recency_;
  // The read-ahead under way: it reads next_ from ready_s_ on, until limit_.
  bool active_ = false;
  std::uint32_t current_ = 0;
  std::uint32_t hit_ = 0;                // the segment that holds() found
  std::uint64_t read_end_ = UINT64_MAX;  // behind what the host read last
  std::uint64_t next_ = 0;
  std::uint64_t limit_ = 0;
  double ready_s_ = 0;
  // The place of an address at or before next_, so that next_place() seldom searches.
  std::uint64_t known_ = UINT64_MAX;
  SectorPlace known_place_;
};

}  // namespace headway
