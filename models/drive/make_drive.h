// Puts a drive together: its device and its scheduler.
#pragma once

#include <memory>

#include "models/drive/drive.h"
#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

namespace headway {

// `phase`: the platters' angle at date 0, in revolutions.
std::unique_ptr<Drive> assemble_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, double phase);

}  // namespace headway
