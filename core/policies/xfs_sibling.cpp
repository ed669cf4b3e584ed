// xfs-sibling: the walk, with XFS's readahead of a block's siblings beside it.
//
// Rule (xfs_btree_increment). When a walk comes to a leaf, the leaf's right sibling is read ahead. When it leaves the
// last child of a node, that node's right sibling is, and so on upwards, before the walk goes down again to the next
// leaf: the node that it then needs first is one of those, so that above the leaves only what lies below that one comes
// sooner. Once for each block that the cursor holds at a level; a root has no siblings. XFS finds them by the pointers
// in the block's own header; btrfs's blocks have none, so they are derived here from the nodes above: the next child,
// and at a node's edge the first of its right neighbour. That asks for nothing that an XFS block does not say itself,
// and the key range does not bound it.
//
// Parameter siblings: right is what a forward scan asks for. left and both read the leaf's left sibling ahead, first
// where both are; in XFS a scan backwards does (xfs_btree_decrement), which would also go up on the left: walks here
// never do.
// Source: Linux 6.1 fs/xfs/libxfs/xfs_btree.c, xfs_btree_increment, xfs_btree_readahead, xfs_btree_readahead_lblock,
// xfs_btree_setbuf. Left out: XFS reads ahead when the cursor first moves off a record, not at once when it comes to
// the leaf; nothing that is simulated lies between the two. A scan that ends within a node's last leaf would still step
// on to the next one before it sees that it is beyond its range: this one does not read that. xfs_btree_visit_blocks,
// as the scrub uses it, goes level by level and reads each block's right sibling ahead; here the walk is depth first.
#include "core/walker.h"

namespace headway {

namespace {

class XfsSibling final : public Walker {
 public:
  XfsSibling(const Context& context, const Parameters& values)
      : Walker(context, values),
        left_(values.choice("siblings") != "right"),
        right_(values.choice("siblings") != "left") {}

 private:
  void entered(Path path) override {
    if (forest().level[path.back().block] > 0) return;
    if (left_) ahead(left_sibling(path));
    if (right_) ahead(right_sibling(path));
  }

  void exhausted(Path path) override {
    if (right_) ahead(right_sibling(path));
  }

  void ahead(BlockId sibling) {
    if (sibling != no_block) prefetch(sibling);
  }

  // Up to the first node that has a child to that side of the path, then down along its edge.
  BlockId left_sibling(Path path) const {
    for (std::size_t up = 1; up < path.size(); ++up) {
      const Frame& node = path[path.size() - 1 - up];
      const PointerId taken = node.next - 1;
      if (taken > forest().first_pointer[node.block]) return down(forest().child[taken - 1], up - 1, true);
    }
    return no_block;
  }

  BlockId right_sibling(Path path) const {
    for (std::size_t up = 1; up < path.size(); ++up) {
      const Frame& node = path[path.size() - 1 - up];
      if (node.next < node.end) return down(forest().child[node.next], up - 1, false);
    }
    return no_block;
  }

  BlockId down(BlockId block, std::size_t levels, bool last) const {
    for (; levels > 0; --levels) {
      const PointerId first = forest().first_pointer[block], end = forest().first_pointer[block + 1];
      if (first == end) return no_block;  // an empty node, as aged or damaged layouts may have
      block = forest().child[last ? end - 1 : first];
    }
    return block;
  }

  const bool left_;
  const bool right_;
};

}  // namespace

extern const Policy policy_xfs_sibling;
const Policy policy_xfs_sibling{
    .name = "xfs-sibling",
    .sentence = "The walk with XFS's sibling readahead: the right neighbour of every leaf visited and node left.",
    .source = "Linux 6.1 fs/xfs/libxfs/xfs_btree.c, xfs_btree_increment and xfs_btree_readahead",
    .parameters = copy::declare_with({{.name = "siblings",
                                       .default_value = std::string("right"),
                                       .sentence = "Which siblings of a visited leaf are read ahead.",
                                       .choices = {"right", "left", "both"}}}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<XfsSibling>(context, values);
    },
    .is_search = true};

}  // namespace headway
