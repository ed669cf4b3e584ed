// sorted-scan's queues of one device: the nodes that wait for it while it collects; the blocks collected for it, their
// extents, and the window of those that have been handed to the device's own elevator.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/forest.h"
#include "core/id_set.h"

namespace headway::sorted_scan {

struct Entry {
  std::uint64_t physical = 0;
  BlockId block = no_block;
  std::uint8_t mirror = 0;
  bool gathered = false;  // out of the queue: in the window, or done
};

struct ExtentRule {
  std::uint64_t gap_bytes = 0;  // pieces nearer than this are one extent
  std::uint64_t fill_weight = 0;
  std::uint32_t block_bytes = 0;
};

// Reads that wait for the device in the order in which its elevator takes them: upwards from where the last read ended,
// then from the lowest again. O(log n).
class Elevator {
 public:
  // `position`: where the read that was issued last ends.
  void add(const Entry& entry, std::uint64_t position);
  // The next one, or none.
  const Entry* next();
  // Takes out what next() said.
  void take();

 private:
  std::vector<Entry> ahead_, behind_;  // of this sweep and of the next one; heaps, the lowest address on top
};

// Place in the order of addresses, as it is between arrange() and the end of the phase.
using Place = std::uint32_t;

class Queue {
 public:
  void add(const Entry& entry) { entries_.push_back(entry); }

  // Begins a phase of issuing: drops what has been gathered, sorts what has come, finds the extents, and puts them in
  // the order in which they are to be gathered: by score, best first, or by address. The elevator begins at `position`,
  // where the read that was issued last ends. O(n log n).
  void arrange(const ExtentRule& rule, bool by_score, std::uint64_t position);

  // Moves the next block into the window; false when all are there.
  bool gather();
  // The block in the window that follows the last one taken in address order, or the window's first.
  std::optional<Place> next() const;
  bool in_window(Place place) const { return place < window_.size() && window_.contains(place); }
  // Takes a block out of the window.
  void take(Place place);

  const Entry& entry(Place place) const { return entries_[place]; }

 private:
  struct Extent {
    Place begin = 0;
    Place end = 0;
    std::uint32_t bucket = 0;  // of the score: its binary logarithm
  };

  std::uint32_t bucket(Place begin, Place end, const ExtentRule& rule) const;

  std::vector<Entry> entries_;  // [0, sorted_) by address, what has been added since behind
  std::size_t sorted_ = 0;
  std::vector<Extent> extents_;  // in the order in which they are gathered
  std::size_t extent_ = 0;       // the one being gathered
  Place gathered_in_extent_ = 0;
  IdSet window_;
  Place after_last_ = 0;  // place behind the block taken last
};

}  // namespace headway::sorted_scan
