// The drives as one resource model of SimGrid's engine: the engine asks when the next drive has something to say, goes
// there, and the model lets it speak.
//
// SimGrid's own disks share bandwidth and know no position; an actor a disk costs a context switch a read. A model of
// our own, joined by Engine::add_model, costs neither: next_occurring_event() and update_actions_state() are all that
// the engine needs (SimGrid 3.32, src/kernel/EngineImpl.cpp).
//
// A step of the engine costs as much as all that a read does here. What happens between drives and policy concerns no
// actor until one is to be woken, so the model goes ahead of the engine's clock: asked for its next event, it handles
// all that come before the rest of the engine's next one, up to the first that wakes an actor, and answers with that
// one's date. The events, their dates and their order are the same either way.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <simgrid/kernel/resource/Model.hpp>
#include <vector>

#include "models/drive/drive.h"
#include "sim/engine/calendar.h"
#include "sim/engine/rest_of_engine.h"

namespace headway {

// What happens when a drive has finished a request. Called at the completion's date, in order of dates (equal ones: of
// drives); submit() may be called from inside.
class CompletionSink {
 public:
  virtual void completed(std::uint32_t drive, const DriveCompletion& completion) = 0;

 protected:
  ~CompletionSink() = default;
};

class DiskModel final : public simgrid::kernel::resource::Model {
 public:
  DiskModel(std::vector<std::unique_ptr<Drive>> drives, CompletionSink& sink);

  // From now on it goes ahead, up to what `rest` says. It must not where anything else of the engine hears of
  // completions: that would hear of them too early.
  void go_ahead(RestOfEngine rest) { rest_ = std::move(rest); }

  // The engine's clock, a sum of steps, may be short of what happened inside a drive last, whose dates do not go back.
  void submit(std::uint32_t drive, const DriveRequest& request, double now_s) {
    drives_[drive]->submit(request, std::max(now_s, event_s_));
    calendar_.set(drive, drives_[drive]->next_event_s());
  }

  // Whether what happens now is ahead of the engine's clock: no actor may be touched then.
  bool ahead() const { return ahead_; }
  // Goes no further until the engine has come to now_s, and calls `reached` there: time to wake actors.
  void halt(double now_s, std::function<void()> reached) {
    halt_s_ = now_s;
    reached_ = std::move(reached);
  }

  double next_occurring_event(double now) override;
  void update_actions_state(double now, double delta) override;

 private:
  void next_event();

  std::vector<std::unique_ptr<Drive>> drives_;
  CompletionSink& sink_;
  std::optional<RestOfEngine> rest_;
  Calendar calendar_;
  double event_s_ = 0;  // the date of the last event of any drive
  bool ahead_ = false;
  double halt_s_ = Calendar::never;
  std::function<void()> reached_;
};

}  // namespace headway
