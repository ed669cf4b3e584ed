// Workloads as actors of SimGrid's.
#pragma once

#include <simgrid/s4u/Host.hpp>
#include <simgrid/s4u/Semaphore.hpp>
#include <vector>

#include "sim/driver/actors.h"
#include "sim/engine/disk_model.h"

namespace headway {

class SimActors final : public Actors {
 public:
  // All actors run on `host`. Both outlive this.
  SimActors(simgrid::s4u::Host* host, DiskModel& disks) : host_(host), disks_(disks) {}

  std::shared_ptr<Sleeper> make_sleeper() override;
  // The drives may be ahead of the engine's clock (disk_model.h): then the actor is woken once it has come to now_s.
  void wake(const std::shared_ptr<Sleeper>& sleeper, double now_s) override;
  void sleep(double seconds) override;
  void start(const std::string& name, std::function<void()> body) override;

 private:
  simgrid::s4u::Host* host_;
  DiskModel& disks_;
  std::vector<simgrid::s4u::SemaphorePtr> to_wake_;
};

}  // namespace headway
