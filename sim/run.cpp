#include "sim/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <simgrid/s4u.hpp>

#include "results/intervals.h"
#include "results/recorder.h"
#include "results/trace.h"
#include "sim/disk_model.h"
#include "sim/jobs.h"
#include "sim/needed_blocks.h"

namespace headway {

namespace {

namespace s4u = simgrid::s4u;

// Everything of one run: hears the policy's decisions, hands reads to the drives and completions to the policy.
class Run final : public Port, public CompletionSink, public CpuClock {
 public:
  Run(const RunRequest& request, TraceWriter* trace)
      : request_(request),
        volume_(request.layout.volume),
        forest_(request.layout.forest),
        memory_(forest_.blocks()),
        was_read_(forest_.blocks()),
        recorder_(volume_, forest_, trace),
        read_errors_(request.scenario.faults, request.seed),
        needed_(forest_),
        waiters_(request.scenario.workload.size()) {
    for (const auto& spec : request.scenario.workload)
      needed_.add({*forest_.find_tree(spec.tree), spec.key_start, spec.key_end});
  }

  RunResult run();
  // Of a run that has succeeded.
  Intervals intervals(const RunResult& result) const {
    return recorder_.intervals(result.metrics[MetricId::elapsed_s]);
  }

  // The policy's decisions.
  void issue(const Read& read) override;
  void hit(const Read& read) override { recorder_.hit(now_s_, read); }
  void zone(DeviceIndex device, std::uint64_t logical) override { recorder_.zone(now_s_, device, logical); }
  void finish(HandleId handle) override;
  // The drives' answers.
  void completed(std::uint32_t drive, const DriveCompletion& completion) override;
  void reached_halt() override;
  // The CPUs' turns.
  void at(double now_s) override { now_s_ = std::max(now_s_, now_s); }
  std::uint64_t issues() const override { return issues_; }

 private:
  struct Pending {
    Read read;
    double issued_s = 0;
    ServiceTimes times;
  };
  // A workload, seen from the engine: who waits, and when it ran.
  struct Waiter {
    s4u::SemaphorePtr finished;
    double begin_s = 0;
    double end_s = 0;
    bool ended = false;
  };

  std::vector<std::unique_ptr<Drive>> make_drives() const;
  std::unique_ptr<MemoryFaults> make_memory_faults() const;
  void make_buses(s4u::NetZone* zone, s4u::Host* host);
  void wake(const s4u::SemaphorePtr& sleeper);
  void read_ended(std::uint32_t tag);
  void warm_up();
  void show_progress();
  void wait_until_finished(Waiter& waiter);
  void enumerate(std::size_t place);
  RunResult result() const;

