// A request that waits in the host for a place in the drive's queue.
#pragma once

#include "models/drive/drive.h"

namespace headway {

struct HostRequest {
  DriveRequest request;
  double submitted_s = 0;
};

}  // namespace headway
