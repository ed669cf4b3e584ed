// One read of tree blocks, and the port through which a policy's decisions leave core.
#pragma once

#include <cstdint>

#include "core/forest.h"

namespace headway {

using HandleId = std::uint32_t;  // counts the readaheads of a run from 0

// A read that a policy asked for. `blocks` > 1 only where contiguous blocks were coalesced; then the ids are
// consecutive and everything else describes the first.
struct Read {
  BlockId block = no_block;
  std::uint32_t blocks = 1;
  DeviceIndex device = 0;
  std::uint8_t mirror = 0;  // counts from 1, as in btrfs
  std::uint8_t level = 0;
  std::uint32_t bytes = 0;
  std::uint64_t logical = 0;
  std::uint64_t physical = 0;
};

// Where the time of a finished read went. What is left of (completion - issue) is the drive's command overhead and,
// where not overlapped, its bus.
struct ServiceTimes {
  double queue_s = 0;  // from issue to the start of service
  double seek_s = 0;
  double rotation_s = 0;
  double transfer_s = 0;
};

// What a policy decides, in the order in which it decides it. The callee acts at once (submits, counts, records) and
// must not call back into the policy: answers come by Strategy::complete().
class Port {
 public:
  virtual void issue(const Read& read) = 0;
  virtual void hit(const Read& read) = 0;  // the policy asked for a block that is in memory already
  virtual void zone(DeviceIndex device, std::uint64_t logical) = 0;  // a device's read pointer goes to this zone's start
  virtual void finish(HandleId handle) = 0;

 protected:
  ~Port() = default;
};

}  // namespace headway