  const RunRequest& request_;
  const Volume& volume_;
  const Forest& forest_;
  double now_s_ = 0;
  Memory memory_;
  Memory was_read_;
  Recorder recorder_;
  ReadErrors read_errors_;
  NeededBlocks needed_;
  std::unique_ptr<MemoryFaults> memory_faults_;
  std::vector<DeviceTraits> traits_;
  std::unique_ptr<Strategy> strategy_;
  std::shared_ptr<DiskModel> disks_;
  std::unique_ptr<Buses> buses_;    // none where no drive is on one
  std::shared_ptr<CpuModel> cpus_;  // none where CPU time costs nothing
  std::vector<Pending> pending_;
  std::vector<std::uint32_t> free_pending_;
  std::uint64_t blocks_read_ = 0;
  std::uint64_t issues_ = 0;
  std::vector<Waiter> waiters_;             // by workload
  std::vector<std::size_t> workload_of_;    // by handle
  std::vector<s4u::SemaphorePtr> to_wake_;  // once the engine has come to where the drives are
};

RunResult Run::run() {
  // SimGrid takes its settings as arguments; ours come from the scenario alone. What it has to say, a deadlock, result()
  // says with the reason.
  std::vector<std::string> words{"headway", "--log=root.app:file:/dev/null"};
  for (auto& word : Buses::engine_arguments()) words.push_back(std::move(word));
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  s4u::Engine engine(&count, arguments.data());
  // Dates less than this apart are one to the engine; its default of 10 us is more than an SSD's whole read.
  s4u::Engine::set_config("surf/precision", 1e-12);
  auto* zone = s4u::create_full_zone("headway");
  auto* host = zone->create_host("host", 1e9);
  if (!request_.scenario.buses.empty()) make_buses(zone, host);
  zone->seal();
  if (buses_) buses_->start();
  auto drives = make_drives();
  for (const auto& drive : drives) traits_.push_back({.rotational = drive->rotational()});
  disks_ = std::make_shared<DiskModel>(std::move(drives), *this);
  memory_faults_ = make_memory_faults();
  strategy_ = request_.policy.policy->make(
      {volume_, forest_, memory_, *this, now_s_, traits_, request_.seed, memory_faults_.get()},
      request_.policy.parameters);
  engine.add_model(disks_);
  if (request_.scenario.cpu.workers > 0) {
    cpus_ = std::make_shared<CpuModel>(request_.scenario.cpu, forest_, *strategy_, *this);
    engine.add_model(cpus_);
  }
  if (!cpus_ && !buses_) disks_->go_ahead(RestOfEngine(engine, *disks_));
  bool stalled = false;
  s4u::Engine::on_deadlock_cb([&] { stalled = true; });
  for (auto& waiter : waiters_) waiter.finished = s4u::Semaphore::create(0);
  warm_up();
  show_progress();
  for (std::size_t i = 0; i < waiters_.size(); ++i)
    s4u::Actor::create(request_.scenario.workload[i].name, host, [this, i] { enumerate(i); });
  try {
    engine.run();
  } catch (const std::exception&) {
    // A deadlock ends the run by an exception in some versions; `stalled` and the waiters tell what happened.
  }
  return result();
}

std::vector<std::unique_ptr<Drive>> Run::make_drives() const {
  std::vector<std::unique_ptr<Drive>> drives;
  for (std::size_t i = 0; i < request_.scenario.devices.size(); ++i) {
    const DeviceSpec& device = request_.scenario.devices[i];
    drives.push_back(with_faults(make_drive(device.model, device.queue, request_.seed * UINT16_MAX + i),
                                 volume_.devices()[i].devid, request_.scenario.faults));
  }
  return drives;
}

std::unique_ptr<MemoryFaults> Run::make_memory_faults() const {
  for (const auto& fault : request_.scenario.faults) {
    if (fault.kind == FaultKind::no_memory) return std::make_unique<MemoryFaults>(fault.rate, request_.seed);
  }
  return nullptr;
}

// Roots are in memory, as in a mounted file system; of the other blocks each is with the scenario's probability.
void Run::warm_up() {
  for (const auto& tree : forest_.trees) memory_.insert(tree.root);
  if (request_.scenario.warm_fraction > 0) {
    boost::random::mt19937_64 engine(request_.seed);
    boost::random::uniform_01<double> uniform;
    for (BlockId block = 0; block < forest_.blocks(); ++block) {
      if (uniform(engine) < request_.scenario.warm_fraction) memory_.insert(block);
    }
  }
  for (BlockId block = 0; block < forest_.blocks(); ++block) {
    if (memory_.holds(block)) recorder_.cached(0, block);
  }
}

// Tells the process that waits for this one how far the run is.
void Run::show_progress() {
  const double bytes_needed = static_cast<double>(needed_.count()) * forest_.node_bytes;
  recorder_.watch([bytes_needed](double t, std::uint64_t reads, std::uint64_t bytes) {
    RunProgress& progress = progress_of_this_process();
    progress.simulated_s.store(t, std::memory_order_relaxed);
    progress.reads.store(reads, std::memory_order_relaxed);
    progress.share.store(static_cast<double>(bytes) / bytes_needed, std::memory_order_relaxed);
  });
}

// The actor of an `enumerate` workload: adds its range and waits for it.
void Run::enumerate(std::size_t place) {
  const WorkloadSpec& spec = request_.scenario.workload[place];
  if (spec.after) {
    waiters_[*spec.after].finished->acquire();
    waiters_[*spec.after].finished->release();  // others may wait for it as well
  }
  if (spec.start_s > 0) s4u::this_actor::sleep_for(spec.start_s);
  // The drives' dates are exact, the engine's clock is a sum of steps: time must not seem to go back.
  now_s_ = std::max(now_s_, s4u::Engine::get_clock());
  Waiter& waiter = waiters_[place];
  waiter.begin_s = now_s_;
  const auto handle = static_cast<HandleId>(workload_of_.size());
  workload_of_.push_back(place);
  recorder_.add(now_s_, handle, spec.tree);
  strategy_->add(handle, {*forest_.find_tree(spec.tree), spec.key_start, spec.key_end});
  if (cpus_) cpus_->dispatch(now_s_);
  wait_until_finished(waiter);
  strategy_->wait(handle);
  waiter.finished->release();
}

void Run::wait_until_finished(Waiter& waiter) {
  const double interval_s = strategy_->restart_interval_s();
  if (interval_s <= 0) return waiter.finished->acquire();
  while (waiter.finished->acquire_timeout(interval_s)) {
    now_s_ = std::max(now_s_, s4u::Engine::get_clock());
    strategy_->restart();
    if (cpus_) cpus_->dispatch(now_s_);
  }
}

void Run::issue(const Read& read) {
  ++issues_;
  recorder_.issue(now_s_, read);
  std::uint32_t tag;
  if (free_pending_.empty()) {
    tag = static_cast<std::uint32_t>(pending_.size());
    pending_.push_back({read, now_s_, {}});
  } else {
    tag = free_pending_.back();
    free_pending_.pop_back();
    pending_[tag] = {read, now_s_, {}};
  }
  disks_->submit(read.device,
                 {.tag = tag,
                  .offset_bytes = read.physical,
                  .bytes = read.bytes,
                  .background = strategy_->idle_class()},
                 now_s_);
}

void Run::completed(std::uint32_t drive, const DriveCompletion& completion) {
  const auto tag = static_cast<std::uint32_t>(completion.tag);
  now_s_ = std::max(now_s_, completion.end_s);
  pending_[tag].times = completion.times;
  if (buses_ && buses_->carries(drive)) {
    buses_->send(drive, tag, pending_[tag].read.bytes);
  } else {
    read_ended(tag);
  }
}

void Run::make_buses(s4u::NetZone* zone, s4u::Host* host) {
  std::vector<std::uint64_t> devids;
  for (const auto& device : volume_.devices()) devids.push_back(device.devid);
  buses_ = std::make_unique<Buses>(request_.scenario.buses, devids, zone, host, [this](std::uint64_t tag, double now_s) {
    now_s_ = std::max(now_s_, now_s);
    read_ended(static_cast<std::uint32_t>(tag));
  });
}

// The data are in memory, or it is known that they will not be.
void Run::read_ended(std::uint32_t tag) {
  const auto [read, issued_s, times] = pending_[tag];
  free_pending_.push_back(tag);
  const int error = request_.scenario.faults.empty()
                        ? 0
                        : read_errors_.error_of(volume_.devices()[read.device].devid, read, now_s_);
  if (error == 0) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      memory_.insert(block);
      was_read_.insert(block);
    }
    blocks_read_ += read.blocks;
  }
  recorder_.complete(now_s_, read, error, times, issued_s);
  if (cpus_) {
    cpus_->arrived(read, error, now_s_);
  } else {
    strategy_->complete(read, error);
  }
}

