// For tests: policies that go wrong, each in one way, around one that does not.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/copy/reader.h"
#include "core/plugin.h"
#include "core/wanted.h"

using namespace headway;

namespace {

enum class Fault {
  none,
  reads_twice,
  forgets_one,
  ends_early,
  never_ends,
  ends_twice,
  reads_memory,
  looks_once,
  invents_hits,
  other_copys_place,
  unknown_block,
  keeps_hold,
  by_address,
  by_lot,
  by_clock,
  remembers,
  throws,
  throws_at_once,
  throws_late,
  loops,
  dies,
  exits,
  chatters,
  corrupts
};

std::vector<int>& ballast() {
  static std::vector<int> all;
  return all;
}

// Asks for all that it knows of at once.
class Greedy final : public Strategy {
 public:
  Greedy(const Context& context, const Parameters& values, Fault fault)
      : fault_(fault), context_(context), forest_(context.forest), reader_(context, values), wanted_(forest_.blocks()) {
    if (fault == Fault::throws_at_once) throw std::runtime_error("no such policy today");
  }

  void add(HandleId handle, const Range& range) override {
    if (fault_ == Fault::chatters) std::printf("a line on the standard output\n");
    if (handle >= ranges_.size()) ranges_.resize(handle + 1);
    if (handle >= open_.size()) open_.resize(handle + 1);
    ranges_[handle] = range;
    want(forest_.trees[range.tree].root, {handle, no_top});
    if (open_[handle] == 0 && fault_ != Fault::never_ends) context_.port.finish(handle);
    issue_all();
  }

  void complete(const Read& read, int error) override {
    if (fault_ == Fault::loops && read.level == 0) {
      for (volatile bool for_ever = true; for_ever;) {
      }
    }
    if (fault_ == Fault::dies && read.level == 0) std::abort();
    if (fault_ == Fault::exits && read.level == 0) std::exit(0);
    if (fault_ == Fault::throws_late && read.level == 0) throw std::runtime_error("not another leaf");
    if (fault_ == Fault::throws && error != 0) throw std::runtime_error("an error that nobody told me of");
    if (fault_ == Fault::corrupts) const_cast<Forest&>(forest_).logical[read.block] = 4096;
    reader_.complete(read, error);
    const bool there = error == 0 || context_.memory.holds(read.block);
    if (!there && reader_.retry(read)) return;
    give_out(read, there);
    issue_all();
  }

 private:
  void want(BlockId block, const Want& want) {
    const bool there = context_.memory.holds(block) && !(fault_ == Fault::reads_memory && block % 4 == 1);
    if (there || (fault_ == Fault::invents_hits && block % 8 == 5 && forest_.level[block] == 0)) {
      context_.port.hit(reader_.read_of(block));
      want_children(block, want);
      return;
    }
    ++open_[want.handle];
    if (!wanted_.any(block) || fault_ == Fault::reads_twice) to_issue_.push_back(block);
    wanted_.add(block, want);
    if (fault_ == Fault::keeps_hold && context_.bound != nullptr && block % 4 == 3) context_.bound->hold(block);
  }

  void want_children(BlockId block, const Want& parent) {
    for_each_child_in(forest_, block, parent.top, ranges_[parent.handle], [&](PointerId pointer, PointerId top) {
      if (fault_ == Fault::forgets_one && pointer % 16 == 7) return;
      want(forest_.child[pointer], {parent.handle, top});
    });
  }

  void give_out(const Read& read, bool there) {
    std::vector<Want> wants;
    wanted_.take(read.block, wants);
    for (const Want& one : wants) {
      if (there) want_children(read.block, one);
      const bool over = --open_[one.handle] == (fault_ == Fault::ends_early ? 1 : 0);
      if (!over || fault_ == Fault::never_ends) continue;
      context_.port.finish(one.handle);
      if (fault_ == Fault::ends_twice) context_.port.finish(one.handle);
    }
  }

  void issue_all() {
    put_in_order();
    std::vector<BlockId> now;
    now.swap(to_issue_);
    for (const BlockId block : now) {
      if (fault_ == Fault::looks_once && block % 2 == 0) {
        later_.push_back(block);
      } else {
        issue(block);
      }
    }
    if (fault_ == Fault::looks_once && now.empty()) {
      for (const BlockId block : later_) issue(block);
      later_.clear();
    }
  }

