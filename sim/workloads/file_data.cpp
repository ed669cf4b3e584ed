#include "sim/workloads/file_data.h"

#include <algorithm>
#include <cassert>

namespace headway {

std::vector<ByteRun> FileData::runs_of(const Volume& volume) {
  std::vector<ByteRun> runs;
  for (const Chunk& chunk : volume.chunks()) {
    if (!(chunk.use & Chunk::data)) continue;
    for (const ByteRun& run : data_contents(chunk))
      runs.push_back({chunk.logical + run.begin, chunk.logical + run.end});
  }
  return runs;
}

std::uint64_t FileData::bytes_in(const Volume& volume) {
  std::uint64_t bytes = 0;
  for (const ByteRun& run : runs_of(volume)) bytes += run.end - run.begin;
  return bytes;
}

FileData::FileData(Stage& stage, std::uint16_t stream, std::uint64_t request_bytes, OwnCounters& counters)
    : stage_(stage),
      stream_(stream),
      request_bytes_(request_bytes),
      counters_(counters),
      under_way_(stage, nullptr),
      plug_(stage),
      runs_(runs_of(stage.volume())) {}

void FileData::read(std::uint64_t bytes) {
  while (bytes > 0) {
    assert(run_ < runs_.size());
    const std::uint64_t logical = runs_[run_].begin + within_;
    const Mapping mapping = stage_.volume().map(logical);
    const std::uint64_t part = std::min({bytes, request_bytes_, mapping.bytes_left, runs_[run_].end - logical});
    const Read read{.device = mapping.copy[0].device,
                    .mirror = 1,
                    .bytes = static_cast<std::uint32_t>(part),
                    .logical = logical,
                    .physical = mapping.copy[0].physical};
    under_way_.begun();
    plug_.add({.read = read, .stream = stream_, .has_other_copies = mapping.copies > 1}, *this);
    bytes -= part;
    within_ += part;
    if (logical + part < runs_[run_].end) continue;
    plug_.pull();  // what is adjacent to it on this copy's device may not be on the other's
    ++run_;
    within_ = 0;
  }
  plug_.pull();
  under_way_.wait_until(0);
}

void FileData::ended(const OwnRequest& request, const OwnCompletion& completion) {
  counters_.ended(request, completion);
  const Mapping mapping = stage_.volume().map(request.read.logical);
  if (completion.error == 0 || request.read.mirror >= mapping.copies) return under_way_.over(1 + request.merged);
  OwnRequest again = request;  // within a chunk what is adjacent on one copy's device is so on the other's
  const Copy& other = mapping.copy[again.read.mirror++];
  again.has_other_copies = again.read.mirror < mapping.copies;
  again.read.device = other.device;
  again.read.physical = other.physical;
  stage_.submit(again, *this);
}

}  // namespace headway
