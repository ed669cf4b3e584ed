// When a drive reads ahead, and what its buffer keeps: from which reads it served without the heads.
#pragma once

#include <cstdint>

#include "models/drive/fit/observed.h"
#include "models/drive/mechanical/mechanical_model.h"

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
  std::uint32_t segments = 0;         // for reads
  std::size_t segments_requests = 0;  // that tell it; 0: as many as a guess
  bool keeps_requested = true;
  ReadAheadUntil read_ahead_until = ReadAheadUntil::segment_full;
  bool read_hits_on_writes = false;  // else writes have a segment of their own
  std::uint32_t write_segments = 0;  // 0: writes pass the buffer by
  std::size_t near_reads = 0;        // of which the log says whether the buffer served them
  std::size_t otherwise = 0;         // of those: a drive with these rules would not have served them so
};

BufferRules find_buffer_rules(const Observations& seen);

}  // namespace headway::fit
