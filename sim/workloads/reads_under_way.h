// A workload's own requests that are under way, and the actor that waits for them.
#pragma once

#include <memory>

#include "sim/driver/stage.h"
#include "sim/workloads/own_counters.h"

namespace headway {

class ReadsUnderWay final : public OwnRequestSink {
 public:
  // `counters`: what the workload reports, or none.
  ReadsUnderWay(Stage& stage, OwnCounters* counters)
      : stage_(stage), counters_(counters), woken_(stage.make_sleeper()) {}

  std::int64_t count() const { return count_; }
  void begun() { ++count_; }
  void over(std::int64_t reads) {
    count_ -= reads;
    if (count_ > wake_at_) return;
    wake_at_ = never;
    stage_.wake(woken_);
  }
  void ended(const OwnRequest& request, const OwnCompletion& completion) override {
    if (counters_ != nullptr) counters_->ended(request, completion);
    over(1 + request.merged);
  }
  void wait_until(std::int64_t most) {
    if (count_ <= most) return;
    wake_at_ = most;
    stage_.wait(*woken_);
  }

 private:
  static constexpr std::int64_t never = -1;

  Stage& stage_;
  OwnCounters* counters_;
  std::shared_ptr<Sleeper> woken_;
  std::int64_t count_ = 0;
  std::int64_t wake_at_ = never;
};

}  // namespace headway
