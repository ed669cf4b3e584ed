// Puts a device behind its queue's scheduler: each pair of the two is a drive of its own, made of the tables.
#pragma once

#include <memory>
#include <utility>

#include "models/drive/host/queued_drive.h"
#include "models/drive/host/schedulers.h"
#include "models/drive/queue_spec.h"

namespace headway {

template <class Device, class Model>
std::unique_ptr<Drive> behind_scheduler(std::shared_ptr<const Model> model, const QueueSpec& queue, double phase) {
  return Schedulers::with<std::unique_ptr<Drive>>(
      static_cast<std::size_t>(queue.scheduler), [&]<class Type>() -> std::unique_ptr<Drive> {
        return std::make_unique<QueuedDrive<Type, Device>>(model, made_for<Type>(Device::rotational, queue),
                                                           Device(*model, queue, phase));
      });
}

}  // namespace headway