  void issue(BlockId block) {
    Read read = reader_.read_of(block);
    if (fault_ == Fault::unknown_block && block + 1 == forest_.blocks()) {
      ++read.block;
      context_.port.issue(read);
      return;
    }
    if (fault_ == Fault::other_copys_place && read.mirror == 2) read.mirror = 1;
    if (fault_ == Fault::other_copys_place)
      reader_.issue_claimed(read);
    else
      reader_.issue(block);
  }

  void put_in_order() {
    if (to_issue_.size() < 2) return;
    if (fault_ == Fault::by_address) {
      std::set<std::unique_ptr<BlockId>> by_place;
      for (const BlockId block : to_issue_) by_place.insert(std::make_unique<BlockId>(block));
      to_issue_.clear();
      for (const auto& block : by_place) to_issue_.push_back(*block);
    }
    std::size_t turn = 0;
    if (fault_ == Fault::by_lot) turn = std::random_device()() % to_issue_.size();
    if (fault_ == Fault::by_clock)
      turn = static_cast<std::size_t>(std::chrono::steady_clock::now().time_since_epoch().count()) % to_issue_.size();
    if (fault_ == Fault::remembers) turn = ballast().size() % to_issue_.size();
    if (fault_ == Fault::remembers) ballast().push_back(0);
    std::swap(to_issue_.front(), to_issue_[turn]);
  }

  const Fault fault_;
  const Context context_;
  const Forest& forest_;
  copy::Reader reader_;
  Wanted wanted_;
  std::vector<Range> ranges_;        // by handle
  std::vector<std::uint64_t> open_;  // by handle
  std::vector<BlockId> to_issue_, later_;
};

template <Fault fault>
std::unique_ptr<Strategy> make(const Context& context, const Parameters& values) {
  return std::make_unique<Greedy>(context, values, fault);
}

template <Fault fault>
const Policy policy(const char* name) {
  return {.name = name,
          .sentence = "For tests.",
          .source = "",
          .parameters = copy::declare("md-raid1"),
          .make = make<fault>};
}

const Policy none = policy<Fault::none>("sound"), reads_twice = policy<Fault::reads_twice>("reads-twice"),
             forgets_one = policy<Fault::forgets_one>("forgets-one"),
             ends_early = policy<Fault::ends_early>("ends-early"), never_ends = policy<Fault::never_ends>("never-ends"),
             ends_twice = policy<Fault::ends_twice>("ends-twice"),
             reads_memory = policy<Fault::reads_memory>("reads-memory"),
             looks_once = policy<Fault::looks_once>("looks-once"),
             invents_hits = policy<Fault::invents_hits>("invents-hits"),
             other_copys_place = policy<Fault::other_copys_place>("other-copys-place"),
             unknown_block = policy<Fault::unknown_block>("unknown-block"),
             keeps_hold = policy<Fault::keeps_hold>("keeps-hold"), by_address = policy<Fault::by_address>("by-address"),
             by_lot = policy<Fault::by_lot>("by-lot"), by_clock = policy<Fault::by_clock>("by-clock"),
             remembers = policy<Fault::remembers>("remembers"), throws = policy<Fault::throws>("throws"),
             throws_at_once = policy<Fault::throws_at_once>("throws-at-once"),
             throws_late = policy<Fault::throws_late>("throws-late"), loops = policy<Fault::loops>("loops"),
             dies = policy<Fault::dies>("dies"), exits = policy<Fault::exits>("exits"),
             chatters = policy<Fault::chatters>("chatters"), corrupts = policy<Fault::corrupts>("corrupts");

}  // namespace

HEADWAY_PLUGIN(none, reads_twice, forgets_one, ends_early, never_ends, ends_twice, reads_memory, looks_once,
               invents_hits, other_copys_place, unknown_block, keeps_hold, by_address, by_lot, by_clock, remembers,
               throws, throws_at_once, throws_late, loops, dies, exits, chatters, corrupts);
