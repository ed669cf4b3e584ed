// A request that waits in the host for a place in the drive's queue.
#pragma once

#include "models/drive/drive.h"

namespace headway {

struct HostRequest {
  DriveRequest request;
  double submitted_s = 0;
};

// What a device hands back, with what its host's scheduler wants to know of it.
struct Finished {
  DriveCompletion done;
  HostRequest host;
  double dispatched_s = 0;  // to the drive
};

}  // namespace headway
