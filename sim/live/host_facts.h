// On what a live run was measured, as the operating system tells it: what timing.json says beside the runs.
#pragma once

#include "core/base/json_node.h"
#include "sim/live/live_devices.h"

namespace headway {

// {"host", "kernel", "buffered", "devices": [{"device", "path", "model", "bytes", "rotational", "scheduler",
// "nr_requests"}]}; null for what it does not tell. Of an image file the last three are of the disk that it lies on.
Json host_facts(const LiveDevices& devices);

}  // namespace headway
