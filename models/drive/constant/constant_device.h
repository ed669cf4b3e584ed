// The reference without seeks: each command waits a constant latency, then its bytes move at a constant rate that all
// commands at the drive share equally, as SimGrid's stock disk shares it. With depth 1 that is first come, first
// served.
#pragma once

#include <algorithm>
#include <cassert>
#include <limits>
#include <vector>

#include "models/drive/constant/constant_model.h"
#include "models/drive/host/fifo.h"
#include "models/drive/host/host_request.h"
#include "models/drive/queue_spec.h"

namespace headway {

class ConstantDevice {
 public:
  ConstantDevice(const ConstantModel& model, const QueueSpec& queue, double /*phase*/)
      : model_(model), depth_(queue.depth) {
    moving_.reserve(depth_);
  }

  bool has_room() const { return held() < depth_; }
  std::uint64_t capacity_bytes() const { return model_.capacity_bytes; }
  static constexpr bool rotational = false;

  void accept(const HostRequest& host, double now_s) {
    assert(has_room());
    progress(now_s);
    waiting_.push({host, now_s, now_s + model_.latency_s, 0});
    if (model_.latency_s == 0) join(now_s);
    plan();
  }

  void start(double /*now_s*/) {}
  double next_event_s() const { return next_s_; }

  bool advance(double /*now_s*/, Finished& finished) {
    const double now_s = next_s_;
    progress(now_s);
    if (!waiting_.empty() && waiting_.front().joins_s <= now_s) {
      join(now_s);
      plan();
      return false;
    }
    assert(!moving_.empty());
    std::pop_heap(moving_.begin(), moving_.end(), later);
    const Command& command = moving_.back();
    moved_ = command.ends_at;  // exactly: no rest is left over by rounding
    finished.host = command.host;
    finished.dispatched_s = command.begin_s;
    finished.done.tag = command.host.request.tag;
    finished.done.end_s = now_s;
    finished.done.times.queue_s = command.begin_s - command.host.submitted_s;
    finished.done.times.transfer_s = now_s - command.joins_s;
    moving_.pop_back();
    plan();
    return true;
  }

 private:
  struct Command {
    HostRequest host;
    double begin_s = 0;
    double joins_s = 0;  // when its latency is over
    double ends_at = 0;  // the value of moved_ at which its bytes are through
  };

  static bool later(const Command& a, const Command& b) {
    if (a.ends_at != b.ends_at) return a.ends_at > b.ends_at;
    return a.host.request.tag > b.host.request.tag;
  }

  std::size_t held() const { return waiting_.size() + moving_.size(); }

  // Every command that moves has moved as much since it joined: moved_ counts that from the start.
  void progress(double now_s) {
    if (!moving_.empty()) moved_ += (now_s - at_s_) * model_.bytes_per_s / static_cast<double>(moving_.size());
    at_s_ = now_s;
  }

  void join(double now_s) {
    if (moving_.empty()) moved_ = 0;  // keeps the sum small, thus exact
    while (!waiting_.empty() && waiting_.front().joins_s <= now_s) {
      Command command = waiting_.pop();
      command.ends_at = moved_ + command.host.request.bytes;
      moving_.push_back(command);
      std::push_heap(moving_.begin(), moving_.end(), later);
    }
  }

  void plan() {
    next_s_ = waiting_.empty() ? std::numeric_limits<double>::infinity() : waiting_.front().joins_s;
    if (moving_.empty()) return;
    const double left = std::max(0.0, moving_.front().ends_at - moved_);
    next_s_ = std::min(next_s_, at_s_ + left * static_cast<double>(moving_.size()) / model_.bytes_per_s);
  }

  const ConstantModel& model_;
  std::size_t depth_;
  Fifo<Command> waiting_;
  std::vector<Command> moving_;  // a heap, the first to end in front
  double moved_ = 0;
  double at_s_ = 0;
  double next_s_ = std::numeric_limits<double>::infinity();
};

}  // namespace headway
