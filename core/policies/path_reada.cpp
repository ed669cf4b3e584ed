// path-reada: the walk, with the readahead of btrfs's tree search beside it.
//
// Rule. Before the search reads a leaf that is neither in memory nor in flight, it scans the pointers of the leaf's
// parent from the next one on (direction back: the previous one, and only while they are of the searched objectid) and
// reads those whose block lies within 65,536 bytes of the leaf, logically. It stops when what it has asked for, blocks
// already there included, comes to more than 65,536 bytes, or after 33 pointers (nscan > 32). Only then is the leaf
// itself read. Blocks above leaves are not read ahead.
//
// forward_always (READA_FORWARD_ALWAYS, used by send and full scans): before any child at any level, forwards, without
// the test of distance; until more than 131,072 bytes have been asked for at level 1, or more than one node above it. As
// the comparison is "more than", that is two nodes above level 1, though the kernel's comment says one; and 5 (9) leaves
// of 16 KiB, not 4 (8). always_as_of says which kernel's:
//  * 5.13, where full send got it (commit "btrfs: add a new readahead mode ...", 2021-03): it is called on hits, too,
//    but reada_for_search still looks for the child's extent buffer first and returns where there is one. So only a
//    child that is neither in memory nor in flight starts a scan.
//  * 2021-07 (commit "btrfs: continue readahead of siblings even if target node is in memory", in 5.15): that look is
//    left out in this mode; every child starts a scan, whether there or not.
//
// The kernel knows no end of the range here: what lies behind it may be read in vain.
// Source: Linux 6.1 fs/btrfs/ctree.c, reada_for_search and read_block_for_search; btrfs_readahead_tree_block.
// Left out: the search key of a later leaf is its own lowest key, as btrfs_next_leaf has it; direction back therefore
// only ever finds what a forward walk has behind it, except at the start of a range.
#include "core/walker.h"

namespace headway {

namespace {

class PathReada final : public Walker {
 public:
  PathReada(const Context& context, const Parameters& values)
      : Walker(context, values),
        always_(values.flag("forward_always")),
        on_hits_(always_ && values.choice("always_as_of") == "2021-07"),
        back_(values.choice("direction") == "back" && !always_),
        window_bytes_(static_cast<std::uint64_t>(values.integer("window_bytes"))),
        most_bytes_(static_cast<std::uint64_t>(values.integer(always_ ? "always_bytes" : "window_bytes"))),
        most_scanned_(static_cast<std::uint32_t>(values.integer("scan_slots"))) {}

 private:
  void before_child(Path path, Presence child, std::uint64_t objectid) override {
    const int level = forest().level[path.back().block];
    if (!always_ && level != 1) return;
    if (!on_hits_ && child != Presence::absent) return;
    scan(path.back(), always_ && level > 1 ? forest().node_bytes : most_bytes_, objectid);
  }

  void scan(const Frame& node, std::uint64_t most_bytes, std::uint64_t objectid) {
    const PointerId first = forest().first_pointer[node.block];
    PointerId pointer = node.next - 1;
    const std::uint64_t target = forest().logical[forest().child[pointer]];
    std::uint64_t asked_bytes = 0;
    for (std::uint32_t scanned = 0; asked_bytes <= most_bytes && scanned <= most_scanned_; ++scanned) {
      if (back_) {
        if (pointer == first) break;
        --pointer;
        if (objectid != 0 && forest().key_objectid[pointer] != objectid) break;
      } else if (++pointer == node.end) {
        break;
      }
      const BlockId block = forest().child[pointer];
      if (!always_ && copy::distance(forest().logical[block], target) > window_bytes_) continue;
      prefetch(block);
      asked_bytes += forest().node_bytes;
    }
  }

  const bool always_;
  const bool on_hits_;
  const bool back_;
  const std::uint64_t window_bytes_;
  const std::uint64_t most_bytes_;
  const std::uint32_t most_scanned_;
};

}  // namespace

extern const Policy policy_path_reada;
const Policy policy_path_reada{
    .name = "path-reada",
    .sentence = "The walk with btrfs's path readahead: on a missing leaf, its neighbours on disk within 64 KiB.",
    .source = "Linux 6.1 (and 5.13) fs/btrfs/ctree.c, reada_for_search",
    .parameters = copy::declare_with(
        {{.name = "forward_always",
          .default_value = false,
          .sentence = "Read ahead at every level, wherever the blocks lie (READA_FORWARD_ALWAYS)."},
         {.name = "always_as_of",
          .default_value = std::string("2021-07"),
          .sentence = "With forward_always: 5.13 reads ahead before a missing block only, 2021-07 (5.15) before each.",
          .choices = {"5.13", "2021-07"}},
         {.name = "direction",
          .default_value = std::string("forward"),
          .sentence = "Which way the pointers are scanned; forward_always always scans forward.",
          .choices = {"forward", "back"}},
         {.name = "window_bytes",
          .default_value = std::int64_t{65536},
          .unit = "bytes",
          .sentence = "How far from the missing leaf a block may lie, and how much is asked for before the scan stops.",
          .low = 0,
          .high = std::int64_t{1} << 40},
         {.name = "always_bytes",
          .default_value = std::int64_t{131072},
          .unit = "bytes",
          .sentence = "With forward_always: how much is asked for at level 1 before the scan stops.",
          .low = 0,
          .high = std::int64_t{1} << 40},
         {.name = "scan_slots",
          .default_value = std::int64_t{32},
          .unit = "pointers",
          .sentence = "The scan stops when it has looked at more pointers than this.",
          .low = 0,
          .high = 65536}}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<PathReada>(context, values);
    },
    .is_search = true};

}  // namespace headway
