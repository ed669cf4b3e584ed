#include "sim/emulate/real_time_drive.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace headway::emulate {

namespace {

// Before a date without sleep: a thread that sleeps to it wakes late by about so much.
constexpr auto awake = std::chrono::microseconds(100);

}  // namespace

RealTimeDrive::RealTimeDrive(std::unique_ptr<Drive> drive, double speed, double lead_s)
    : drive_(std::move(drive)), speed_(speed), lead_s_(lead_s * speed), keeper_([this] { keep_dates(); }) {}

RealTimeDrive::~RealTimeDrive() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  keeper_.join();
}

double RealTimeDrive::now_s() const {
  return std::chrono::duration<double>(Clock::now() - start_).count() * speed_;
}

RealTimeDrive::Clock::time_point RealTimeDrive::time_of(double date_s) const {
  return start_ + std::chrono::ceil<Clock::duration>(std::chrono::duration<double>(date_s / speed_));
}

void RealTimeDrive::wake_ended(double now_s) {
  catch_up(*drive_, now_s, last_date_s_, [](const DriveCompletion& done) {
    auto& waiter = *reinterpret_cast<Waiter*>(static_cast<std::uintptr_t>(done.tag));
    waiter.end_s = done.end_s;
    waiter.ended.release();
  });
}

Served RealTimeDrive::serve(std::uint64_t offset_bytes, std::uint32_t bytes, bool write) {
  Waiter waiter;
  Served served;
  {
    const std::scoped_lock lock(mutex_);
    const double now_s = this->now_s();
    wake_ended(now_s);
    served.arrival_s = last_date_s_ = std::max(last_date_s_, now_s - lead_s_);
    drive_->submit({.tag = reinterpret_cast<std::uintptr_t>(&waiter),
                    .offset_bytes = offset_bytes,
                    .bytes = bytes,
                    .write = write},
                   served.arrival_s);
  }
  changed_.notify_one();
  waiter.ended.acquire();
  served.end_s = waiter.end_s;
  served.answered_s = now_s();
  return served;
}

void RealTimeDrive::keep_dates() {
  ::prctl(PR_SET_TIMERSLACK, 1);  // ns; 50 us by default
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_ended(now_s());
    const double next_s = drive_->next_event_s();
    if (std::isinf(next_s)) {
      changed_.wait(lock);
    } else if (changed_.wait_until(lock, time_of(next_s) - awake) == std::cv_status::timeout) {
      lock.unlock();
      while (Clock::now() < time_of(next_s)) {
      }
      lock.lock();
    }
  }
}

}  // namespace headway::emulate
