// bcachefs: the walk, with bcachefs's prefetch of the nodes beside each path down.
//
// Rule (btree_path_prefetch). Whenever a search goes down from a node, whether or not the child is in memory, the next
// `leaves_ahead` children of that node are asked for where it is of level 1, the next `nodes_ahead` where it is higher;
// one that is in memory or in flight asks for nothing and counts. Only then is the child itself read. The scan ends with
// the node, and knows no end of the range.
//  * 2 and 0, the defaults: a file system in use.
//  * 16 and 1: before it is started, as in fsck and recovery.
// Source: bcachefs-tools 32e133ac fs/btree/iter.c, btree_path_prefetch and btree_path_down; Linux 6.7 to 6.17 has it as
// fs/bcachefs/btree_iter.c, the same. Only iterators with BTREE_ITER_prefetch do this: scans of whole trees.
// Left out: the overlay of the journal, whose keys are prefetched likewise while it is replayed; pinning of what fsck
// will read at random. Nodes of bcachefs are 256 KiB, so that 16 of them are 4 MiB; here they are the tree's blocks: the
// same count covers less of the disk.
#include "core/walker.h"

namespace headway {

namespace {

class Bcachefs final : public Walker {
 public:
  Bcachefs(const Context& context, const Parameters& values)
      : Walker(context, values),
        leaves_ahead_(static_cast<std::uint32_t>(values.integer("leaves_ahead"))),
        nodes_ahead_(static_cast<std::uint32_t>(values.integer("nodes_ahead"))) {}

 private:
  void before_child(Path path, Presence /*child*/, std::uint64_t /*objectid*/) override {
    const Frame& node = path.back();
    const std::uint32_t ahead = forest().level[node.block] > 1 ? nodes_ahead_ : leaves_ahead_;
    const PointerId end = node.next + std::min(ahead, node.end - node.next);
    for (PointerId pointer = node.next; pointer < end; ++pointer) prefetch(forest().child[pointer]);
  }

  const std::uint32_t leaves_ahead_;
  const std::uint32_t nodes_ahead_;
};

}  // namespace

extern const Policy policy_bcachefs;
const Policy policy_bcachefs{
    .name = "bcachefs",
    .sentence = "The walk with bcachefs's prefetch: on the way down, the next few children of each node.",
    .source = "bcachefs-tools 32e133ac fs/btree/iter.c, btree_path_prefetch",
    .parameters = copy::declare_with(
        {{.name = "leaves_ahead",
          .default_value = std::int64_t{2},
          .unit = "blocks",
          .sentence = "How many children of a node of level 1 are read ahead; in fsck and recovery 16.",
          .low = 0,
          .high = 65536},
         {.name = "nodes_ahead",
          .default_value = std::int64_t{0},
          .unit = "blocks",
          .sentence = "How many children of a higher node are read ahead; in fsck and recovery 1.",
          .low = 0,
          .high = 65536}}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<Bcachefs>(context, values);
    },
    .is_search = true};

}  // namespace headway
