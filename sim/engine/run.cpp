#include "sim/engine/run.h"

#include <fmt/format.h>

#include <simgrid/s4u.hpp>
#include <simgrid/version.h>

#include "core/base/number_text.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"
#include "sim/engine/cpu_model.h"
#include "sim/engine/sim_actors.h"
#include "sim/engine/sim_devices.h"
#include "sim/jobs/jobs.h"
#include "sim/scenario/forecasts.h"
#include "sim/workloads/workloads.h"

namespace headway {

namespace {

namespace s4u = simgrid::s4u;

std::vector<std::unique_ptr<Drive>> make_drives(const RunRequest& request) {
  const Scenario& scenario = request.scenario;
  std::vector<std::unique_ptr<Drive>> drives;
  for (std::size_t i = 0; i < scenario.devices.size(); ++i) {
    const DeviceSpec& device = scenario.devices[i];
    drives.push_back(with_faults(make_drive(device.model, device.queue, drive_seed(request.seed, i)),
                                 request.layout.volume.devices()[i].devid, scenario.faults));
  }
  return drives;
}

std::vector<DeviceTraits> traits_of(const std::vector<std::unique_ptr<Drive>>& drives, const Scenario& scenario) {
  std::vector<DeviceTraits> traits;
  for (std::size_t i = 0; i < drives.size(); ++i) {
    traits.push_back({.rotational = drives[i]->rotational(),
                      .max_request_bytes = scenario.devices[i].max_sectors_kb << 10});
  }
  return traits;
}

// The engine, the driver and the workloads of one run, put together.
class SimulatedRun {
 public:
  SimulatedRun(const RunRequest& request, TraceWriter* trace);

  RunResult run();
  // Of a run that has succeeded.
  Intervals intervals(const RunResult& result) const {
    return driver_->recorder().intervals(result.metrics[MetricId::elapsed_s]);
  }

 private:
  s4u::Engine& make_engine();
  void show_progress();

  const RunRequest& request_;
  const Forecasts forecasts_;
  std::vector<std::string> words_;  // the engine's arguments, which it refers to
  std::vector<char*> arguments_;
  std::unique_ptr<s4u::Engine> engine_;
  s4u::Host* host_ = nullptr;
  std::unique_ptr<Buses> buses_;    // none where no drive is on one
  std::shared_ptr<CpuModel> cpus_;  // none where CPU time costs nothing
  std::unique_ptr<SimDevices> devices_;
  std::unique_ptr<SimActors> actors_;
  std::unique_ptr<Driver> driver_;
};

SimulatedRun::SimulatedRun(const RunRequest& request, TraceWriter* trace)
    : request_(request), forecasts_(request.scenario, request.seed) {
  const Scenario& scenario = request.scenario;
  s4u::Engine& engine = make_engine();
  auto drives = make_drives(request);
  auto traits = traits_of(drives, scenario);
  devices_ = std::make_unique<SimDevices>(std::move(drives));
  if (buses_) devices_->set_buses(*buses_);
  actors_ = std::make_unique<SimActors>(host_, *devices_->disks());
  driver_ = std::make_unique<Driver>(
      DriverParts{.layout = request.layout,
                  .policy = request.policy,
                  .faults = scenario.faults,
                  .traits = std::move(traits),
                  .seed = request.seed,
                  .warm_fraction = scenario.warm_fraction,
                  .memory_bytes = scenario.memory_bytes,
                  .watched = Workloads::read_blocks_beside(request.policy, scenario.workload),
                  .trace = trace,
                  .oracle = &forecasts_},
      *devices_, *actors_);
  devices_->set_driver(*driver_);
  engine.add_model(devices_->disks());
  if (scenario.cpu.workers > 0) {
    cpus_ = std::make_shared<CpuModel>(scenario.cpu, *driver_);
    driver_->set_cpus(*cpus_);
    engine.add_model(cpus_);
  }
  if (!cpus_ && !buses_) devices_->disks()->go_ahead(RestOfEngine(engine, *devices_->disks()));
}

s4u::Engine& SimulatedRun::make_engine() {
  // SimGrid takes its settings as arguments; ours come from the scenario alone. What it has to say where it gives up
  // goes into the result's message (jobs.cpp).
  words_ = {"headway", "--log=root.thres:critical", "--log=root.fmt:%m%n"};
  for (auto& word : Buses::engine_arguments()) words_.push_back(std::move(word));
  for (auto& word : words_) arguments_.push_back(word.data());
  int count = static_cast<int>(arguments_.size());
  arguments_.push_back(nullptr);
  engine_ = std::make_unique<s4u::Engine>(&count, arguments_.data());
  // Dates less than this apart are one to the engine; its default of 10 us is more than an SSD's whole read.
  s4u::Engine::set_config("surf/precision", 1e-12);
  auto* zone = s4u::create_full_zone("headway");
  host_ = zone->create_host("host", 1e9);
  if (!request_.scenario.buses.empty()) {
    std::vector<std::uint64_t> devids;
    for (const auto& device : request_.layout.volume.devices()) devids.push_back(device.devid);
    buses_ = std::make_unique<Buses>(request_.scenario.buses, devids, zone, host_, [this](const DriveCompletion& done) {
      devices_->arrived(done);
    });
  }
  zone->seal();
  if (buses_) buses_->start();
  return *engine_;
}

RunResult SimulatedRun::run() {
  Stage stage(*driver_, *actors_);
  const Workloads workloads(request_.scenario.workload, stage);
  show_progress();
  std::string failure;
  try {
    engine_->run();
  } catch (const std::exception& error) {  // thrown by the policy, at a drive's answer
    failure = fmt::format("policy \"{}\": {} ({} s simulated)", request_.policy.name, error.what(),
                          plain_text(driver_->now_s()));
  }
  return workloads.result(failure);
}

// Tells the process that waits for this one how far the run is.
void SimulatedRun::show_progress() {
  double bytes_needed = static_cast<double>(driver_->needed().count()) * request_.layout.forest.node_bytes;
  for (const auto& spec : request_.scenario.workload)
    bytes_needed += static_cast<double>(spec.plan->data_bytes(request_.layout));
  driver_->recorder().watch([bytes_needed](double t, std::uint64_t reads, std::uint64_t bytes) {
    RunProgress& progress = progress_of_this_process();
    progress.simulated_s.store(t, std::memory_order_relaxed);
    progress.reads.store(reads, std::memory_order_relaxed);
    progress.share.store(bytes_needed > 0 ? static_cast<double>(bytes) / bytes_needed : 0, std::memory_order_relaxed);
  });
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
  SimulatedRun run(request, trace ? &*trace : nullptr);
  const RunResult result = run.run();
  if (trace) trace->close();
  if (request.intervals && !result.failed()) write_intervals(*request.intervals, header, run.intervals(result));
  return result;
}

std::string engine_version() {
  int major = 0, minor = 0, patch = 0;
  sg_version_get(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace headway
