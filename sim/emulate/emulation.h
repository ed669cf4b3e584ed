// What an emulation serves: each device of a scenario, with its image.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/emulate/image.h"
#include "sim/scenario/scenario.h"

namespace headway::emulate {

struct EmulationOptions {
  std::filesystem::path scenario;
  std::vector<std::string> set{};  // --set
  std::vector<std::string> images;  // "DEVID=FILE", one a device
  double speed = 1;
  double lead_s = 0;           // real_time_drive.h
  std::uint64_t seed = 1;      // of the platters' angles, as a run's
  Writes writes = Writes::discard;
  std::filesystem::path log;  // a directory for the devices' logs; none if empty
};

struct EmulatedDevice {
  std::uint64_t devid = 0;
  DeviceSpec drive;
  std::filesystem::path image;
};

// Devices count from 1 in the order of the scenario, whose layout is not looked at: it may be what is made on them.
struct Emulation {
  EmulationOptions options;
  Faults faults;
  std::vector<EmulatedDevice> devices;
};

// Throws InputError where a device has no image or two, an image no device, or more bytes than its drive.
Emulation plan_emulation(const EmulationOptions& options);

// "devN.csv"
std::filesystem::path log_file(const EmulationOptions& options, std::uint64_t devid);

// "discard" or "keep"; throws InputError.
Writes writes_of(const std::string& word);

}  // namespace headway::emulate
