// A world without an engine or a clock of its own: devices hold what they are given until the date that a function
// names, which is how a run is gone through once more from what is known of its ends (sim/workloads/twin.h).
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "sim/driver/driver.h"
#include "sim/driver/fibers.h"

namespace headway {

// When a request ends and how, and which of those that end at one date comes first.
struct PlainEnd {
  DriveCompletion completion;
  std::uint64_t order = 0;
  int error = 0;  // what the device says of it, 0 or an errno
};

class PlainWorld final : public DevicePort {
 public:
  // Nothing for a request that never ends.
  using EndOf = std::function<std::optional<PlainEnd>(DeviceIndex device, const DriveRequest& request, double now_s)>;

  explicit PlainWorld(EndOf end_of) : end_of_(std::move(end_of)) {}

  Fibers& actors() { return actors_; }

  // Lets actors and devices go on until nothing more can happen. Of what comes at one date devices' answers are first.
  // Throws what `completed` throws.
  void run(Driver& driver) {
    actors_.run_ready();
    for (;;) {
      const double date_s =
          std::min(ends_.empty() ? Fibers::never : ends_.begin()->first.first, actors_.next_timer_s());
      if (date_s == Fibers::never) return;
      actors_.advance_to(date_s);
      while (!ends_.empty() && ends_.begin()->first.first <= actors_.now_s()) {
        const PlainEnd end = ends_.begin()->second;
        ends_.erase(ends_.begin());
        driver.completed(end.completion, end.error);
      }
      actors_.end_timers();
      actors_.run_ready();
    }
  }

  void submit(DeviceIndex device, const DriveRequest& request, double now_s) override {
    auto end = end_of_(device, request, now_s);
    if (!end) return;
    end->completion.tag = request.tag;
    ends_.emplace(std::pair(end->completion.end_s, end->order), *end);
  }
  double now_s() const override { return actors_.now_s(); }

 private:
  EndOf end_of_;
  Fibers actors_;
  std::multimap<std::pair<double, std::uint64_t>, PlainEnd> ends_;
};

}  // namespace headway
