#include "sim/driver/stage.h"

#include <fmt/format.h>

#include <cassert>

namespace headway {

Stage::Stage(Driver& driver, Actors& actors) : driver_(driver), actors_(actors) { driver_.set_handle_sink(*this); }

void Stage::start(const std::string& name, std::function<void()> body) {
  actors_.start(name, [this, name, body = std::move(body)] {
    try {
      body();
    } catch (const std::exception& error) {
      if (failure_.empty()) failure_ = fmt::format("workload \"{}\": {}", name, error.what());
    }
  });
}

void Stage::wait(Sleeper& sleeper) {
  sleeper.wait();
  driver_.catch_up();
}

bool Stage::wait_for(Sleeper& sleeper, double seconds) {
  const bool passed = sleeper.wait_for(seconds);
  driver_.catch_up();
  return passed;
}

void Stage::sleep(double seconds) {
  if (seconds <= 0) return;
  ++activity_;
  ++sleepers_;
  actors_.sleep(seconds);
  --sleepers_;
  driver_.catch_up();
}

HandleId Stage::add(const Range& range, bool background) {
  ++activity_;
  const auto handle = static_cast<HandleId>(handles_.size());
  handles_.push_back({.background = background});
  count_ordinary(background ? 0 : 1);
  driver_.recorder().add(now_s(), handle, forest().trees[range.tree].objectid);
  driver_.strategy().add(handle, range);
  dispatch_works();
  return handle;
}

void Stage::count_ordinary(int more) {
  ordinary_ += more;
  driver_.set_background(driver_.policy().policy->is_search && ordinary_ == 0);
}

void Stage::dispatch_works() {
  if (driver_.cpus()) driver_.cpus()->dispatch(now_s());
}

double Stage::wait(HandleId handle) {
  if (handles_[handle].end_s == not_yet) {
    const std::shared_ptr<Sleeper> finished = handles_[handle].waiting = actors_.make_sleeper();
    const double interval_s = driver_.strategy().restart_interval_s();
    if (interval_s <= 0) finished->wait();
    sleepers_ += interval_s > 0;
    while (interval_s > 0 && wait_for(*finished, interval_s)) {
      driver_.strategy().restart();
      dispatch_works();
    }
    sleepers_ -= interval_s > 0;
    handles_[handle].waiting = nullptr;
    driver_.catch_up();
  }
  driver_.strategy().wait(handle);
  return handles_[handle].end_s;
}

void Stage::visit(HandleId handle, BlockId block) {
  driver_.strategy().visited(handle, block);
  dispatch_works();
}

void Stage::detach(HandleId handle) {
  driver_.recorder().detach(now_s(), handle);
  driver_.strategy().detach(handle);
}

void Stage::finished(HandleId handle) {
  assert(handle < handles_.size() && handles_[handle].end_s == not_yet);
  handles_[handle].end_s = now_s();
  if (!handles_[handle].background) count_ordinary(-1);
  if (handles_[handle].waiting) wake(handles_[handle].waiting);
}

void Stage::submit(const OwnRequest& request, OwnRequestSink& sink) {
  activity_ += request.recorded;
  driver_.submit(request, sink);
}

// An actor that has been woken runs at the same date, after what is asked here: so only what stays idle until a later
// date is idle.
bool Stage::stalled() {
  if (sleepers_ > 0 || !driver_.quiet()) {
    idle_since_s_ = not_yet;
    return false;
  }
  if (idle_since_s_ == not_yet || idle_since_ != activity_) {
    idle_since_ = activity_;
    idle_since_s_ = now_s();
  }
  return now_s() > idle_since_s_;
}

}  // namespace headway
