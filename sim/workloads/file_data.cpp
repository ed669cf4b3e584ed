#include "sim/workloads/file_data.h"

#include <algorithm>
#include <cassert>
#include <utility>

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

std::vector<FileExtent> FileData::first_bytes(const Volume& volume, std::uint64_t bytes) {
  std::vector<FileExtent> extents;
  for (const ByteRun& run : runs_of(volume)) {
    const std::uint64_t part = std::min(bytes, run.end - run.begin);
    if (part > 0) extents.push_back({run.begin, part});
    bytes -= part;
  }
  return extents;
}

FileData::FileData(Stage& stage, std::uint16_t stream, std::uint64_t request_bytes, OwnCounters& counters)
    : stage_(stage),
      stream_(stream),
      request_bytes_(request_bytes),
      most_under_way_(static_cast<std::int64_t>(std::max<std::uint64_t>(1, read_ahead_bytes / request_bytes))),
      counters_(counters),
      under_way_(stage, nullptr),
      plug_(stage),
      runs_(runs_of(stage.volume())) {}

// Precondition: one chunk holds them.
void FileData::ask(std::uint64_t logical, std::uint64_t bytes) {
  while (bytes > 0) {
    const Mapping mapping = stage_.volume().map(logical);
    const std::uint64_t part = std::min({bytes, request_bytes_, mapping.bytes_left});
    const Read read{.device = mapping.copy[0].device,
                    .mirror = 1,
                    .bytes = static_cast<std::uint32_t>(part),
                    .logical = logical,
                    .physical = mapping.copy[0].physical};
    under_way_.begun();
    plug_.add({.read = read, .stream = stream_, .has_other_copies = mapping.copies > 1}, *this);
    logical += part;
    bytes -= part;
    if (under_way_.count() >= most_under_way_) wait(most_under_way_ / 2);
  }
}

void FileData::wait(std::int64_t most_left) {
  plug_.pull();
  under_way_.wait_until(most_left);
}

void FileData::read(std::uint64_t bytes) {
  while (bytes > 0) {
    assert(run_ < runs_.size());
    const std::uint64_t logical = runs_[run_].begin + within_;
    const std::uint64_t part = std::min(bytes, runs_[run_].end - logical);
    ask(logical, part);
    bytes -= part;
    within_ += part;
    if (logical + part < runs_[run_].end) continue;
    plug_.pull();  // what is adjacent to it on this copy's device may not be on the other's
    ++run_;
    within_ = 0;
  }
  wait(0);
}

void FileData::read_behind(BlockId leaf, const FileExtents& extents) {
  std::int64_t chunk = -1;
  for (std::uint32_t i = extents.first[leaf]; i < extents.first[leaf + 1]; ++i) {
    const std::int64_t next = stage_.volume().find_chunk(extents.logical[i]);
    if (std::exchange(chunk, next) != next) plug_.pull();  // as at the end of a run
    ask(extents.logical[i], extents.bytes[i]);
  }
  wait(0);
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
