#include "sim/driver/fibers.h"

#include <algorithm>
#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cstddef>
#include <vector>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEADWAY_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HEADWAY_ASAN
#endif
#ifdef HEADWAY_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace headway {

namespace {

namespace context = boost::context;

// Thrown out of a wait that will never end. No std::exception, so that nobody takes it for a failure.
struct Stopped {};

// As much as SimGrid gives its actors. Only what is touched takes memory, and a guard page ends it.
constexpr std::size_t stack_bytes = 8 << 20;

struct Stack {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
};

// AddressSanitizer must be told which stack it is on. `kept` is what it keeps for a stack that is left: null for one
// that is left for good, and when one is entered for the first time.
#ifdef HEADWAY_ASAN
void leave(void** kept, const Stack& to) { __sanitizer_start_switch_fiber(kept, to.bottom, to.bytes); }
void enter(void* kept, Stack* from) {
  __sanitizer_finish_switch_fiber(kept, from ? &from->bottom : nullptr, from ? &from->bytes : nullptr);
}
#else
void leave(void** /*kept*/, const Stack& /*to*/) {}
void enter(void* /*kept*/, Stack* /*from*/) {}
#endif

}  // namespace

struct Fibers::Actor {
  context::fiber body;   // while it waits
  context::fiber world;  // while it runs
  Stack stack, world_stack;
  void* kept = nullptr;
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
  context::protected_fixedsize_stack stacks(stack_bytes);
  const context::stack_context place = stacks.allocate();
  actor.stack = {static_cast<const std::byte*>(place.sp) - place.size, place.size};
  actor.body = context::fiber(std::allocator_arg, context::preallocated(place.sp, place.size, place), stacks,
                              [this, &actor, body = std::move(body)](context::fiber&& world) {
                                enter(nullptr, &actor.world_stack);
                                actor.world = std::move(world);
                                try {
                                  if (!stopping_) body();
                                } catch (const Stopped&) {
                                }
                                actor.over = true;
                                leave(nullptr, actor.world_stack);
                                return std::move(actor.world);
                              });
  ready_.push_back(&actor);
}

Fibers::TimerKey Fibers::at(double date_s, std::function<void()> what) {
  return timers_.emplace(TimerKey(date_s, next_timer_++), std::move(what)).first->first;
}

void Fibers::resume(Actor& actor) {
  Actor* const before = std::exchange(current_, &actor);
  void* kept = nullptr;
  leave(&kept, actor.stack);
  actor.body = std::move(actor.body).resume();
  enter(kept, nullptr);
  current_ = before;
}

void Fibers::block() {
  Actor& actor = *current_;
  leave(&actor.kept, actor.world_stack);
  actor.world = std::move(actor.world).resume();
  enter(actor.kept, &actor.world_stack);
  if (stopping_) throw Stopped();
}

}  // namespace headway
