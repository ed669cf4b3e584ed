// A drive behind its host's scheduler: glue that the compiler sees through, so that the engine's one virtual call is
// the only one.
//
// Scheduler: scheduler.h has its contract. Device: has_room(), accept(HostRequest, now), start(now) once all that could
// be accepted is, next_event_s(), advance(now, Finished&) -> bool, capacity_bytes(), rotational.
#pragma once

#include <algorithm>
#include <memory>

#include "models/drive/drive.h"
#include "models/drive/host/drive_check.h"
#include "models/drive/host/host_request.h"

namespace headway {

template <class Scheduler, class Device>
class QueuedDrive final : public Drive {
 public:
  QueuedDrive(std::shared_ptr<const void> model, Scheduler scheduler, Device device)
      : model_(std::move(model)), scheduler_(std::move(scheduler)), device_(std::move(device)) {}

  void submit(const DriveRequest& request, double now_s) override {
    check_.submit(request, capacity_bytes(), now_s);
    if constexpr (Scheduler::in_order) {
      if (scheduler_.empty() && device_.has_room()) {  // it would come out again at once
        device_.accept({request, now_s}, now_s);
        return device_.start(now_s);
      }
    }
    scheduler_.add({request, now_s}, now_s);
    refill(now_s);
  }

  double next_event_s() const override {
    return device_.has_room() ? std::min(device_.next_event_s(), scheduler_.wake_s()) : device_.next_event_s();
  }

  bool advance(double now_s, DriveCompletion& done) override {
    check_.advance(now_s);
    if (device_.next_event_s() <= now_s) {
      Finished finished;
      if (!device_.advance(now_s, finished)) return false;
      done = finished.done;
      check_.completed(done);
      scheduler_.completed(finished);
      refill(done.end_s);
      return true;
    }
    if (device_.has_room() && scheduler_.wake_s() <= now_s) refill(now_s);
    return false;
  }

  std::uint64_t capacity_bytes() const override { return device_.capacity_bytes(); }
  bool rotational() const override { return Device::rotational; }

 private:
  void refill(double now_s) {
    HostRequest next;
    while (device_.has_room() && scheduler_.take(next, now_s)) device_.accept(next, now_s);
    device_.start(now_s);
  }

  std::shared_ptr<const void> model_;  // the device refers to it
  Scheduler scheduler_;
  Device device_;
  [[no_unique_address]] DriveCheck check_;
};

}  // namespace headway
