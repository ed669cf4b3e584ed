// How workloads block: each is an actor that runs until it waits, while everything else goes on.
//
// Of all actors and the devices' answers one runs at a time, and it changes only where a function here says that it
// blocks: what an actor sees does not change under its hands. SimGrid's actors are one such world (sim/engine), threads
// that pass a baton another.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace headway {

// Where one actor waits: a counting semaphore.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  virtual void wait() = 0;                    // blocks until woken; a wake that came before counts
  virtual bool wait_for(double seconds) = 0;  // the same; true when the time has passed without a wake
};

class Actors {
 public:
  virtual std::shared_ptr<Sleeper> make_sleeper() = 0;
  // Ends a wait. Whoever calls it, an actor or a device's answer at now_s, goes on first.
  virtual void wake(const std::shared_ptr<Sleeper>& sleeper, double now_s) = 0;
  virtual void sleep(double seconds) = 0;  // blocks
  // A new actor, which begins once the caller blocks. What `body` throws must not leave it.
  virtual void start(const std::string& name, std::function<void()> body) = 0;

 protected:
  ~Actors() = default;
};

}  // namespace headway
