// Actors for worlds that have no engine: fibers (Boost.Context), of which one runs at a time, and always in the same
// order. The world lets them run where it is their turn, and says what date it is.
//
// A fiber costs no system call to enter or leave, so that what a workload does between two reads of a fast device is
// not hidden behind the operating system's scheduler.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include "sim/driver/actors.h"

namespace headway {

class Fibers final : public Actors {
 public:
  static constexpr double never = std::numeric_limits<double>::infinity();

  Fibers();
  ~Fibers();  // as unwind()
  Fibers(const Fibers&) = delete;
  Fibers& operator=(const Fibers&) = delete;

  // What date it is, which never goes back.
  double now_s() const { return now_s_; }
  void advance_to(double now_s) { now_s_ = std::max(now_s_, now_s); }

  // Lets actors go on until each waits for something.
  void run_ready();
  // The earliest date at which a sleep or a wait ends by itself; `never` where there is none.
  double next_timer_s() const { return timers_.empty() ? never : timers_.begin()->first.first; }
  // Ends all that are due by now_s(): their actors are ready then.
  void end_timers();
  // Ends actors that still wait, by an exception thrown out of their waits. No actor may be running.
  void unwind();

  std::shared_ptr<Sleeper> make_sleeper() override;
  void wake(const std::shared_ptr<Sleeper>& sleeper, double now_s) override;
  void sleep(double seconds) override;
  void start(const std::string& name, std::function<void()> body) override;

 private:
  struct Actor;
  class Waiting;
  using TimerKey = std::pair<double, std::uint64_t>;  // date, and which came first

  TimerKey at(double date_s, std::function<void()> what);
  void resume(Actor& actor);
  void block();

  double now_s_ = 0;
  std::map<TimerKey, std::function<void()>> timers_;
  std::uint64_t next_timer_ = 0;
  std::list<Actor> actors_;
  std::deque<Actor*> ready_;
  Actor* current_ = nullptr;
  bool stopping_ = false;
};

// Unwinds actors where a scope ends, whichever way: made after what they work on, which is then still there.
class UnwoundFibers {
 public:
  explicit UnwoundFibers(Fibers& fibers) : fibers_(fibers) {}
  ~UnwoundFibers() { fibers_.unwind(); }
  UnwoundFibers(const UnwoundFibers&) = delete;
  UnwoundFibers& operator=(const UnwoundFibers&) = delete;

 private:
  Fibers& fibers_;
};

}  // namespace headway
