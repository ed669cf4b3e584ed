// elevator: each device sweeps over what is wanted of it, up to the last block, and then down again.
//
// Rule. What is known to be wanted is queued at the device that the copy rule picks, by its address there. A device has
// up to `max_in_flight` reads under way; the next is the nearest queued block in the direction of the sweep, and where
// there is none the direction turns. When a node arrives its children in the range are queued. A failed read is tried
// from the other copies, then its branch is left out. Cost: O(log n) a block.
#include <set>
#include <vector>

#include "core/copy/reader.h"
#include "core/plugin.h"
#include "core/wanted.h"

using namespace headway;

namespace {

class Elevator final : public Strategy {
 public:
  Elevator(const Context& context, const Parameters& values)
      : forest_(context.forest),
        memory_(context.memory),
        port_(context.port),
        reader_(context, values),
        wanted_(context.forest.blocks()),
        shafts_(context.volume.devices().size()),
        claimed_(context.forest.blocks()),
        max_in_flight_(static_cast<std::uint32_t>(values.integer("max_in_flight"))) {}

  void add(HandleId handle, const Range& range) override {
    if (handle >= readaheads_.size()) readaheads_.resize(handle + 1);
    readaheads_[handle] = {range, 0};
    want({forest_.trees[range.tree].root, {handle, no_top}});
    if (readaheads_[handle].open == 0) port_.finish(handle);
    go_on();
  }

  void complete(const Read& read, int error) override {
    reader_.complete(read, error);
    --shafts_[read.device].in_flight;
    touched_.push_back(read.device);
    const bool there = error == 0 || memory_.holds(read.block);
    const auto again = there ? std::nullopt : reader_.retry(read);
    if (again) ++shafts_[again->device].in_flight;
    if (!again) give_out(read.block, there);
    go_on();
  }

 private:
  struct Readahead {
    Range range;
    std::uint64_t open = 0;  // blocks that are queued or under way for it
  };
  // One device.
  struct Shaft {
    std::set<std::pair<std::uint64_t, BlockId>> queue;  // by address
    std::uint64_t at = 0;
    bool up = true;
    std::uint32_t in_flight = 0;
  };
  struct Wish {
    BlockId block = no_block;
    Want want;
  };

  // What is in memory is looked through at once, and so on downwards.
  void want(const Wish& first) {
    std::vector<Wish> wishes{first};
    while (!wishes.empty()) {
      const auto [block, want] = wishes.back();
      wishes.pop_back();
      if (memory_.holds(block)) {
        port_.hit(reader_.read_of(block));
        for_each_child_in(forest_, block, want.top, readaheads_[want.handle].range,
                          [&](PointerId pointer, PointerId top) {
                            wishes.push_back({forest_.child[pointer], {want.handle, top}});
                          });
        continue;
      }
      ++readaheads_[want.handle].open;
      if (!wanted_.any(block)) queue(block);
      wanted_.add(block, want);
    }
  }

  void queue(BlockId block) {
    const Read read = reader_.read_of(block);
    reader_.claim(read);
    shafts_[read.device].queue.emplace(read.physical, block);
    claimed_[block] = read;
    touched_.push_back(read.device);
  }

  // The block has come, or is given up: those who wanted it go on.
  void give_out(BlockId block, bool there) {
    std::vector<Want> wants;
    wanted_.take(block, wants);
    for (const Want& want : wants) {
      Readahead& readahead = readaheads_[want.handle];
      if (there)
        for_each_child_in(forest_, block, want.top, readahead.range, [&](PointerId pointer, PointerId top) {
          this->want({forest_.child[pointer], {want.handle, top}});
        });
      if (--readahead.open == 0) port_.finish(want.handle);
    }
  }

  // Devices that have room, or something more to read.
  void go_on() {
    while (!touched_.empty()) {
      const DeviceIndex device = touched_.back();
      touched_.pop_back();
      Shaft& shaft = shafts_[device];
      while (shaft.in_flight < max_in_flight_ && !shaft.queue.empty()) read_next(shaft);
    }
  }

  void read_next(Shaft& shaft) {
    auto next = shaft.queue.lower_bound({shaft.at, 0});
    if (next == (shaft.up ? shaft.queue.end() : shaft.queue.begin())) shaft.up = !shaft.up;
    if (!shaft.up) --next;
    const BlockId block = next->second;
    shaft.at = next->first;
    shaft.queue.erase(next);
    const Read read = claimed_[block];
    reader_.release(read.device);
    if (memory_.holds(block)) {  // somebody else has brought it
      port_.hit(read);
      give_out(block, true);
    } else {
      reader_.issue_claimed(read);
      ++shaft.in_flight;
    }
  }

  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  copy::Reader reader_;
  Wanted wanted_;
  std::vector<Shaft> shafts_;          // by device
  std::vector<Read> claimed_;          // by block: how it will be read
  std::vector<Readahead> readaheads_;  // by handle
  std::vector<DeviceIndex> touched_;
  const std::uint32_t max_in_flight_;
};

}  // namespace

extern const Policy policy_elevator;
const Policy policy_elevator{
    .name = "elevator",
    .sentence = "Each device sweeps up and down over all that is known to be wanted of it.",
    .source = "the example of headway's scenarios/own-policy/",
    .parameters = copy::declare_with({{.name = "max_in_flight",
                                       .default_value = std::int64_t{6},
                                       .unit = "reads a device",
                                       .sentence = "How many reads a device has under way at once.",
                                       .low = 1,
                                       .high = 1024,
                                       .choices = {}}},
                                     "round-robin"),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<Elevator>(context, values);
    }};
HEADWAY_PLUGIN(policy_elevator);