void Run::finish(HandleId handle) {
  recorder_.finish(now_s_, handle);
  Waiter& waiter = waiters_[workload_of_[handle]];
  waiter.end_s = now_s_;
  waiter.ended = true;
  wake(waiter.finished);
}

void Run::wake(const s4u::SemaphorePtr& sleeper) {
  if (!disks_->ahead() && to_wake_.empty()) return sleeper->release();
  to_wake_.push_back(sleeper);
  disks_->halt(now_s_);
}

void Run::reached_halt() {
  for (const auto& sleeper : to_wake_) sleeper->release();
  to_wake_.clear();
}

RunResult Run::result() const {
  RunResult result;
  result.policy = request_.policy.name;
  result.seed = request_.seed;
  double elapsed_s = 0;
  for (std::size_t i = 0; i < waiters_.size(); ++i) {
    const WorkloadSpec& spec = request_.scenario.workload[i];
    if (!waiters_[i].ended) {
      result.status = "failed";
      result.message = fmt::format("workload \"{}\" waits for what will never happen ({} s simulated)\n{}", spec.name,
                                   now_s_, strategy_->dump());
      return result;
    }
    elapsed_s = std::max(elapsed_s, waiters_[i].end_s);
    WorkloadResult workload{spec.name, {}};
    workload.metrics[MetricId::elapsed_s] = waiters_[i].end_s - waiters_[i].begin_s;
    result.workloads.push_back(workload);
  }
  const RunMetrics metrics = recorder_.metrics(elapsed_s, blocks_read_ - needed_.count_in(was_read_));
  result.metrics = metrics.run;
  for (std::size_t i = 0; i < metrics.devices.size(); ++i)
    result.devices.push_back({volume_.devices()[i].devid, metrics.devices[i]});
  return result;
}

}  // namespace

RunResult run_once(const RunRequest& request) {
  const auto devices = request.layout.volume.devices();
  const TraceHeader header{.scenario = request.scenario.name,
                           .policy = request.policy.name,
                           .seed = request.seed,
                           .devices = {devices.begin(), devices.end()}};
  std::optional<TraceWriter> trace;
  if (request.trace) trace.emplace(*request.trace, header);
  Run run(request, trace ? &*trace : nullptr);
  const RunResult result = run.run();
  if (trace) trace->close();
  if (request.intervals && !result.failed()) write_intervals(*request.intervals, header, run.intervals(result));
  return result;
}

}  // namespace headway
