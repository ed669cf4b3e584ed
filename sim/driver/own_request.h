// A read or write that goes to the devices, and who hears how it ended.
#pragma once

#include <cstdint>

#include "core/read.h"

namespace headway {

struct OwnRequest {
  Read read;  // what and where; block == no_block unless it is a tree block's
  bool write = false;
  bool recorded = true;  // it counts in the metrics of the run and stands in its trace
  bool background = false;
  std::uint16_t stream = 0;
  bool has_other_copies = false;  // asked for when this fails: the data are not missing yet
  std::uint16_t merged = 0;  // requests that have joined it (plug.h): as many more end with it
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

}  // namespace headway
