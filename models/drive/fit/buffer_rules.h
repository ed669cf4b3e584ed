// When a drive reads ahead, and what its buffer keeps: from which reads it served without the heads.
#pragma once

#include <cstdint>

#include "models/drive/fit/observed.h"

namespace headway::fit {

// A share: of so many, so many.
struct Share {
  std::size_t of = 0;
  std::size_t yes = 0;

  double value() const { return of == 0 ? 0 : static_cast<double>(yes) / static_cast<double>(of); }
};

struct BufferRules {
  bool reads = false;      // the buffer serves reads at all
  Share first_sequential;  // of reads that go on where one ended that did not: served by the buffer
  Share later_sequential;  // of those behind them
  std::uint32_t read_ahead_after = 1;
  bool after_told = false;            // by both shares
  std::uint32_t segment_sectors = 0;  // that a segment holds, as far as reads found it
  std::size_t segment_requests = 0;   // that tell it
  std::uint32_t segments = 0;
  std::size_t segments_requests = 0;  // that tell it; 0: as many as a guess
};

BufferRules find_buffer_rules(const Observations& seen);

}  // namespace headway::fit
