#include "sim/driver/stage.h"

#include <algorithm>
#include <simgrid/s4u/Actor.hpp>
#include <simgrid/s4u/Engine.hpp>

namespace headway {

namespace s4u = simgrid::s4u;

Stage::Stage(const StageParts& parts, bool watched) : parts_(parts) {
  if (watched)
    watch_.emplace(parts.layout.forest.blocks(), [this](const s4u::SemaphorePtr& sleeper) { wake(sleeper); });
}

void Stage::wake(const s4u::SemaphorePtr& sleeper) {
  if (!parts_.disks.ahead() && to_wake_.empty()) return sleeper->release();
  to_wake_.push_back(sleeper);
  parts_.disks.halt(now_s());
}

void Stage::reached_halt() {
  for (const auto& sleeper : to_wake_) sleeper->release();
  to_wake_.clear();
}

// The drives' dates are exact, the engine's clock is a sum of steps: time must not seem to go back.
void Stage::catch_up() { parts_.now_s = std::max(parts_.now_s, s4u::Engine::get_clock()); }

void Stage::sleep(double seconds) {
  if (seconds <= 0) return;
  ++activity_;
  ++sleepers_;
  s4u::this_actor::sleep_for(seconds);
  --sleepers_;
  catch_up();
}

HandleId Stage::add(const Range& range) {
  ++activity_;
  const auto handle = static_cast<HandleId>(handles_.size());
  handles_.emplace_back();
  parts_.recorder.add(now_s(), handle, forest().trees[range.tree].objectid);
  parts_.strategy.add(handle, range);
  if (parts_.cpus) parts_.cpus->dispatch(now_s());
  return handle;
}

double Stage::wait(HandleId handle) {
  if (handles_[handle].end_s == not_yet) {
    const s4u::SemaphorePtr finished = handles_[handle].waiting = s4u::Semaphore::create(0);
    const double interval_s = parts_.strategy.restart_interval_s();
    if (interval_s <= 0) finished->acquire();
    sleepers_ += interval_s > 0;
    while (interval_s > 0 && finished->acquire_timeout(interval_s)) {
      catch_up();
      parts_.strategy.restart();
      if (parts_.cpus) parts_.cpus->dispatch(now_s());
    }
    sleepers_ -= interval_s > 0;
    handles_[handle].waiting = nullptr;
    catch_up();
  }
  parts_.strategy.wait(handle);
  return handles_[handle].end_s;
}

void Stage::detach(HandleId handle) {
  parts_.recorder.detach(now_s(), handle);
  parts_.strategy.detach(handle);
}

void Stage::finished(HandleId handle) {
  parts_.recorder.finish(now_s(), handle);
  handles_[handle].end_s = now_s();
  if (handles_[handle].waiting) wake(handles_[handle].waiting);
}

void Stage::submit(const OwnRequest& request, OwnRequestSink& sink) {
  std::uint32_t place;
  if (free_own_.empty()) {
    place = static_cast<std::uint32_t>(own_.size());
    own_.emplace_back();
  } else {
    place = free_own_.back();
    free_own_.pop_back();
  }
  own_[place] = {request, &sink, now_s(), {}};
  if (request.recorded) {
    ++activity_;
    ++recorded_in_flight_;
    parts_.recorder.issue(now_s(), request.read);
  }
  parts_.disks.submit(request.read.device,
                      {.tag = own_bit | place,
                       .offset_bytes = request.read.physical,
                       .bytes = request.read.bytes,
                       .write = request.write,
                       .background = request.background,
                       .stream = request.stream},
                      now_s());
}

std::uint32_t Stage::served(std::uint32_t tag, const ServiceTimes& times) {
  Own& own = own_[tag & ~own_bit];
  own.times = times;
  return own.request.read.bytes;
}

void Stage::ended(std::uint32_t tag) {
  const Own own = own_[tag & ~own_bit];
  free_own_.push_back(tag & ~own_bit);
  const std::uint64_t devid = volume().devices()[own.request.read.device].devid;
  const int error = own.request.write ? parts_.read_errors.error_of_write(devid, now_s())
                                      : parts_.read_errors.error_of(devid, own.request.read, now_s());
  if (own.request.recorded) {
    --recorded_in_flight_;
    parts_.recorder.complete(now_s(), own.request.read, error, own.times, own.issued_s);
  }
  own.sink->ended(own.request, {own.issued_s, now_s(), error});
}

void Stage::block_ended(const Read& read, int error) {
  if (error == 0) parts_.memory.insert(read.block);
  watch_->ended(read);
  for (const Read& joined : watch_->take_joined(read.block)) {
    if (parts_.cpus) {
      parts_.cpus->arrived(joined, error, now_s());
    } else {
      parts_.strategy.complete(joined, error);
    }
  }
}

// An actor that has been woken runs at the same date, after what is asked here: so only what stays idle until a later
// date is idle.
bool Stage::stalled() {
  const bool idle = sleepers_ == 0 && recorded_in_flight_ == 0 && parts_.policy_reads() == 0 &&
                    (parts_.cpus == nullptr || parts_.cpus->next_occurring_event(now_s()) < 0);
  if (!idle) {
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
