// A modelled drive that answers by the clock: a request comes back when the drive would have ended it.
//
// The drive itself is asked at its own exact dates, however late the thread wakes, so that lateness delays an answer
// and nothing after it. Simplification: what carries requests here and answers back (a socket, FUSE, a loop device)
// takes time of its own, 0.1 to 0.7 ms, which comes on top. A lead takes it off: a request is dated back by so much, as
// far as the drive's own dates allow, which with several at the drive is hardly at all, since the way then overlaps
// with their work. A request that takes less than its way comes late all the same.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

#include "models/drive/drive.h"

namespace headway::emulate {

// Asks the drive for its events up to `now_s`, each at its own date, the last of which is then `last_date_s`, and gives
// `ended` every completion.
template <class Ended>
void catch_up(Drive& drive, double now_s, double& last_date_s, const Ended& ended) {
  for (double date_s = drive.next_event_s(); date_s <= now_s; date_s = drive.next_event_s()) {
    last_date_s = date_s;
    DriveCompletion done;
    while (drive.advance(date_s, done)) ended(done);
  }
}

struct Served {
  double arrival_s = 0;   // in the drive's time, from its start
  double end_s = 0;       // when the drive ended it
  double answered_s = 0;  // when the answer went out: later by what the machine needed
};

class RealTimeDrive {
 public:
  // `speed`: seconds of the drive a second of the clock. `lead_s`: of the clock.
  RealTimeDrive(std::unique_ptr<Drive> drive, double speed, double lead_s);
  ~RealTimeDrive();
  RealTimeDrive(const RealTimeDrive&) = delete;
  RealTimeDrive& operator=(const RealTimeDrive&) = delete;

  // Takes a request and returns when it has ended. Any number of threads may wait here, each for its own.
  Served serve(std::uint64_t offset_bytes, std::uint32_t bytes, bool write);

 private:
  using Clock = std::chrono::steady_clock;

  struct Waiter {
    std::binary_semaphore ended{0};
    double end_s = 0;
  };

  void keep_dates();
  void wake_ended(double now_s);
  double now_s() const;
  Clock::time_point time_of(double date_s) const;

  std::unique_ptr<Drive> drive_;
  double speed_;
  double lead_s_;          // in the drive's time, as are all dates
  double last_date_s_ = 0;  // that the drive was asked at
  Clock::time_point start_ = Clock::now();
  std::mutex mutex_;  // the drive's and the waiters'
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace headway::emulate
