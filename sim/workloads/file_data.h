// File data as a reader of whole files has them, one after another: where a layout knows their extents, those; else the
// bytes of the data chunks by logical address, what btrfs keeps free of data around superblocks left out.
//
// What is asked for is handed over at once, in requests that join where they are adjacent on a device (plug.h), and
// waited for; of much, as many requests as make up the 4 MiB that the page cache reads ahead of a reader of btrfs, and
// the next where half of them are there. It is read from the first copy; after an error from the others,
// one after another. Parity reconstructs nothing.
#pragma once

#include <vector>

#include "sim/driver/plug.h"
#include "sim/workloads/reads_under_way.h"
#include "sim/workloads/scrub_contents.h"

namespace headway {

class FileData final : private OwnRequestSink {
 public:
  // How much a layout has room for.
  static std::uint64_t bytes_in(const Volume& volume);
  // What read() reads by the time that it has read so much.
  static std::vector<FileExtent> first_bytes(const Volume& volume, std::uint64_t bytes);

  FileData(Stage& stage, std::uint16_t stream, std::uint64_t request_bytes, OwnCounters& counters);

  // Blocks until the next `bytes` of the data chunks are there. Precondition: there are as many left.
  void read(std::uint64_t bytes);
  // Blocks until the file data behind a leaf are there. Precondition: the layout knows their extents.
  void read_behind(BlockId leaf, const FileExtents& extents);

 private:
  static constexpr std::uint64_t read_ahead_bytes = 4 << 20;  // Linux fs/btrfs/disk-io.c, s_bdi->ra_pages
  static std::vector<ByteRun> runs_of(const Volume& volume);
  void ask(std::uint64_t logical, std::uint64_t bytes);
  void wait(std::int64_t most_left);
  void ended(const OwnRequest& request, const OwnCompletion& completion) override;

  Stage& stage_;
  const std::uint16_t stream_;
  const std::uint64_t request_bytes_;
  const std::int64_t most_under_way_;
  OwnCounters& counters_;
  ReadsUnderWay under_way_;
  Plug plug_;
  const std::vector<ByteRun> runs_;  // logical addresses
  std::size_t run_ = 0;              // where it stands
  std::uint64_t within_ = 0;
};

}  // namespace headway
