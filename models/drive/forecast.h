// What a read takes at a drive that has nothing else to do: the drive's own arithmetic, for who is told it beforehand
// (ServiceOracle in core/strategy.h).
//
// Simplification: of the buffer it knows that a read a little behind the last one goes on with it, not what segments
// hold from before. What it forecasts too long for that is a hit, and comes sooner.
#pragma once

#include <memory>

#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

namespace headway {

class DriveForecast {
 public:
  // `phase`: the platters' angle at date 0, in revolutions.
  DriveForecast(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, double phase)
      : model_(std::move(model)), depth_(queue.depth), phase_(phase) {}

  // From at_s, when a read comes to the drive, until its end; the read before ended at address `from_byte`.
  double service_s(std::uint64_t from_byte, std::uint64_t offset_byte, std::uint32_t bytes, double at_s) const;
  // Parts of it that work by themselves, and which an address belongs to.
  std::uint32_t machines() const;
  std::uint32_t machine_of(std::uint64_t offset_byte) const;
  // How many reads at a time keep one of them at work.
  std::uint32_t at_once() const;

 private:
  std::shared_ptr<const DriveModel> model_;
  std::uint32_t depth_;
  double phase_;
};

}  // namespace headway
