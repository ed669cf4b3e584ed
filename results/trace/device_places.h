// From a devid to the place of its device among a trace's: asked for every event, so found in one step.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "core/volume.h"

namespace headway {

class DevicePlaces {
 public:
  DevicePlaces() = default;
  explicit DevicePlaces(std::span<const Device> devices) : count_(devices.size()) {
    for (std::size_t place = 0; place < count_; ++place) places_.try_emplace(devices[place].devid, place);
  }

  // The number of devices for a devid that none has.
  std::size_t operator[](std::uint64_t devid) const {
    const auto found = places_.find(devid);
    return found == places_.end() ? count_ : found->second;
  }

 private:
  std::size_t count_ = 0;
  std::unordered_map<std::uint64_t, std::size_t> places_;
};

}  // namespace headway
