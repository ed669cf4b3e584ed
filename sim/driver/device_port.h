// What a driver stands on: devices that take requests, and a clock.
//
// Behind it lie simulated drives (sim/engine) or anything else that has a queue and a time of its own; whatever it is
// tells the driver of each request's end by Driver::completed().
#pragma once

#include "core/volume.h"
#include "models/drive/drive.h"

namespace headway {

class DevicePort {
 public:
  // Takes the request at once. Its end comes later and never from inside this call, with the request's tag.
  virtual void submit(DeviceIndex device, const DriveRequest& request, double now_s) = 0;
  // Seconds since the run began. May be behind the last completion's date, which the driver takes as the time.
  virtual double now_s() const = 0;

 protected:
  ~DevicePort() = default;
};

}  // namespace headway
