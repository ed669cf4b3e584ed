// File data as a reader of whole files has them, one after another: the bytes of the data chunks by logical address,
// what btrfs keeps free of data around superblocks left out.
//
// What is asked for is handed over at once, as the page cache reads ahead of a reader, in requests that join where they
// are adjacent on a device (plug.h), and waited for. It is read from the first copy; after an error from the others,
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

  FileData(Stage& stage, std::uint16_t stream, std::uint64_t request_bytes, OwnCounters& counters);

  // Blocks until the next `bytes` of them are there. Precondition: there are as many left.
  void read(std::uint64_t bytes);

 private:
  static std::vector<ByteRun> runs_of(const Volume& volume);
  void ended(const OwnRequest& request, const OwnCompletion& completion) override;

  Stage& stage_;
  const std::uint16_t stream_;
  const std::uint64_t request_bytes_;
  OwnCounters& counters_;
  ReadsUnderWay under_way_;
  Plug plug_;
  const std::vector<ByteRun> runs_;  // logical addresses
  std::size_t run_ = 0;              // where it stands
  std::uint64_t within_ = 0;
};

}  // namespace headway
