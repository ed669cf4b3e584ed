// bfq: each stream (a process) gets the drive for a budget of sectors at a time, and the drive waits for it a while
// when it has nothing to ask for: fair shares of throughput, sequential streams kept whole.
//
// The read side of Linux block/bfq-iosched.c (v6.1): one queue a stream, sorted by address, served from where it last
// read, a request behind counting double its distance up to 16 MiB back. The stream in service keeps the drive until
// its budget (16,384 sectors) is spent, 125 ms have passed since it got it, or it stays empty for longer than 8 ms
// (2 ms once its reads are scattered). Then the stream with the least service over its weight is next (B-WF2Q+ with
// equal weights, by virtual time). Streams of the idle class (background) are served when no other waits, or once
// nobody served them for 200 ms.
//
// Simplifications: budgets are constant, where bfq adapts them between 1/8 and all of that; no weight raising of new or
// interactive streams, no merging of cooperating queues, no injection; writes are queued and sorted like reads of their
// stream. All of it changes shares among competing streams; with one stream bfq is a sorted queue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>

#include "models/drive/host/host_pool.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class Bfq {
 public:
  static constexpr Kind kind{
      "bfq", "A budget of sectors for one stream at a time: fair shares, sequential streams kept whole.",
      "Linux block/bfq-iosched.c (v6.1)"};
  static constexpr bool in_order = false;

  static constexpr double budget_bytes = 16384 * 512.0;
  static constexpr double budget_timeout_s = 0.125;
  static constexpr double slice_idle_s = 0.008;
  static constexpr double slice_idle_seeky_s = 0.002;
  static constexpr double idle_class_timeout_s = 0.2;
  static constexpr std::uint64_t back_max_bytes = 16 << 20;

  void add(const HostRequest& request, double now_s) {
    const std::size_t index = stream_of(request.request);
    Stream& stream = streams_[index];
    if (stream.queue.empty() && stream.in_flight == 0 && index != in_service_)
      stream.virtual_time = std::max(stream.virtual_time, virtual_time_);  // no credit for having been away
    if (stream.queue.empty() && stream.background) stream.served_s = std::max(stream.served_s, now_s);
    stream.queue.add(pool_->take(request));
    if (index == in_service_) idle_until_s_ = never;
  }

  bool take(HostRequest& request, double now_s) {
    if (in_service_ != none && spent(streams_[in_service_], now_s)) expire();
    if (in_service_ != none && streams_[in_service_].queue.empty()) {
      const Stream& stream = streams_[in_service_];
      const bool awaited = !stream.background && (stream.in_flight > 0 || now_s < idle_until_s_);
      if (awaited) return false;
      expire();
    }
    if (in_service_ == none && !choose(now_s)) return false;
    dispatch(streams_[in_service_], request, now_s);
    return true;
  }

  void completed(const Finished& finished) {
    const std::size_t index = stream_of(finished.host.request);
    Stream& stream = streams_[index];
    --stream.in_flight;
    if (index == in_service_ && stream.queue.empty() && stream.in_flight == 0 && !stream.background)
      idle_until_s_ = finished.done.end_s + (stream.seeky ? slice_idle_seeky_s : slice_idle_s);
  }

  double wake_s() const { return idle_until_s_; }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::uint64_t seeky_bytes = 8 * 1024 * 512;  // a distance beyond counts as scattered

  struct Stream {
    std::uint16_t id = 0;
    bool background = false;
    SortedQueue queue;
    std::uint32_t in_flight = 0;
    double virtual_time = 0;  // bytes served
    double served_s = 0;      // last
    std::uint64_t position = 0;
    bool seeky = false;
  };

  std::size_t stream_of(const DriveRequest& request) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (streams_[i].id == request.stream && streams_[i].background == request.background) return i;
    }
    Stream& stream = streams_.emplace_back();
    stream.id = request.stream;
    stream.background = request.background;
    stream.virtual_time = virtual_time_;
    return streams_.size() - 1;
  }

  bool spent(const Stream& stream, double now_s) const {
    return budget_left_ <= 0 || now_s - began_s_ >= budget_timeout_s || (stream.background && others_wait());
  }

  bool others_wait() const {
    return std::any_of(streams_.begin(), streams_.end(),
                       [](const Stream& stream) { return !stream.background && !stream.queue.empty(); });
  }

  void expire() {
    in_service_ = none;
    idle_until_s_ = never;
  }

  bool choose(double now_s) {
    const bool best_effort = others_wait();
    std::size_t best = none;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const Stream& stream = streams_[i];
      if (stream.queue.empty()) continue;
      const bool starved = stream.background && now_s - stream.served_s >= idle_class_timeout_s;
      if (stream.background && best_effort && !starved) continue;
      if (best == none || stream.virtual_time < streams_[best].virtual_time) best = i;
      if (starved && best_effort) {
        best = i;
        break;
      }
    }
    if (best == none) return false;
    in_service_ = best;
    budget_left_ = budget_bytes;
    began_s_ = now_s;
    virtual_time_ = std::max(virtual_time_, streams_[best].virtual_time);
    return true;
  }

  void dispatch(Stream& stream, HostRequest& request, double now_s) {
    Waiting& next = nearest(stream);
    request = next.host;
    const std::uint64_t at = request.request.offset_bytes;
    const std::uint64_t distance = at > stream.position ? at - stream.position : stream.position - at;
    stream.seeky = distance > seeky_bytes;
    stream.position = at + request.request.bytes;
    stream.virtual_time += request.request.bytes;
    stream.served_s = now_s;
    ++stream.in_flight;
    budget_left_ -= request.request.bytes;
    idle_until_s_ = never;
    stream.queue.remove(next);
    pool_->give_back(next);
  }

  static Waiting& nearest(Stream& stream) {
    Waiting* ahead = stream.queue.at_or_after(stream.position);
    const std::uint64_t back = stream.position > back_max_bytes ? stream.position - back_max_bytes : 0;
    Waiting* behind = stream.queue.at_or_after(back);
    const bool is_behind = behind != nullptr && behind->host.request.offset_bytes < stream.position;
    if (ahead == nullptr) return is_behind ? *behind : stream.queue.lowest();
    if (!is_behind) return *ahead;
    const std::uint64_t forward = ahead->host.request.offset_bytes - stream.position;
    const std::uint64_t backward = 2 * (stream.position - behind->host.request.offset_bytes);
    return forward <= backward ? *ahead : *behind;
  }

  std::unique_ptr<HostPool> pool_ = std::make_unique<HostPool>();
  std::deque<Stream> streams_;  // addresses stay: queues are linked
  std::size_t in_service_ = none;
  double budget_left_ = 0;
  double began_s_ = 0;
  double virtual_time_ = 0;
  double idle_until_s_ = never;
};

}  // namespace headway
