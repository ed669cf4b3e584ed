// What a foreground asks for next: which device, where, read or write.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/random_stream.h"
#include "core/volume.h"
#include "models/trace_input/trace_input.h"
#include "sim/driver/own_request.h"
#include "sim/workloads/foreground_spec.h"

namespace headway {

class RequestSource {
 public:
  RequestSource(const ForegroundSpec& spec, const Volume& volume, std::uint16_t stream, std::uint64_t seed);

  // How far somebody has come who asks in sequence: of each device the reads, and the writes, that he has had there.
  struct Place {
    std::size_t turn = 0;
    std::vector<std::array<std::uint64_t, 2>> next;
  };
  Place begin() const { return {.next = std::vector<std::array<std::uint64_t, 2>>(targets_.size())}; }

  // Random: a device by chance, and of its region a place by chance, at a multiple of align_bytes. Sequential: the
  // devices in turn, each from the begin of its region to the end and again, reads and writes each for themselves.
  OwnRequest next(Place& place);
  // A trace's request: its devices are the foreground's in turn; it covers whole sectors; an address past a device's
  // end begins again at 0.
  OwnRequest placed(const TraceRequest& traced) const;
  double exponential_s(double rate_per_s);

 private:
  struct Extent {
    std::uint64_t physical = 0;
    std::uint64_t requests = 0;  // places where one fits
  };
  struct Target {
    DeviceIndex device = 0;
    std::vector<Extent> region;
    std::uint64_t requests = 0;
  };

  Target target_of(const Volume& volume, DeviceIndex device) const;
  std::uint64_t address(const Target& target, std::uint64_t request) const;

  const ForegroundSpec& spec_;
  const std::uint64_t step_bytes_;  // from one place of the region to the next
  const Volume& volume_;
  const std::uint16_t stream_;
  std::mt19937_64 random_;
  std::vector<Target> targets_;
};

}  // namespace headway
