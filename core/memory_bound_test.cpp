// What leaves a bounded memory, and what stays.
#include "core/memory_bound.h"

#include <doctest/doctest.h>

using namespace headway;

namespace {

// Three of ten blocks fit.
struct Bounded {
  Memory memory{10};
  MemoryBound bound{memory, 10, 3};
  std::vector<BlockId> gone{};

  void insert(BlockId block) {
    bound.insert(block, [&](BlockId left) { gone.push_back(left); });
  }
  std::vector<BlockId> there() const {
    std::vector<BlockId> all;
    for (BlockId block = 0; block < 10; ++block) {
      if (memory.holds(block)) all.push_back(block);
    }
    return all;
  }
};

using Blocks = std::vector<BlockId>;

}  // namespace

TEST_CASE("a bounded memory: the least recently used leaves; coming in and being used count") {
  Bounded m;
  for (const BlockId block : {1, 2, 3}) m.insert(block);
  CHECK(m.gone.empty());
  m.bound.used(1);
  m.insert(2);  // it is there: used
  m.insert(4);
  CHECK(m.gone == Blocks{3});
  m.insert(5);
  m.insert(6);
  CHECK(m.gone == Blocks{3, 1, 2});
  CHECK(m.there() == Blocks{4, 5, 6});
  m.bound.used(3);  // it is not there
  m.insert(7);
  CHECK(m.gone.back() == 4);
}

TEST_CASE("a bounded memory: what is held stays, beyond the bound if it must, until the last holder lets go") {
  Bounded m;
  m.bound.hold(1);  // before it is there
  m.bound.hold(1);
  for (const BlockId block : {1, 2, 3, 4, 5}) m.insert(block);
  CHECK(m.gone == Blocks{2, 3});
  m.bound.hold(4);
  m.bound.hold(5);
  m.insert(6);  // finds no room, and goes itself
  CHECK(m.gone == Blocks{2, 3, 6});
  m.bound.hold(7);
  m.insert(7);
  CHECK(m.there() == Blocks{1, 4, 5, 7});
  m.bound.release(1);
  CHECK(m.there() == Blocks{1, 4, 5, 7});  // nothing leaves but for another
  m.bound.hold(1);
  m.bound.release(1);
  m.insert(8);
  CHECK(m.there() == Blocks{1, 4, 5, 7});
  m.bound.release(1);
  m.insert(9);
  CHECK(m.there() == Blocks{4, 5, 7});
}
