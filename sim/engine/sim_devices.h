// Simulated drives behind a driver's device port: what a drive has finished crosses its buses, where it is on any, and
// then reaches the driver.
#pragma once

#include <memory>
#include <simgrid/s4u/Engine.hpp>

#include "sim/driver/driver.h"
#include "sim/engine/buses.h"
#include "sim/engine/disk_model.h"

namespace headway {

class SimDevices final : public DevicePort, public CompletionSink {
 public:
  explicit SimDevices(std::vector<std::unique_ptr<Drive>> drives)
      : disks_(std::make_shared<DiskModel>(std::move(drives), *this)) {}

  const std::shared_ptr<DiskModel>& disks() const { return disks_; }
  // Before the first request.
  void set_driver(Driver& driver) { driver_ = &driver; }
  void set_buses(Buses& buses) { buses_ = &buses; }
  // A read has crossed its buses.
  void arrived(const DriveCompletion& completion) { driver_->completed(completion); }

  void submit(DeviceIndex device, const DriveRequest& request, double now_s) override {
    disks_->submit(device, request, now_s);
  }
  // The drives' dates are exact, the engine's clock is a sum of steps, and may be short of them.
  double now_s() const override { return simgrid::s4u::Engine::get_clock(); }

  void completed(std::uint32_t drive, const DriveCompletion& completion) override {
    if (buses_ == nullptr || !buses_->carries(drive)) return driver_->completed(completion);
    if (driver_->over()) return;
    driver_->advance_to(completion.end_s);
    buses_->send(drive, completion, driver_->request_of(completion.tag).read.bytes);
  }

 private:
  std::shared_ptr<DiskModel> disks_;
  Driver* driver_ = nullptr;
  Buses* buses_ = nullptr;  // none where no drive is on one
};

}  // namespace headway
