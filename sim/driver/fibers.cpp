#include "sim/driver/fibers.h"

#include <algorithm>
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <vector>

namespace headway {

namespace {

namespace context = boost::context;

// Thrown out of a wait that will never end. No std::exception, so that nobody takes it for a failure.
struct Stopped {};

// A search goes down eight levels at most; only what is touched takes memory, and a guard page ends it.
constexpr std::size_t stack_bytes = 256 << 10;

}  // namespace

struct Fibers::Actor {
  context::fiber body;   // while it waits
  context::fiber world;  // while it runs
  bool over = false;
};

class Fibers::Waiting final : public Sleeper {
 public:
  explicit Waiting(Fibers& fibers) : fibers_(fibers) {}

  void wait() override {
    if (count_ > 0) {
      --count_;
      return;
    }
    actors_.push_back(fibers_.current_);
    fibers_.block();
  }

  bool wait_for(double seconds) override {
    if (count_ > 0) return --count_, false;
    bool passed = false;
    Actor* const actor = fibers_.current_;
    actors_.push_back(actor);
    const TimerKey timer = fibers_.at(fibers_.now_s_ + seconds, [this, &passed, actor] {
      passed = true;
      std::erase(actors_, actor);
      fibers_.ready_.push_back(actor);
    });
    fibers_.block();
    if (!passed) fibers_.timers_.erase(timer);
    return passed;
  }

  void wake() {
    if (actors_.empty()) {
      ++count_;
      return;
    }
    fibers_.ready_.push_back(actors_.front());
    actors_.erase(actors_.begin());
  }

 private:
  Fibers& fibers_;
  std::vector<Actor*> actors_;
  std::uint64_t count_ = 0;
};

Fibers::Fibers() = default;
Fibers::~Fibers() { unwind(); }

void Fibers::run_ready() {
  while (!ready_.empty()) {
    Actor& actor = *ready_.front();
    ready_.pop_front();
    resume(actor);
  }
}

void Fibers::end_timers() {
  while (next_timer_s() <= now_s_) {
    const auto what = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    what();
  }
}

void Fibers::unwind() {
  stopping_ = true;
  ready_.clear();
  for (Actor& actor : actors_) {
    while (!actor.over) resume(actor);
  }
  actors_.clear();
  ready_.clear();
  timers_.clear();
}

std::shared_ptr<Sleeper> Fibers::make_sleeper() { return std::make_shared<Waiting>(*this); }

void Fibers::wake(const std::shared_ptr<Sleeper>& sleeper, double /*now_s*/) { static_cast<Waiting&>(*sleeper).wake(); }

void Fibers::sleep(double seconds) {
  at(now_s_ + seconds, [this, actor = current_] { ready_.push_back(actor); });
  block();
}

void Fibers::start(const std::string& /*name*/, std::function<void()> body) {
  Actor& actor = actors_.emplace_back();
  actor.body = context::fiber(std::allocator_arg, context::protected_fixedsize_stack(stack_bytes),
                              [this, &actor, body = std::move(body)](context::fiber&& world) {
                                actor.world = std::move(world);
                                try {
                                  if (!stopping_) body();
                                } catch (const Stopped&) {
                                }
                                actor.over = true;
                                return std::move(actor.world);
                              });
  ready_.push_back(&actor);
}

Fibers::TimerKey Fibers::at(double date_s, std::function<void()> what) {
  return timers_.emplace(TimerKey(date_s, next_timer_++), std::move(what)).first->first;
}

void Fibers::resume(Actor& actor) {
  Actor* const before = std::exchange(current_, &actor);
  actor.body = std::move(actor.body).resume();
  current_ = before;
}

void Fibers::block() {
  Actor& actor = *current_;
  actor.world = std::move(actor.world).resume();
  if (stopping_) throw Stopped();
}

}  // namespace headway
