// What a run's simulated drives tell a policy that asks: what each read would take.
#pragma once

#include <vector>

#include "core/strategy.h"
#include "models/drive/forecast.h"
#include "sim/scenario/scenario.h"

namespace headway {

class Forecasts final : public ServiceOracle {
 public:
  Forecasts(const Scenario& scenario, std::uint64_t seed) {
    for (std::size_t d = 0; d < scenario.devices.size(); ++d) {
      const DeviceSpec& spec = scenario.devices[d];
      drives_.emplace_back(spec.model, spec.queue, phase_of(drive_seed(seed, d)));
    }
  }

  double service_s(DeviceIndex device, std::uint64_t from_byte, std::uint64_t offset_byte, std::uint32_t bytes,
                   double at_s) const override {
    return drives_[device].service_s(from_byte, offset_byte, bytes, at_s);
  }
  std::uint32_t machines(DeviceIndex device) const override { return drives_[device].machines(); }
  std::uint32_t machine_of(DeviceIndex device, std::uint64_t offset_byte) const override {
    return drives_[device].machine_of(offset_byte);
  }
  std::uint32_t at_once(DeviceIndex device) const override { return drives_[device].at_once(); }

 private:
  std::vector<DriveForecast> drives_;
};

}  // namespace headway
