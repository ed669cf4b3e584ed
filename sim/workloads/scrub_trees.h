// The trees that a scrub looks data up in, extents and checksums, and which of their leaves are about which data.
#pragma once

#include <utility>
#include <vector>

#include "core/forest.h"
#include "core/strategy.h"
#include "core/volume.h"

namespace headway {

// A leaf that must be in memory before the data at an offset of a part of a chunk are read.
struct SearchAt {
  double offset = 0;
  std::uint32_t tree = 0;
  Key key;
};

class ScrubTrees {
 public:
  static constexpr std::uint64_t objectids[] = {2, 7};  // extents, checksums

  // Both trees are there.
  ScrubTrees(const Volume& volume, const Forest& forest);

  // What a readahead of a chunk's part of both trees brings; none for chunks without data.
  std::vector<Range> ranges(std::uint32_t chunk) const;
  // The searches that go with reading `bytes` (a device's part of the chunk, or all of it), in their order.
  std::vector<SearchAt> searches(std::uint32_t chunk, std::uint64_t bytes) const;

 private:
  struct Tree {
    std::uint32_t tree = 0;   // place in Forest::trees
    std::vector<Key> leaves;  // their lowest keys, in order
  };
  // A chunk's part of all data, in the order of chunks: [begin, end) of 1. Empty for chunks without data.
  struct Share {
    double begin = 0;
    double end = 0;
  };

  static std::pair<std::size_t, std::size_t> leaves_of(const Tree& tree, const Share& share);

  std::vector<Tree> trees_;
  std::vector<Share> shares_;
};

}  // namespace headway
