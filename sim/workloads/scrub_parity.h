// A row of a parity profile: where its stripes lie, and how a stream of reads (Linux up to 6.3) checks it.
#pragma once

#include <memory>
#include <vector>

#include "core/volume.h"
#include "sim/workloads/scrub_corrupt.h"
#include "sim/workloads/scrub_reads.h"

namespace headway {

// The read of a stripe of a row, by its place in it: data, then P, then Q. A parity has the address of its row.
Read row_read(const Chunk& chunk, std::uint64_t row, std::uint32_t place);
void append_row(const Chunk& chunk, std::uint64_t row, std::uint32_t first, std::uint32_t last,
                std::vector<Read>& reads);
// What the rebuild of one of its data stripes reads: all of the row but what is corrupt of that stripe.
void append_rebuild(const Chunk& chunk, std::uint64_t row, std::uint32_t place, const CorruptSectors& corrupt,
                    std::vector<Read>& reads);
inline std::uint32_t stripes_of_row(const Chunk& chunk) { return static_cast<std::uint32_t>(chunk.stripes.size()); }
// The places that the check of a row's parity reads: with `again` its data once more, and all of its parities (the
// check of P reads Q as well and the other way round: raid56.c, scrub_assemble_read_bios).
inline std::uint32_t first_checked(const Chunk& chunk, bool again) {
  return again ? 0 : Volume::data_stripes_of(chunk);
}

// The rows that one thread has begun and not waited for: each reads its data through the stream, then, as that ends,
// rebuilds what does not match its checksum, then checks the parity.
class ParityStream {
 public:
  ParityStream(const ScrubSpec& spec, Stage& stage, const CorruptSectors& corrupt, ScrubReads& reads);
  ~ParityStream();

  void begin(const Chunk& chunk, std::uint64_t row);
  // Blocks until all have ended.
  void drain() { under_way_.wait_until(0); }

 private:
  class Row;

  const ScrubSpec& spec_;
  Stage& stage_;
  const CorruptSectors& corrupt_;
  ScrubReads& reads_;
  ReadsUnderWay under_way_;
  std::vector<std::unique_ptr<Row>> rows_;
  std::vector<Row*> idle_;
  std::vector<Read> scratch_;
};

}  // namespace headway
