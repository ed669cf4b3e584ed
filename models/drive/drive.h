// A drive as the engine sees it: requests go in, the date of the next event comes out, completions come out.
//
// A drive owns its queue and its mechanics and knows no engine: dates are seconds of simulated time, passed in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/read.h"

namespace headway {

struct DriveRequest {
  std::uint64_t tag = 0;  // the caller's; comes back with the completion
  std::uint64_t offset_bytes = 0;
  std::uint32_t bytes = 0;
  bool write = false;
  bool background = false;   // of the idle I/O class (readahead workers of Linux 5.x, scrub)
  std::uint16_t stream = 0;  // who asks (a process, a workload): bfq is fair among streams, nobody else looks at it
};

struct DriveCompletion {
  std::uint64_t tag = 0;
  double end_s = 0;
  ServiceTimes times;
};

class Drive {
 public:
  virtual ~Drive() = default;

  // Dates never go back: now_s of submit() and advance() are at least those of every earlier call.
  virtual void submit(const DriveRequest& request, double now_s) = 0;
  // When the drive wants advance() next: the earliest completion, or an event inside it; +infinity when nothing is
  // under way. Exact: the date comes back in DriveCompletion::end_s to the same bits.
  virtual double next_event_s() const = 0;
  // Handles the next event if it is due at now_s. True: `done` holds a completion; false: nothing is finished by now
  // (an internal event may have been handled, next_event_s() tells). Call until it returns false.
  virtual bool advance(double now_s, DriveCompletion& done) = 0;

  virtual std::uint64_t capacity_bytes() const = 0;
  virtual bool rotational() const = 0;
};

}  // namespace headway
