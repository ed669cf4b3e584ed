// When anything but the drives wants to happen: the actors' sleeps and time-outs, and SimGrid's own models.
//
// Between two such dates the drives and the policy concern nobody else, and the disk model goes through their events
// without a step of the engine for each (disk_model.h).
#pragma once

#include <algorithm>
#include <limits>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u/Engine.hpp>
#include <vector>

namespace headway {

class RestOfEngine {
 public:
  // All models of the engine but `one`.
  RestOfEngine(const simgrid::s4u::Engine& engine, const simgrid::kernel::resource::Model& one)
      : models_(engine.get_all_models()) {
    std::erase(models_, &one);
  }

  // +infinity when nothing is under way. To be asked while no actor can run, as in Model::next_occurring_event().
  double next_event_s(double now_s) const {
    double earliest = std::numeric_limits<double>::infinity();
    for (auto* model : models_) {
      const double after = model->next_occurring_event(now_s);
      if (after >= 0) earliest = std::min(earliest, now_s + after);
    }
    const double timer = simgrid::kernel::timer::Timer::next();
    return timer >= 0 ? std::min(earliest, timer) : earliest;
  }

 private:
  std::vector<simgrid::kernel::resource::Model*> models_;
};

}  // namespace headway
