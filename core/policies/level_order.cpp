// level-order: what unlimited memory and an unlimited queue would give. A reference, not a proposal.
//
// Rule. A readahead asks for all wanted blocks of one level of its tree at once, sorted by address, waits until the
// last of them is there, and goes on with all their wanted children. Each device then has everything before it that it
// could possibly sort; what is lost is only that devices wait for the slowest one at the end of each level.
//
// Sorted by address means zone order (forest.h): by block group and device group, then by logical address, which on
// each device is the order of logical addresses. Several readaheads share a block that they both want; each has its own
// levels. A failed read is tried from the other copies, then the branch is left out. No constants. Sorting costs
// O(log n) a block, all at once when a level begins.
#include <algorithm>

#include "core/copy/reader.h"
#include "core/wanted.h"

namespace headway {

namespace {

class LevelOrder final : public Strategy {
 public:
  LevelOrder(const Context& context, const Parameters& values)
      : forest_(context.forest),
        memory_(context.memory),
        port_(context.port),
        reader_(context, values),
        wanted_(context.forest.blocks()) {}

  void add(HandleId handle, const Range& range) override {
    if (handle >= readings_.size()) readings_.resize(handle + 1);
    readings_[handle].range = range;
    readings_[handle].next_level.push_back({forest_.trees[range.tree].root, no_top});
    begin_level(handle);
  }

  void complete(const Read& read, int error) override {
    reader_.complete(read, error);
    const bool there = error == 0 || memory_.holds(read.block);
    if (!there && reader_.retry(read)) return;
    wanted_.take(read.block, arrived_);
    for (const Want& want : arrived_) {
      Reading& reading = readings_[want.handle];
      if (there) gather_children(reading, read.block, want.top);
      if (--reading.outstanding == 0) begin_level(want.handle);
    }
  }

 private:
  struct Item {
    BlockId block = no_block;
    PointerId top = no_top;
  };
  struct Reading {
    Range range;
    std::vector<Item> level;       // the one that is being read, sorted
    std::vector<Item> next_level;  // what is known of the next
    std::uint64_t outstanding = 0;
  };

  // Asks for the level that has been gathered, and for the next ones as long as all of them are in memory.
  void begin_level(HandleId handle) {
    Reading& reading = readings_[handle];
    while (!reading.next_level.empty()) {
      reading.level.swap(reading.next_level);
      reading.next_level.clear();
      std::sort(reading.level.begin(), reading.level.end(),
                [](const Item& a, const Item& b) { return a.block < b.block; });
      for (const Item& item : reading.level) ask(handle, item);
      if (reading.outstanding > 0) return;
    }
    reading = {};  // its memory is free
    port_.finish(handle);
  }

  void ask(HandleId handle, const Item& item) {
    Reading& reading = readings_[handle];
    if (memory_.holds(item.block)) {
      port_.hit(reader_.read_of(item.block));
      gather_children(reading, item.block, item.top);
      return;
    }
    wanted_.add(item.block, {handle, item.top});
    ++reading.outstanding;
    if (!reader_.in_flight(item.block)) reader_.issue(item.block);
  }

  void gather_children(Reading& reading, BlockId block, PointerId top) {
    for_each_child_in(forest_, block, top, reading.range, [&](PointerId pointer, PointerId child_top) {
      reading.next_level.push_back({forest_.child[pointer], child_top});
    });
  }

  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  copy::Reader reader_;
  Wanted wanted_;
  std::vector<Reading> readings_;  // by handle
  std::vector<Want> arrived_;      // of the block at hand; kept to spare the allocation
};

}  // namespace

extern const Policy policy_level_order;
const Policy policy_level_order{
    .name = "level-order",
    .sentence = "Reference: all wanted blocks of a level at once, sorted by address; no bound on memory or queue.",
    .source = "none; the bound that a readahead with unlimited memory and queue would reach",
    .parameters = copy::declare(),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<LevelOrder>(context, values);
    }};

}  // namespace headway
