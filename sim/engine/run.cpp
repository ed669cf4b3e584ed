#include "sim/engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <simgrid/s4u.hpp>

#include "results/trace/intervals.h"
#include "results/trace/recorder.h"
#include "results/trace/trace.h"
#include "sim/driver/needed_blocks.h"
#include "sim/engine/disk_model.h"
#include "sim/jobs/jobs.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/workload.h"

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
        actors_(request.scenario.workload.size()) {
    for (const auto& spec : request.scenario.workload) {
      for (const auto& range : spec.ranges()) needed_.add(range_in(forest_, range));
    }
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
  void finish(HandleId handle) override { stage_->finished(handle); }
  // The drives' answers.
  void completed(std::uint32_t drive, const DriveCompletion& completion) override;
  void reached_halt() override { stage_->reached_halt(); }
  // The CPUs' turns.
  void at(double now_s) override { now_s_ = std::max(now_s_, now_s); }
  std::uint64_t issues() const override { return issues_; }

 private:
  struct Pending {
    Read read;
    double issued_s = 0;
    ServiceTimes times;
  };
  // A workload's actor: who waits for it, and when it ran.
  struct Actor {
    std::unique_ptr<Workload> workload;
    s4u::SemaphorePtr finished;
    double begin_s = 0;
    double end_s = 0;
    bool ended = false;
  };

  std::vector<std::unique_ptr<Drive>> make_drives() const;
  std::unique_ptr<MemoryFaults> make_memory_faults() const;
  void make_buses(s4u::NetZone* zone, s4u::Host* host);
  void read_ended(std::uint32_t tag);
  void warm_up();
  void show_progress();
  bool is_watched() const;
  void make_workloads(s4u::Host* host);
  void perform(std::size_t place);
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
  std::unique_ptr<Stage> stage_;
  BlockWatch* watch_ = nullptr;  // none unless a workload reads tree blocks beside the policy
  std::vector<Actor> actors_;    // by workload
  std::size_t unended_ = 0;      // of those that end by themselves
  std::string failure_;          // what an actor threw
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
  warm_up();
  show_progress();
  make_workloads(host);
  try {
    engine.run();
  } catch (const std::exception&) {
    // A deadlock ends the run by an exception in some versions; `stalled` and the actors tell what happened.
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
  double bytes_needed = static_cast<double>(needed_.count()) * forest_.node_bytes;
  for (const auto& spec : request_.scenario.workload) {
    if (const auto* scrub = std::get_if<ScrubSpec>(&spec.kind))
      bytes_needed += static_cast<double>(data_bytes(volume_, scrub->devices));
  }
  recorder_.watch([bytes_needed](double t, std::uint64_t reads, std::uint64_t bytes) {
    RunProgress& progress = progress_of_this_process();
    progress.simulated_s.store(t, std::memory_order_relaxed);
    progress.reads.store(reads, std::memory_order_relaxed);
    progress.share.store(bytes_needed > 0 ? static_cast<double>(bytes) / bytes_needed : 0, std::memory_order_relaxed);
  });
}

// Whether workloads read tree blocks beside the policy. One whose policy is a tree search searches by that.
bool Run::is_watched() const {
  const auto& specs = request_.scenario.workload;
  return !request_.policy.policy->is_search && std::any_of(specs.begin(), specs.end(), [](const WorkloadSpec& spec) {
    return std::holds_alternative<ConsumeSpec>(spec.kind) || std::holds_alternative<ScrubSpec>(spec.kind);
  });
}

void Run::make_workloads(s4u::Host* host) {
  const StageParts parts{.layout = request_.layout,
                         .policy = request_.policy,
                         .seed = request_.seed,
                         .now_s = now_s_,
                         .memory = memory_,
                         .recorder = recorder_,
                         .read_errors = read_errors_,
                         .strategy = *strategy_,
                         .traits = traits_,
                         .disks = *disks_,
                         .cpus = cpus_.get(),
                         .policy_reads = [this] { return pending_.size() - free_pending_.size(); }};
  stage_ = std::make_unique<Stage>(parts, is_watched());
  watch_ = stage_->watch();
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    const WorkloadSpec& spec = request_.scenario.workload[i];
    actors_[i].workload = make_workload(spec, i, *stage_);
    actors_[i].finished = s4u::Semaphore::create(0);
    unended_ += !spec.endless();
    s4u::Actor::create(spec.name, host, [this, i] { perform(i); });
  }
}

void Run::perform(std::size_t place) {
  const WorkloadSpec& spec = request_.scenario.workload[place];
  Actor& actor = actors_[place];
  if (spec.after) {
    actors_[*spec.after].finished->acquire();
    actors_[*spec.after].finished->release();  // others may wait for it as well
    stage_->catch_up();
  }
  stage_->sleep(spec.start_s);
  actor.begin_s = now_s_;
  try {
    actor.end_s = actor.workload->run();
    actor.ended = true;
  } catch (const std::exception& error) {
    failure_ = fmt::format("workload \"{}\": {}", spec.name, error.what());
  }
  actor.finished->release();
  if (spec.endless() || --unended_ > 0) return;
  double end_s = 0;
  for (const Actor& other : actors_) end_s = std::max(end_s, other.end_s);
  for (const Actor& other : actors_) other.workload->stop(end_s);
}

void Run::issue(const Read& read) {
  ++issues_;
  if (watch_) {
    if (watch_->joins(read)) return recorder_.hit(now_s_, read);
    watch_->issued(read);
  }
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
  std::uint32_t bytes;
  if (Stage::is_own(tag)) {
    bytes = stage_->served(tag, completion.times);
  } else {
    pending_[tag].times = completion.times;
    bytes = pending_[tag].read.bytes;
  }
  if (buses_ && buses_->carries(drive)) {
    buses_->send(drive, tag, bytes);
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
  if (Stage::is_own(tag)) return stage_->ended(tag);
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
  if (watch_) watch_->ended(read);
  recorder_.complete(now_s_, read, error, times, issued_s);
  if (cpus_) {
    cpus_->arrived(read, error, now_s_);
  } else {
    strategy_->complete(read, error);
  }
}

RunResult Run::result() const {
  RunResult result;
  result.policy = request_.policy.name;
  result.seed = request_.seed;
  double elapsed_s = 0;
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    const Actor& actor = actors_[i];
    const std::string& name = request_.scenario.workload[i].name;
    if (!actor.ended) {
      result.status = "failed";
      result.message = !failure_.empty()
                           ? failure_
                           : fmt::format("workload \"{}\" waits for what will never happen ({} s simulated)\n{}", name,
                                         now_s_, strategy_->dump());
      return result;
    }
    elapsed_s = std::max(elapsed_s, actor.end_s);
    result.workloads.push_back({name, actor.workload->metrics(actor.end_s - actor.begin_s)});
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
