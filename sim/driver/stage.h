// What the workloads of a run act on: the policy's readaheads, which they start and wait for, and the drives, which they
// may read and write beside them.
//
// A workload is an actor of SimGrid's: it blocks where a function says so, and everything else, the drives' answers
// among it, happens meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <simgrid/s4u/Semaphore.hpp>
#include <span>
#include <vector>

#include "core/strategy.h"
#include "models/layout/layout.h"
#include "results/trace/recorder.h"
#include "sim/driver/block_watch.h"
#include "sim/engine/cpu_model.h"
#include "sim/engine/disk_model.h"
#include "sim/faults/faults.h"
#include "sim/scenario/scenario.h"

namespace headway {

// A read or write of a workload's own.
struct OwnRequest {
  Read read;  // what and where; block == no_block unless it is a tree block's
  bool write = false;
  bool recorded = true;  // it counts in the metrics of the run and stands in its trace
  bool background = false;
  std::uint16_t stream = 0;
};

struct OwnCompletion {
  double issued_s = 0;
  double end_s = 0;
  int error = 0;  // 0 or an errno
};

// Hears how a workload's own requests end.
class OwnRequestSink {
 public:
  virtual void ended(const OwnRequest& request, const OwnCompletion& completion) = 0;

 protected:
  ~OwnRequestSink() = default;
};

// What a stage stands on. All of it outlives the stage.
struct StageParts {
  const Layout& layout;
  const PolicySpec& policy;
  std::uint64_t seed = 0;
  double& now_s;
  Memory& memory;
  Recorder& recorder;
  ReadErrors& read_errors;
  Strategy& strategy;
  std::span<const DeviceTraits> traits;
  DiskModel& disks;
  CpuModel* cpus = nullptr;                          // none where CPU time costs nothing
  std::function<std::uint64_t()> policy_reads = {};  // in flight
};

class Stage {
 public:
  // `watched`: some workload reads tree blocks beside the policy.
  Stage(const StageParts& parts, bool watched);

  const Volume& volume() const { return parts_.layout.volume; }
  const Forest& forest() const { return parts_.layout.forest; }
  const Memory& memory() const { return parts_.memory; }
  const PolicySpec& policy() const { return parts_.policy; }
  std::uint64_t seed() const { return parts_.seed; }
  const double& now_s() const { return parts_.now_s; }
  std::span<const DeviceTraits> traits() const { return parts_.traits; }
  BlockWatch* watch() { return watch_ ? &*watch_ : nullptr; }

  // Ends an actor's wait, once the engine has come to where the drives are (disk_model.h). Only actors themselves may
  // release a semaphore without it.
  void wake(const simgrid::s4u::SemaphorePtr& sleeper);
  void reached_halt();
  // An actor that was blocked by anything but the functions here calls this when it goes on.
  void catch_up();
  void sleep(double seconds);  // blocks

  // The policy's readaheads. wait() blocks until the readahead has finished, and returns when that was.
  HandleId add(const Range& range);
  double wait(HandleId handle);
  void detach(HandleId handle);
  void finished(HandleId handle);  // the policy says so

  void submit(const OwnRequest& request, OwnRequestSink& sink);
  // A workload's read of a tree block, watched, is over: for good, the other copies have been tried.
  void block_ended(const Read& read, int error);

  // Whether nothing can ever happen again but for the requests of endless workloads. Those ask now and then, so that a
  // run that is stuck ends.
  bool stalled();

  // The drives' answers to own requests, whose tags have a bit of their own.
  static constexpr std::uint32_t own_bit = std::uint32_t{1} << 31;
  static bool is_own(std::uint32_t tag) { return (tag & own_bit) != 0; }
  std::uint32_t served(std::uint32_t tag, const ServiceTimes& times);  // by the drive; returns the number of bytes
  void ended(std::uint32_t tag);                                       // and it has crossed the buses

 private:
  static constexpr double not_yet = -1;

  struct Handle {
    simgrid::s4u::SemaphorePtr waiting;  // none while nobody waits
    double end_s = not_yet;
  };
  struct Own {
    OwnRequest request;
    OwnRequestSink* sink = nullptr;
    double issued_s = 0;
    ServiceTimes times;
  };

  StageParts parts_;
  std::optional<BlockWatch> watch_;
  std::vector<simgrid::s4u::SemaphorePtr> to_wake_;
  std::vector<Handle> handles_;
  std::vector<Own> own_;
  std::vector<std::uint32_t> free_own_;
  std::uint64_t recorded_in_flight_ = 0;
  std::uint64_t sleepers_ = 0;     // actors that go on by themselves
  std::uint64_t activity_ = 0;     // grows with everything that a workload begins
  std::uint64_t idle_since_ = 0;   // what it was when nothing was going on
  double idle_since_s_ = not_yet;  // and when
};

}  // namespace headway
