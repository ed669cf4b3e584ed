// What of each chunk a scrub has to read: where its data, its nodes lie.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"

namespace headway {

// [begin, end) in bytes from the chunk's beginning.
struct ByteRun {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Of one chunk, ascending and apart.
using ChunkContents = std::vector<ByteRun>;

// By chunk. A data chunk is full (layouts know no data extents) but for what btrfs keeps free of data around a copy of
// the superblock (fs/btrfs/block-group.c, exclude_super_stripes); any other holds the trees' blocks.
// data_contents(): of one data chunk.
ChunkContents data_contents(const Chunk& chunk);
std::vector<ChunkContents> chunk_contents(const Volume& volume, const Forest& forest);

// Where the copies of the superblock lie on a device: 64 KiB, 64 MiB, 256 GiB.
inline constexpr std::uint64_t superblock_bytes = 4096;
inline constexpr std::uint64_t superblocks[] = {std::uint64_t{64} << 10, std::uint64_t{64} << 20,
                                                std::uint64_t{256} << 30};

// A walk through contents in ascending order.
class ContentsCursor {
 public:
  explicit ContentsCursor(const ChunkContents& contents) : next_(contents.begin()), end_(contents.end()) {}

  // The first run that reaches beyond `begin`, which does not go back from call to call; cut to [begin, end). Empty
  // where there is none.
  ByteRun first_in(std::uint64_t begin, std::uint64_t end) {
    while (next_ != end_ && next_->end <= begin) ++next_;
    if (next_ == end_ || next_->begin >= end) return {begin, begin};
    return {std::max(begin, next_->begin), std::min(end, next_->end)};
  }
  bool any_in(std::uint64_t begin, std::uint64_t end) {
    const ByteRun run = first_in(begin, end);
    return run.begin < run.end;
  }

 private:
  ChunkContents::const_iterator next_;
  ChunkContents::const_iterator end_;
};

}  // namespace headway
