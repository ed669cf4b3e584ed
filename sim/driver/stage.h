// What the workloads of a run act on: the policy's readaheads, which they start and wait for, and the devices, which
// they may read and write beside them.
//
// A workload is an actor (actors.h): it blocks where a function says so, and everything else, the devices' answers
// among it, happens meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/driver/driver.h"

namespace headway {

class Stage final : private HandleSink {
 public:
  Stage(Driver& driver, Actors& actors);

  Driver& driver() { return driver_; }
  const Volume& volume() const { return driver_.layout().volume; }
  const Forest& forest() const { return driver_.layout().forest; }
  const Memory& memory() const { return driver_.memory(); }
  const PolicySpec& policy() const { return driver_.policy(); }
  std::uint64_t seed() const { return driver_.seed(); }
  const double& now_s() const { return driver_.now_s(); }
  std::span<const DeviceTraits> traits() const { return driver_.traits(); }
  std::span<const std::uint32_t> pending() const { return driver_.pending(); }
  BlockWatch* watch() { return driver_.watch(); }

  // Another actor of the same workload. What it throws fails the run, and it counts as ended.
  void start(const std::string& name, std::function<void()> body);
  std::shared_ptr<Sleeper> make_sleeper() { return actors_.make_sleeper(); }
  void wake(const std::shared_ptr<Sleeper>& sleeper) { actors_.wake(sleeper, now_s()); }
  // These block.
  void wait(Sleeper& sleeper);
  bool wait_for(Sleeper& sleeper, double seconds);  // true when the time has passed without a wake
  void sleep(double seconds);

  // The policy's readaheads. wait() blocks until the readahead has finished, and returns when that was. A tree search
  // reads in the I/O class of those who search: the idle one while all of them say `background`.
  HandleId add(const Range& range, bool background = false);
  double wait(HandleId handle);
  void detach(HandleId handle);

  // Who visits the range of a readahead has come to this block (Strategy::visited()).
  void visit(HandleId handle, BlockId block);
  // A workload's search holds the blocks on its path, and what it waits for, in memory that has a bound.
  void hold(BlockId block) {
    if (driver_.bound()) driver_.bound()->hold(block);
  }
  void release(BlockId block) {
    if (driver_.bound()) driver_.bound()->release(block);
  }

  void submit(const OwnRequest& request, OwnRequestSink& sink);
  // A workload's read of a tree block, watched, is over: for good, the other copies have been tried.
  void block_ended(const Read& read, int error) { driver_.block_ended(read, error); }

  // Whether nothing can ever happen again but for the requests of endless workloads. Those ask now and then, so that a
  // run that is stuck ends.
  bool stalled();

  // What an actor threw first; empty when none did.
  const std::string& failure() const { return failure_; }

 private:
  static constexpr double not_yet = -1;

  struct Handle {
    std::shared_ptr<Sleeper> waiting;  // none while nobody waits
    double end_s = not_yet;
    bool background = false;
  };

  void count_ordinary(int more);
  void finished(HandleId handle) override;
  void dispatch_works();

  Driver& driver_;
  Actors& actors_;
  std::vector<Handle> handles_;
  std::string failure_;
  int ordinary_ = 0;               // handles at work that are not background
  std::uint64_t sleepers_ = 0;     // actors that go on by themselves
  std::uint64_t activity_ = 0;     // grows with everything that a workload begins
  std::uint64_t idle_since_ = 0;   // what it was when nothing was going on
  double idle_since_s_ = not_yet;  // and when
};

}  // namespace headway
