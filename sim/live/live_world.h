// Real devices and a real clock behind a driver: reads go to io_uring, ends come in the order in which the devices have
// them, and workloads are fibers beside it, in one thread of one process.
//
// Time goes in steps. A step begins when a read has ended or a sleep is over; all that it finds has its date, and so
// has what is decided in it. Sleeps end at the date that was asked for, whatever the step's, so that the order of all
// events follows from the dates of ends alone (sim/workloads/twin.h goes through it again). What the program itself
// takes counts as the devices': between an end in the kernel and its step, and between a decision and the kernel.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "sim/driver/driver.h"
#include "sim/driver/fibers.h"
#include "sim/live/block_check.h"
#include "sim/live/buffers.h"
#include "sim/live/live_devices.h"
#include "sim/live/read_ring.h"

namespace headway {

class LiveWorld final : public DevicePort {
 public:
  // All outlive it. `stop` is asked now and then, in every step.
  LiveWorld(const LiveDevices& devices, BlockCheck& check, std::function<bool()> stop);

  Fibers& actors() { return actors_; }

  // Lets actors and devices go on until nothing more can happen, or until `stop`; reads that are under way then are
  // waited for. False when stopped. Throws what `completed` throws, and std::runtime_error where reads do not end.
  bool run(Driver& driver);

  // Of one device: reads that it failed, and how the first did.
  struct Failed {
    std::uint64_t reads = 0;
    std::string first;
  };
  const std::vector<Failed>& failed() const { return failed_; }

  void submit(DeviceIndex device, const DriveRequest& request, double now_s) override;
  double now_s() const override { return actors_.now_s(); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Slot {             // a read under way
    std::uint64_t tag = 0;  // the driver's
    DeviceIndex device = 0;
    std::uint64_t offset = 0;         // of the buffer, whole sectors
    std::size_t lead = 0, bytes = 0;  // of what was asked for, in it
    std::size_t got = 0;
    std::span<std::byte> buffer;
  };

  double real_s() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }
  void step();
  void ended(const RingEnd& end);
  int error_of(const Slot& slot, int result);
  void begin(std::size_t slot);
  void drain();

  const LiveDevices& devices_;
  BlockCheck& check_;
  const std::function<bool()> stop_;
  Driver* driver_ = nullptr;
  Fibers actors_;
  Buffers buffers_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_slots_;
  std::deque<std::size_t> waiting_;  // slots, beyond what the ring takes
  std::size_t in_flight_ = 0;
  std::vector<Failed> failed_;  // by device
  Clock::time_point begin_;
  ReadRing ring_;  // goes before the buffers do
};

}  // namespace headway
