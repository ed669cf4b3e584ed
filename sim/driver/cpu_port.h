// The CPUs that report ended reads to a policy and run its works, where that costs time. A driver without them reports
// at once.
#pragma once

#include "core/read.h"

namespace headway {

class CpuPort {
 public:
  // A read has ended: a worker will report it to the strategy.
  virtual void arrived(const Read& read, int error, double now_s) = 0;
  // The strategy may have queued works.
  virtual void dispatch(double now_s) = 0;
  virtual bool idle() const = 0;

 protected:
  ~CpuPort() = default;
};

}  // namespace headway
