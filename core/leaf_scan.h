// Readaheads whose work is a tree's leaves: one scan a readahead goes through the nodes above the leaves in key order,
// reads what is missing one node at a time, and hands the leaves over in key order. When, in which order and joined how
// those are read is the derived policy's choice: it calls next_leaf() and wants(), and gather() and issue() for reads.
//
// Nodes: a scan keeps what a node says, not the node itself; one that leaves a bounded memory is not read again.
// Errors: a read of one block that fails is tried from the other copies, then a node's branch is left out and a leaf is
// given up. A joined read that fails is repeated block by block, beside all else that is under way.
// Blocks that are read over come into memory as by-catch. Several readaheads share a block that they both want.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/copy/reader.h"
#include "core/strategy.h"
#include "core/wanted.h"

namespace headway {

class LeafScan : public Strategy {
 public:
  // `values`: declared with copy::declare().
  LeafScan(const Context& context, const Parameters& values);

  void add(HandleId handle, const Range& range) final;
  void complete(const Read& read, int error) final;
  void visited(HandleId handle, BlockId block) final;

 protected:
  // A readahead has begun.
  virtual void begin(HandleId handle, bool is_visited) = 0;
  // The node that it waited for has come, or is given up, or all leaves that it wanted have: there may be more to do.
  virtual void go_on(HandleId handle) = 0;
  // A read that issue() issued has ended, its blocks are given out.
  virtual void ended(const Read& /*read*/) {}
  // Who visits the range has come to a leaf more.
  virtual void leaf_visited(HandleId /*handle*/) {}

  enum class Next { leaf, waits, over };
  // The next leaf of the range in `leaf`, or none: a node has to come first (go_on() follows), or there are no more.
  Next next_leaf(HandleId handle, BlockId& leaf);
  // Whether the leaf that was handed over last is the last of its node in the range.
  bool ends_node(HandleId handle) const;
  // The readahead wants the leaf. Whether it has to be read: it is not there, and nobody has wanted it yet.
  bool wants(HandleId handle, BlockId leaf);
  // Whether a leaf that had to be read still has to be: nobody has brought it meanwhile.
  bool still_missing(BlockId leaf);
  // Nothing more is wanted for it. It finishes when all is there.
  void close(HandleId handle);

  std::uint64_t outstanding(HandleId handle) const { return scans_[handle].outstanding; }
  std::uint64_t leaves_visited(HandleId handle) const { return scans_[handle].leaves_visited; }
  const Forest& forest() const { return forest_; }

  // A read of this leaf alone, from the copy that the rule names.
  Read read_of(BlockId leaf) const { return reader_.read_of(leaf); }
  // How many bytes lie between the read's end and `leaf` behind it on the device; nothing where one read cannot have
  // both: another stripe set, or a block between them in flight.
  std::optional<std::uint64_t> gap(const Read& read, BlockId leaf) const;
  void extend(Read& read, BlockId leaf) const;
  void issue(const Read& read);

 private:
  struct Frame {
    BlockId block = no_block;
    PointerId next = 0;
    PointerId end = 0;
    PointerId top = no_top;
  };
  struct Scan {
    Range range;
    std::array<Frame, 8> path;
    int depth = 0;
    BlockId awaited = no_block;
    PointerId awaited_top = no_top;
    bool waits = false;        // for a node
    bool open = false;         // more may be wanted
    bool may_go_on = false;    // it is in may_go_on_
    std::uint64_t outstanding = 0;
    std::uint64_t leaves_visited = 0;
  };

  std::uint64_t physical_beside(const Read& read, BlockId leaf) const;
  bool advance(Scan& scan, BlockId& leaf);
  void enter(Scan& scan);
  void serve(BlockId block, bool there);
  void go_on_all();

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  copy::Reader reader_;
  Wanted wanted_;
  std::vector<Scan> scans_;          // by handle
  std::vector<Want> arrived_;        // for the block at hand
  std::vector<HandleId> may_go_on_;
  std::vector<HandleId> going_on_;
};

}  // namespace headway
