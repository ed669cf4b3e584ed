// Several actuators in one housing, behind one command queue: the dual-actuator drive.
//
// The addresses are divided evenly: the first half belongs to the first actuator, as on SATA drives of this kind; each
// has its own heads, its own choice among its commands, and works while the other does.
//
// Simplifications: a read across the border is served by the actuator of its first address, up to the border; the
// shared interface (1.2 GB/s for 2 x 270 MB/s) is never the limit and is not shared here.
#pragma once

#include <vector>

#include "models/drive/mechanical/mechanical_device.h"

namespace headway {

class MechanicalArray {
 public:
  MechanicalArray(const MechanicalModel& model, const QueueSpec& queue, double phase) : depth_(queue.depth) {
    for (std::uint32_t i = 0; i < model.actuators; ++i) actuators_.emplace_back(model, queue, phase);
  }

  bool has_room() const {
    std::size_t held = 0;
    for (const auto& actuator : actuators_) held += actuator.held();
    return held < depth_;
  }

  std::uint64_t capacity_bytes() const { return actuators_.size() * actuators_[0].capacity_bytes(); }
  static constexpr bool rotational = true;

  void accept(const HostRequest& host, double now_s) {
    const std::uint64_t each = actuators_[0].capacity_bytes();
    const std::uint64_t whose = std::min<std::uint64_t>(host.request.offset_bytes / each, actuators_.size() - 1);
    HostRequest own = host;
    own.request.offset_bytes -= whose * each;
    actuators_[whose].accept(own, now_s);
  }

  void start(double now_s) {
    for (auto& actuator : actuators_) actuator.start(now_s);
  }

  double next_event_s() const {
    double first_s = actuators_[0].next_event_s();
    for (const auto& actuator : actuators_) first_s = std::min(first_s, actuator.next_event_s());
    return first_s;
  }

  bool advance(double now_s, Finished& finished) {
    for (auto& actuator : actuators_) {
      if (actuator.next_event_s() <= now_s) return actuator.advance(now_s, finished);
    }
    return false;
  }

 private:
  std::size_t depth_;
  std::vector<MechanicalDevice> actuators_;
};

}  // namespace headway
