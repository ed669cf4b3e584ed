// A readahead strategy: who decides what is read next. The contract between a policy and whatever drives it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/forest.h"
#include "core/memory.h"
#include "core/memory_bound.h"
#include "core/memory_faults.h"
#include "core/parameter.h"
#include "core/read.h"
#include "core/volume.h"

namespace headway {

// A key range of one tree, its end exclusive.
struct Range {
  std::uint32_t tree = 0;  // place in Forest::trees
  Key start = min_key;
  Key end = max_key;
  bool is_visited = false;  // somebody comes to its blocks one by one, which Strategy::visited() tells
};

// What the kernel knows of a device's kind (Linux: queue/rotational and queue/optimal_io_size).
struct DeviceTraits {
  bool rotational = true;
  std::uint32_t optimal_io_bytes = 0;  // 0: the device states none
  std::uint32_t max_request_bytes = 1280 << 10;  // that adjacent ones join to: Linux's BLK_DEF_MAX_SECTORS since v4.3
};

// What reads take, for references that are told (clairvoyant): no kernel knows it of its disks.
class ServiceOracle {
 public:
  virtual ~ServiceOracle() = default;
  // From the issue at `at_s` of a read at a device with nothing else to do, the last read of which ended at address
  // `from_byte`, until its end.
  virtual double service_s(DeviceIndex device, std::uint64_t from_byte, std::uint64_t offset_byte,
                           std::uint32_t bytes, double at_s) const = 0;
  // How many machines of its own a device has, which of them an address belongs to, and how many reads at a time keep
  // one of them at work: 1 for heads.
  virtual std::uint32_t machines(DeviceIndex device) const = 0;
  virtual std::uint32_t machine_of(DeviceIndex device, std::uint64_t offset_byte) const = 0;
  virtual std::uint32_t at_once(DeviceIndex device) const = 0;
};

// What a strategy works on. All of it outlives the strategy.
struct Context {
  const Volume& volume;
  const Forest& forest;
  const Memory& memory;
  Port& port;
  const double& now_s;  // simulated time, kept up to date by the driver
  std::span<const DeviceTraits> traits;  // by DeviceIndex
  // By DeviceIndex: requests that are at the device or wait before it, of everybody, kept up to date by the driver.
  std::span<const std::uint32_t> pending;
  std::uint64_t seed = 0;  // for rules that draw lots
  MemoryFaults* memory_faults = nullptr;  // null: every allocation succeeds
  MemoryBound* bound = nullptr;           // null: memory has room for all blocks
  const ServiceOracle* oracle = nullptr;  // null: nobody knows
};

// What a step of a work did that takes CPU time.
struct StepCost {
  std::uint32_t starts = 0;      // reads asked for, hits among them
  std::uint32_t hooks = 0;       // blocks that were looked through because they were in memory
  std::uint64_t hook_items = 0;  // pointers in those
};

// The driver calls one function at a time, never from inside the port. Within a call the strategy makes all the
// decisions that follow from it, through the port, in order. The driver puts a block into memory before it reports its
// completion.
//
// Memory does not change during a call. Between two calls any block may enter it without the strategy's doing and
// without a word to it: workloads read beside it (consume, scrub), and where CPU time is charged the completion of its
// own read is told it some time after the block is there. Where memory has a bound any block that nobody holds, but for
// the roots, may leave it likewise, even one whose completion is just being told. So:
//  * It looks again before it issues; what it knows from an earlier call may be old. A read begins and ends with blocks
//    that are not in memory and takes in none that the strategy has in flight. What it reads over may be in memory.
//  * A block that it wants and finds in memory it reports as a hit, and goes on as if it had read it.
//  * A block that it has in flight may enter memory too. The read completes all the same, once, and with an error
//    perhaps: the block is there, and no other copy need be tried.
//  * A read that has completed without an error has told what is in its blocks, whether they are still there or not. Of
//    a block that it will need again it must hold (Context::bound) what it would otherwise have to ask for again: a
//    search the blocks on its path and the one that it waits for.
//  * It may issue a read of one block that somebody else is reading: it joins that read, which the strategy cannot
//    tell from one of its own.
// PortCheck (port_check.h) holds a strategy to this.
class Strategy {
 public:
  virtual ~Strategy() = default;

  // Brings a range into memory. Handles are numbered by the caller, each used once. The strategy reports the end by
  // Port::finish(), at the earliest during this call. The root block of the tree is in memory.
  virtual void add(HandleId handle, const Range& range) = 0;
  // A read that the strategy issued has ended; error is 0 or an errno.
  virtual void complete(const Read& read, int error) = 0;
  // Whoever visits a range (Range::is_visited), in key order, has come to this block of it, which may not be in memory
  // yet. Also after finish.
  virtual void visited(HandleId /*handle*/, BlockId /*block*/) {}
  // The caller has waited until finish and gives its handle back.
  virtual void wait(HandleId /*handle*/) {}
  // The caller will not wait; the work goes on without it.
  virtual void detach(HandleId /*handle*/) {}
  // How often, in seconds, somebody who waits for a handle calls restart(); 0: never.
  virtual double restart_interval_s() const { return 0; }
  virtual void restart() {}

  // Whether its reads are of the idle I/O class, which schedulers above the drive may put behind all others.
  virtual bool idle_class() const { return false; }

  // CPU time. A driver that charges for it calls set_stepped() first. A strategy that knows what that means then leaves
  // its works queued, and the driver runs them, several at a time, a step at a time; any other does in add() and
  // complete() whatever it has to, and the driver charges for that.
  virtual void set_stepped() {}
  // Takes a queued work up; false if there is none.
  virtual bool start_work(std::uint32_t& /*work*/) { return false; }
  // Goes on with a work up to its next decision that costs something, and says what; false when the work is at its end.
  virtual bool step_work(std::uint32_t /*work*/, StepCost& /*cost*/) { return false; }

  // What it was asked for and did not go for, and why: sentences for people, one a reason. Called after a run.
  virtual std::vector<std::string> left_out() const { return {}; }
  // The strategy's state for a person who looks for the reason of a stall; empty if it has none to show.
  virtual std::string dump() const { return {}; }
};

// A policy: a strategy with a name, as scenarios know it.
struct Policy {
  std::string name;
  std::string sentence;
  std::string source;
  std::vector<Parameter> parameters;
  std::unique_ptr<Strategy> (*make)(const Context&, const Parameters&);
  bool is_search = false;  // it is a tree search; a readahead is what somebody starts beside their own search
  // Whether it may read a block before the node that points at it is in memory, by knowing more or by reading over what
  // it does not know: then the tree bounds nothing. Null: never.
  bool (*foresees)(const Parameters&) = nullptr;
};

// All policies, sorted by name (policies.cpp).
std::span<const Policy* const> policies();
const Policy* find_policy(std::string_view name);
std::vector<std::string> policy_names();
// One more, for as long as the program runs. Precondition: no policy has its name. Spans of policies() end here.
void add_policy(const Policy& policy);

}  // namespace headway
