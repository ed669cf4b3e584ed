// Fibers by themselves: who goes on when, and at what date.
#include "sim/driver/fibers.h"

#include <doctest/doctest.h>

#include <string>

using namespace headway;

namespace {

// Lets all happen, date by date.
void go(Fibers& fibers) {
  for (fibers.run_ready(); fibers.next_timer_s() != Fibers::never; fibers.run_ready()) {
    fibers.advance_to(fibers.next_timer_s());
    fibers.end_timers();
  }
}

}  // namespace

TEST_CASE("fibers sleep in the order of dates, and begin once the caller blocks") {
  Fibers fibers;
  std::string order;
  fibers.start("a", [&] {
    fibers.sleep(2);
    order += 'a';
    fibers.start("c", [&] { order += 'c'; });
    order += 'd';
  });
  fibers.start("b", [&] {
    fibers.sleep(1);
    order += 'b';
  });
  CHECK(order.empty());
  go(fibers);
  CHECK(order == "badc");
  CHECK(fibers.now_s() == 2);
}

TEST_CASE("a wake counts, before the wait as after it; a wait with a limit says which came first") {
  Fibers fibers;
  const auto sleeper = fibers.make_sleeper(), never_woken = fibers.make_sleeper();
  fibers.wake(sleeper, 0);
  std::string order;
  fibers.start("a", [&] {
    sleeper->wait();
    order += '1';
    CHECK_FALSE(sleeper->wait_for(5));
    order += '2';
    CHECK(fibers.now_s() == 3);
    CHECK(never_woken->wait_for(1));
    CHECK(fibers.now_s() == 4);
    CHECK(never_woken->wait_for(0));
    order += '3';
  });
  fibers.start("b", [&] {
    fibers.sleep(3);
    fibers.wake(sleeper, 3);
    order += 'w';
  });
  go(fibers);
  CHECK(order == "1w23");
}

TEST_CASE("who waits for ever is thrown out of the wait, and what it holds goes") {
  struct Held {
    int& gone;
    ~Held() { ++gone; }
  };
  int gone = 0;
  {
    Fibers fibers;
    const auto sleeper = fibers.make_sleeper();
    for (int i = 0; i < 3; ++i) {
      fibers.start("waits", [&, sleeper] {
        const Held held{gone};
        sleeper->wait();
      });
    }
    go(fibers);
    CHECK(gone == 0);
    fibers.start("never begins", [&] { FAIL("it began"); });
  }
  CHECK(gone == 3);
}
