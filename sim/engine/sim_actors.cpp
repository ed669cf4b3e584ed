#include "sim/engine/sim_actors.h"

#include <simgrid/s4u/Actor.hpp>

namespace headway {

namespace s4u = simgrid::s4u;

namespace {

class SimSleeper final : public Sleeper {
 public:
  void wait() override { semaphore->acquire(); }
  bool wait_for(double seconds) override { return semaphore->acquire_timeout(seconds); }

  const s4u::SemaphorePtr semaphore = s4u::Semaphore::create(0);
};

}  // namespace

std::shared_ptr<Sleeper> SimActors::make_sleeper() { return std::make_shared<SimSleeper>(); }

void SimActors::wake(const std::shared_ptr<Sleeper>& sleeper, double now_s) {
  const auto& semaphore = static_cast<const SimSleeper&>(*sleeper).semaphore;
  if (!disks_.ahead() && to_wake_.empty()) return semaphore->release();
  to_wake_.push_back(semaphore);
  disks_.halt(now_s, [this] {
    for (const auto& sleeping : to_wake_) sleeping->release();
    to_wake_.clear();
  });
}

void SimActors::sleep(double seconds) { s4u::this_actor::sleep_for(seconds); }

void SimActors::start(const std::string& name, std::function<void()> body) {
  s4u::Actor::create(name, host_, std::move(body));
}

}  // namespace headway
