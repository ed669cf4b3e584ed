#include "sim/workloads/scrub_contents.h"

namespace headway {

namespace {

ChunkContents joined(ChunkContents runs) {
  std::ranges::sort(runs, {}, &ByteRun::begin);
  ChunkContents all;
  for (const ByteRun& run : runs) {
    if (!all.empty() && run.begin <= all.back().end)
      all.back().end = std::max(all.back().end, run.end);
    else
      all.push_back(run);
  }
  return all;
}

// What is kept free of data: the stripe of each superblock, on parity profiles its row (btrfs_rmap_block).
ChunkContents around_superblocks(const Chunk& chunk) {
  const std::uint64_t data = Volume::data_stripes_of(chunk);
  const bool parity = Volume::parity_of(chunk.profile) > 0;
  ChunkContents runs;
  for (std::size_t stripe = 0; stripe < chunk.stripes.size(); ++stripe) {
    for (const std::uint64_t superblock : superblocks) {
      const std::uint64_t begin = chunk.stripes[stripe].physical;
      if (superblock < begin || superblock - begin >= chunk.bytes / data) continue;
      const std::uint64_t row = (superblock - begin) / chunk.stripe_bytes,
                          within = (superblock - begin) % chunk.stripe_bytes;
      const std::uint64_t place = parity ? 0 : Volume::place_in_row(chunk, stripe, row);
      const std::uint64_t first = (row * data + place) * chunk.stripe_bytes + within;
      const std::uint64_t bytes = (parity ? data : 1) * chunk.stripe_bytes;
      if (first < chunk.bytes) runs.push_back({first, std::min(chunk.bytes, first + bytes)});
    }
  }
  return joined(std::move(runs));
}

}  // namespace

ChunkContents data_contents(const Chunk& chunk) {
  ChunkContents runs;
  std::uint64_t begin = 0;
  for (const ByteRun& kept_free : around_superblocks(chunk)) {
    if (begin < kept_free.begin) runs.push_back({begin, kept_free.begin});
    begin = kept_free.end;
  }
  if (begin < chunk.bytes) runs.push_back({begin, chunk.bytes});
  return runs;
}

std::vector<ChunkContents> chunk_contents(const Volume& volume, const Forest& forest) {
  std::vector<ChunkContents> contents(volume.chunks().size());
  for (BlockId block = 0; block < forest.blocks(); ++block) {
    const std::uint32_t chunk = volume.chunk_of_set(forest.stripe_set[block]);
    const std::uint64_t begin = forest.logical[block] - volume.chunks()[chunk].logical;
    contents[chunk].push_back({begin, begin + forest.node_bytes});
  }
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const Chunk& chunk = volume.chunks()[i];
    contents[i] = chunk.use & Chunk::data ? data_contents(chunk) : joined(std::move(contents[i]));
  }
  return contents;
}

}  // namespace headway
