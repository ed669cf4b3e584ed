// One run without its engine: what a policy is told and asks, what is in memory, what is pending, which reads fail,
// what is recorded.
//
// It stands on a device port (device_port.h) and knows neither engine nor clock: the same decisions follow from the
// same order of completions, whatever served them (driver_test.cpp). Workloads act on it through a stage (stage.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/strategy.h"
#include "models/layout/layout.h"
#include "results/trace/recorder.h"
#include "sim/driver/actors.h"
#include "sim/driver/block_watch.h"
#include "sim/driver/cpu_port.h"
#include "sim/driver/device_port.h"
#include "sim/driver/needed_blocks.h"
#include "sim/driver/own_request.h"
#include "sim/driver/policy_spec.h"
#include "sim/faults/faults.h"

namespace headway {

// What a driver works on. What it refers to outlives the driver.
struct DriverParts {
  const Layout& layout;
  const PolicySpec& policy;
  const Faults& faults;
  std::vector<DeviceTraits> traits;  // by device
  std::uint64_t seed = 0;
  double warm_fraction = 0;      // the probability that a block is in memory at the start; roots always are
  std::uint64_t memory_bytes = 0;  // for tree blocks, roots among them; 0: there is room for all
  bool watched = false;          // some workload reads tree blocks beside the policy
  TraceWriter* trace = nullptr;  // none where no trace is wanted
  const ServiceOracle* oracle = nullptr;  // none where nobody knows what reads take
};

// Hears of readaheads that have finished.
class HandleSink {
 public:
  virtual void finished(HandleId handle) = 0;

 protected:
  ~HandleSink() = default;
};

class Driver final : public Port {
 public:
  // 32 years, the end of a run at the latest: there the clock, a double of seconds, still tells 0.1 us apart, and not
  // much further on a drive's read takes no time any more.
  static constexpr double latest_s = 1e9;

  Driver(DriverParts parts, DevicePort& devices, Actors& actors);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // CPUs that the policy's work takes time on; without them it takes none. Before the first readahead.
  void set_cpus(CpuPort& cpus) { cpus_ = &cpus; }
  void set_handle_sink(HandleSink& sink) { handle_sink_ = &sink; }
  // Whether the policy's reads are of the idle I/O class whatever it says itself.
  void set_background(bool background) { background_ = background; }

  const Layout& layout() const { return parts_.layout; }
  const PolicySpec& policy() const { return parts_.policy; }
  std::uint64_t seed() const { return parts_.seed; }
  std::span<const DeviceTraits> traits() const { return parts_.traits; }
  std::span<const std::uint32_t> pending() const { return pending_at_; }  // requests under way, by device
  const Memory& memory() const { return memory_; }
  MemoryBound* bound() { return bound_ ? &*bound_ : nullptr; }
  Strategy& strategy() { return *strategy_; }
  const Strategy& strategy() const { return *strategy_; }
  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  CpuPort* cpus() { return cpus_; }
  BlockWatch* watch() { return watch_ ? &*watch_ : nullptr; }

  // The time of what happens now: the last event's, or the devices' clock where that is ahead.
  const double& now_s() const { return now_s_; }
  // Throws std::runtime_error beyond what the clock carries.
  void advance_to(double now_s) {
    if (now_s > latest_s) throw_too_late();
    now_s_ = std::max(now_s_, now_s);
  }
  void catch_up() { advance_to(devices_.now_s()); }

  // The devices' answer. `error` is what the device itself says, 0 or an errno; the scenario's faults come on top.
  void completed(const DriveCompletion& completion, int error = 0);
  // That is under way.
  const OwnRequest& request_of(std::uint64_t tag) const { return pending_[tag].request; }

  // A workload's own request.
  void submit(const OwnRequest& request, OwnRequestSink& sink);
  // A workload's read of a tree block, watched, is over: for good, the other copies have been tried.
  void block_ended(const Read& read, int error);

  // The last workload that ends by itself has: the run is over, and nothing that ends later belongs to it. What is
  // under way has been issued, and no more.
  void end() { over_ = true; }
  bool over() const { return over_; }

  // Whether nothing is under way but requests that are not recorded.
  bool quiet() const { return recorded_in_flight_ == 0 && (cpus_ == nullptr || cpus_->idle()); }
  std::uint64_t issues() const { return issues_; }  // by the policy, so far

  // Blocks that a workload wants; what else is read is wasted.
  void need(const Range& range) { needed_.add(range); }
  const NeededBlocks& needed() const { return needed_; }
  RunMetrics metrics(double elapsed_s) const;

  // What of the work was not done, and why, for people (shortfall.h). After the run.
  std::vector<std::string> notes() const;

  // The policy's decisions.
  void issue(const Read& read) override;
  void hit(const Read& read) override {
    recorder_.hit(now_s_, read);
    if (bound_) bound_->used(read.block);
  }
  void zone(DeviceIndex device, std::uint64_t logical) override { recorder_.zone(now_s_, device, logical); }
  void finish(HandleId handle) override;

 private:
  struct Pending {
    OwnRequest request;
    OwnRequestSink* sink = nullptr;  // none: the policy's
    double issued_s = 0;
  };

  [[noreturn]] void throw_too_late() const;
  void bring(BlockId block);
  Memory ever_there() const;
  void send(const OwnRequest& request, OwnRequestSink* sink);
  int error_of(const OwnRequest& request);
  void report(const Read& read, int error);

  DriverParts parts_;
  DevicePort& devices_;
  Actors& actors_;
  double now_s_ = 0;
  Memory memory_;
  std::optional<MemoryBound> bound_;  // none: nothing ever leaves
  Memory was_read_;                   // by the policy; where memory has a bound, by whomever
  Memory has_left_;                   // of no blocks without a bound
  Memory failed_;  // blocks of which a read failed
  std::vector<std::uint32_t> pending_at_;  // requests by device, of the policy and of all workloads
  Recorder recorder_;
  ReadErrors read_errors_;
  NeededBlocks needed_;
  std::unique_ptr<MemoryFaults> memory_faults_;
  std::unique_ptr<Strategy> strategy_;
  std::optional<BlockWatch> watch_;
  CpuPort* cpus_ = nullptr;
  HandleSink* handle_sink_ = nullptr;
  std::vector<Pending> pending_;  // by tag
  std::vector<std::uint32_t> free_tags_;
  bool background_ = false;
  bool over_ = false;
  std::uint64_t recorded_in_flight_ = 0;
  std::uint64_t blocks_read_ = 0;
  std::uint64_t missing_data_digest_ = 0;  // of recorded reads of data that failed
  std::uint64_t blocks_read_beside_ = 0;  // by workloads
  std::uint64_t issues_ = 0;
};

}  // namespace headway
