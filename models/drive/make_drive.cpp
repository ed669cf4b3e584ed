#include "models/drive/make_drive.h"

#include "models/drive/constant_device.h"
#include "models/drive/host/bfq.h"
#include "models/drive/host/kyber.h"
#include "models/drive/host/mq_deadline.h"
#include "models/drive/host/no_scheduler.h"
#include "models/drive/host/queued_drive.h"
#include "models/drive/mechanical/mechanical_array.h"
#include "models/drive/mechanical/mechanical_device.h"
#include "models/drive/solid_state/solid_state_device.h"

namespace headway {

namespace {

template <class Device, class Model>
std::unique_ptr<Drive> with_scheduler(std::shared_ptr<const DriveModel> drive, const Model& model,
                                      const QueueSpec& queue, double phase) {
  const auto behind = [&]<class Host>(Host host) -> std::unique_ptr<Drive> {
    return std::make_unique<QueuedDrive<Host, Device>>(std::move(drive), std::move(host), Device(model, queue, phase));
  };
  switch (queue.scheduler) {
    case Scheduler::mq_deadline:
      return behind(MqDeadline());
    case Scheduler::bfq:
      return behind(Bfq());
    case Scheduler::kyber:
      return behind(Kyber());
    case Scheduler::none:
      break;
  }
  return behind(NoScheduler());
}

}  // namespace

std::unique_ptr<Drive> assemble_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, double phase) {
  if (const auto* solid = std::get_if<SolidStateModel>(&model->kind))
    return with_scheduler<SolidStateDevice>(model, *solid, queue, phase);
  if (const auto* constant = std::get_if<ConstantModel>(&model->kind))
    return with_scheduler<ConstantDevice>(model, *constant, queue, phase);
  const auto& mechanical = std::get<MechanicalModel>(model->kind);
  if (mechanical.actuators > 1) return with_scheduler<MechanicalArray>(model, mechanical, queue, phase);
  return with_scheduler<MechanicalDevice>(model, mechanical, queue, phase);
}

}  // namespace headway
