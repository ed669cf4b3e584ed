// The drives as one resource model of SimGrid's engine: the engine asks when the next drive has something to say, goes
// there, and the model lets it speak.
//
// SimGrid's own disks share bandwidth and know no position; an actor a disk costs a context switch a read. A model of
// our own, joined by Engine::add_model, costs neither: next_occurring_event() and update_actions_state() are all that
// the engine needs (SimGrid 3.32, src/kernel/EngineImpl.cpp).
#pragma once

#include <memory>
#include <simgrid/kernel/resource/Model.hpp>
#include <vector>

#include "models/drive/drive.h"
#include "sim/calendar.h"

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

  void submit(std::uint32_t drive, const DriveRequest& request, double now_s) {
    drives_[drive]->submit(request, now_s);
    calendar_.set(drive, drives_[drive]->next_event_s());
  }

  double next_occurring_event(double now) override;
  void update_actions_state(double now, double delta) override;

 private:
  std::vector<std::unique_ptr<Drive>> drives_;
  CompletionSink& sink_;
  Calendar calendar_;
};

}  // namespace headway
