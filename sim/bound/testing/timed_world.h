// For tests: a policy on a small case's drives, by itself: no engine, no driver.
#pragma once

#include <limits>

#include "core/port_check.h"
#include "sim/bound/testing/small_case.h"
#include "sim/driver/memory_at_start.h"
#include "sim/scenario/forecasts.h"

namespace headway::testing {

class TimedWorld final : private Port {
 public:
  TimedWorld(const SmallCase& of, const Policy& policy, const Parameters& values)
      : layout_(of.layout),
        memory_(memory_at_start(of.layout.forest, 0, 0, 0)),
        check_(of.layout.volume, of.layout.forest, memory_),
        traits_(of.scenario.devices.size()),
        pending_(of.scenario.devices.size()),
        forecasts_(of.scenario, of.seed) {
    for (std::size_t d = 0; d < traits_.size(); ++d) {
      const DeviceSpec& spec = of.scenario.devices[d];
      drives_.push_back(make_drive(spec.model, spec.queue, drive_seed(of.seed, d)));
      traits_[d].rotational = drives_[d]->rotational();
    }
    strategy_ = policy.make({.volume = of.layout.volume,
                             .forest = of.layout.forest,
                             .memory = memory_,
                             .port = *this,
                             .now_s = now_s_,
                             .traits = traits_,
                             .pending = pending_,
                             .oracle = &forecasts_},
                            values);
  }

  // When the whole tree is in memory.
  double run() {
    check_.added(0);
    strategy_->add(0, {});
    while (!finished_) {
      std::size_t next = 0;
      for (std::size_t d = 1; d < drives_.size(); ++d) {
        if (drives_[d]->next_event_s() < drives_[next]->next_event_s()) next = d;
      }
      const double event_s = drives_[next]->next_event_s();
      if (event_s == std::numeric_limits<double>::infinity()) throw std::logic_error("it has stalled");
      DriveCompletion done;
      if (!drives_[next]->advance(event_s, done)) continue;
      now_s_ = done.end_s;
      const Read read = reads_[done.tag];
      --pending_[read.device];
      for (BlockId block = read.block; block < read.block + read.blocks; ++block) memory_.insert(block);
      check_.completed(read);
      strategy_->complete(read, 0);
    }
    for (BlockId block = 0; block < layout_.forest.blocks(); ++block) {
      if (!memory_.holds(block)) throw std::logic_error("it has left blocks out");
    }
    return now_s_;
  }

 private:
  void issue(const Read& read) override {
    check_.issue(read);
    ++pending_[read.device];
    reads_.push_back(read);
    drives_[read.device]->submit({.tag = reads_.size() - 1, .offset_bytes = read.physical, .bytes = read.bytes}, now_s_);
  }
  void hit(const Read& read) override { check_.hit(read); }
  void zone(DeviceIndex /*device*/, std::uint64_t /*logical*/) override {}
  void finish(HandleId handle) override {
    check_.finish(handle);
    finished_ = true;
  }

  const Layout& layout_;
  Memory memory_;
  PortCheck check_;
  std::vector<DeviceTraits> traits_;
  std::vector<std::uint32_t> pending_;
  Forecasts forecasts_;
  std::vector<std::unique_ptr<Drive>> drives_;
  std::unique_ptr<Strategy> strategy_;
  std::vector<Read> reads_;
  double now_s_ = 0;
  bool finished_ = false;
};

}  // namespace headway::testing
