// One thread of a scrub: of one device, or of the whole file system by logical address.
#pragma once

#include <span>
#include <vector>

#include "sim/workloads/data_extents.h"
#include "sim/workloads/demand.h"
#include "sim/workloads/scrub_contents.h"
#include "sim/workloads/scrub_parity.h"
#include "sim/workloads/scrub_reads.h"
#include "sim/workloads/scrub_trees.h"

namespace headway {

// What all threads of a scrub work on.
struct ScrubWork {
  const ScrubSpec& spec;
  Stage& stage;
  const std::uint16_t stream;
  const ScrubTrees trees;
  const std::vector<ChunkContents> contents;  // by chunk
  OwnCounters counters;                       // of what the scrub reports: its own reads, no parity checks
};

class ScrubThread {
 public:
  explicit ScrubThread(ScrubWork& work);

  // Both block until all is read.
  void scrub_device(DeviceIndex device);
  void scrub_by_logical_address();

  double end_s() const { return end_s_; }
  double waited_s() const { return ahead_s_ + demand_.waited_s(); }

 private:
  const Chunk& chunk_of(std::uint32_t chunk) const { return work_.stage.volume().chunks()[chunk]; }
  // Unless the policy is a search, its readahead first brings the chunk's part of both trees. Then the searches that
  // come while `bytes` of it are read.
  void begin_chunk(std::uint32_t chunk, std::uint64_t bytes);
  void search_up_to(std::uint64_t offset);
  void scrub_superblocks(DeviceIndex device);

  void scrub_extent(const DataExtent& extent);
  void scrub_whole(const DataExtent& extent);
  void scrub_rows(const DataExtent& extent);
  void scrub_chunk(std::uint32_t chunk);
  void scrub_data(const DataExtent& extent, std::uint64_t row, std::uint64_t first, ContentsCursor& contents);
  void check_parity(const Chunk& chunk, std::uint64_t row);

  // What is read to have from elsewhere what is corrupt of `read`: its row's stripes, or another copy.
  void rebuild_later(std::uint32_t chunk, const Read& read);

  ScrubWork& work_;
  const CorruptSectors corrupt_;
  Demand demand_;
  ScrubReads reads_;
  ParityStream parity_;
  std::vector<SearchAt> searches_;
  std::size_t next_search_ = 0;
  std::vector<Read> scratch_;
  double ahead_s_ = 0;
  double end_s_ = 0;
};

}  // namespace headway
