// bfq: each stream (a process) gets the drive for a budget of sectors at a time, and the drive waits for it a while
// when it has nothing to ask for, where that pays: fair shares, sequential streams kept whole.
//
// The read side of Linux block/bfq-iosched.c (v6.6): one queue a stream, sorted by address, served from where it last
// read, a request behind counting double its distance up to 16 MiB back. The stream in service keeps the drive until
// its budget (16,384 sectors) does not hold its next request, 125 ms have passed since it got it, or it is empty and
// nobody waits for it. Then the stream with the least service over its weight is next (B-WF2Q+ with equal weights, by
// virtual time). A stream that was slow (seeky, or less than half a budget in more than 20 ms) is charged for the time
// it had the drive, as if that had been served at a budget in 125 ms. Streams of the idle class (background) are served
// when no other waits, or once nobody served them for 200 ms, one request at a time while others have some.
//
// The drive waits for an empty stream (bfq_better_to_idle) that is the only one with requests; or while one of the idle
// class has any, whose weight differs (an asymmetric scenario); or where waiting gives throughput: a drive that rotates
// and holds one command at a time; or a stream that is sequential and bound by its I/O, on a drive that rotates or
// holds one command at a time. It then waits for what the stream has at the drive, and 8 ms on; 2 ms if the stream is
// seeky and the scenario is not asymmetric. One that is not waited for is also put back when a stream with less service
// comes.
//  * Seeky: in more than 19 of its last 32 requests it came from more than 800 sectors away (on an SSD: and was less
//    than 64 sectors long).
//  * I/O-bound: had requests for 80 % of some 200 ms, and takes at most 4 ms on average to come back.
//  * A drive holds several commands unless in 32 samples that would have allowed it no more than 3 were there.
//
// Left out, and what it does: weight raising, by which a stream that begins after 2 s of rest, or comes back in a slow
// steady pace, gets up to 30 times the weight for seconds: others beside a bulk reader wait less than here. Injection
// of other streams' requests while the drive waits for one (and the waking of streams by each other): waiting costs
// less throughput there. A stream that comes back within 24 ms goes on with the budget it had left, ahead of others:
// here it queues, so a reader with short pauses waits more. Merging of cooperating streams. Budgets are constant, where
// bfq adapts them between 1/32 and all of that: slow streams have the drive for longer at a time. Writes are queued and
// sorted like reads of their stream. With one stream bfq is a sorted queue.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <utility>

#include "models/drive/host/host_pool.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class Bfq {
 public:
  static constexpr Kind kind{
      "bfq", "A budget of sectors for one stream at a time: fair shares, sequential streams kept whole.",
      "Linux block/bfq-iosched.c (v6.6)"};
  static constexpr bool in_order = false;

  static constexpr double budget_bytes = 16384 * 512.0;
  static constexpr double budget_timeout_s = 0.125;
  static constexpr double slice_idle_s = 0.008;
  static constexpr double min_think_s = 0.002;
  static constexpr double idle_class_timeout_s = 0.2;
  static constexpr std::uint64_t back_max_bytes = 16 << 20;

  explicit Bfq(bool rotational = true) : rotational_(rotational) {}

  void add(const HostRequest& request, double now_s) {
    const std::size_t index = stream_of(request.request, now_s);
    Stream& stream = streams_[index];
    const bool was_busy = busy(index);
    watch(stream, request.request, was_busy, now_s);
    if (!was_busy) {
      if (stream.in_flight == 0) {
        stream.virtual_time = std::max(stream.virtual_time, virtual_time_);  // no credit for having been away
        pending_background_ += stream.background;
      }
      if (stream.background) stream.served_s = std::max(stream.served_s, now_s);
      ++busy_[stream.background];
    }
    stream.queue.add(pool_->take(request));
    ++queued_;
    if (index == in_service_) idle_until_s_ = never;
    if (!was_busy && in_service_ != none && puts_back(stream)) expire(now_s);
  }

  bool take(HostRequest& request, double now_s) {
    if (in_service_ != none && !keeps(streams_[in_service_], now_s)) expire(now_s);
    if (in_service_ == none && !choose(now_s)) return false;
    if (streams_[in_service_].queue.empty()) return false;  // the drive waits for it
    dispatch(streams_[in_service_], request, now_s);
    if (streams_[in_service_].background && busy_[0] + busy_[1] > 1) expire(now_s);
    return true;
  }

  void completed(const Finished& finished) {
    const double end_s = finished.done.end_s;
    const std::size_t index = stream_of(finished.host.request, end_s);
    Stream& stream = streams_[index];
    learn_depth();
    --at_drive_;
    --stream.in_flight;
    if (stream.in_flight == 0 && !busy(index)) pending_background_ -= stream.background;
    stream.last_end_s = end_s;
    if (index != in_service_) return;
    if (!stream.queue.empty() || !better_to_idle(stream)) return;  // take() comes next and looks
    if (stream.in_flight == 0) idle_until_s_ = end_s + (seeky(stream) && !asymmetric() ? min_think_s : slice_idle_s);
  }

  double wake_s() const { return idle_until_s_; }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::uint64_t far_bytes = 800 * 512;  // BFQQ_SEEK_THR
  static constexpr std::uint64_t long_bytes = 64 * 512;  // BFQQ_SECT_THR_NONROT
  static constexpr int seeky_of_32 = 19;
  static constexpr double io_window_s = 0.2;
  static constexpr std::uint32_t think_samples_needed = 80;  // bfq_sample_valid, in 256ths
  static constexpr std::uint32_t deep = 3;                   // BFQ_HW_QUEUE_THRESHOLD
  static constexpr std::uint32_t depth_samples_needed = 32;  // BFQ_HW_QUEUE_SAMPLES

  struct Stream {
    std::uint16_t id = 0;
    bool background = false;
    SortedQueue queue;
    std::uint32_t in_flight = 0;
    double virtual_time = 0;  // bytes served, or charged for
    double served_s = 0;      // last
    std::uint64_t position = 0;

    // How it behaves (watch()).
    std::uint32_t far_history = 1;  // a bit a request, the last one lowest
    std::uint64_t last_added_end = 0;
    double last_end_s = 0;  // of a request of its
    double io_since_s = 0;
    double away_s = 0;  // of that, without requests
    bool io_bound = true;
    bool just_created = true;
    std::uint32_t think_samples = 0;
    double think_total_s = 0;
  };

  std::size_t stream_of(const DriveRequest& request, double now_s) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (streams_[i].id == request.stream && streams_[i].background == request.background) return i;
    }
    Stream& stream = streams_.emplace_back();
    stream.id = request.stream;
    stream.background = request.background;
    stream.virtual_time = virtual_time_;
    stream.last_end_s = stream.io_since_s = now_s;
    return streams_.size() - 1;
  }

  bool busy(std::size_t index) const { return index == in_service_ || !streams_[index].queue.empty(); }
  bool asymmetric() const { return pending_background_ > 0; }  // asked for others only, whose weight is larger
  static bool seeky(const Stream& stream) { return std::popcount(stream.far_history) > seeky_of_32; }
  static bool has_short_think(const Stream& stream) {
    return stream.think_samples <= think_samples_needed ||
           stream.think_total_s * 256 / stream.think_samples <= slice_idle_s / 2;
  }

  // bfq_update_io_thinktime, _seektime and _intensity: before the request is added.
  void watch(Stream& stream, const DriveRequest& request, bool was_busy, double now_s) {
    if (!was_busy && stream.in_flight == 0) {
      const double away_s = std::min(now_s - stream.last_end_s, 2 * slice_idle_s);
      stream.think_samples = (7 * stream.think_samples + 256) / 8;
      stream.think_total_s = (7 * stream.think_total_s + away_s) / 8;
    }
    const std::uint64_t at = request.offset_bytes, last = stream.last_added_end;
    const std::uint64_t away = last == 0 ? 0 : at > last ? at - last : last - at;
    const bool far = away > far_bytes && (rotational_ || request.bytes < long_bytes);
    stream.far_history = stream.far_history << 1 | static_cast<std::uint32_t>(far);
    stream.last_added_end = at + request.bytes;

    if (stream.queue.empty() && stream.in_flight == 0) stream.away_s += now_s - stream.last_end_s;
    if (std::exchange(stream.just_created, false)) return;
    const double watched_s = now_s - stream.io_since_s;
    stream.io_bound = stream.away_s * 5 <= watched_s;
    if (watched_s > io_window_s) {
      stream.io_since_s = now_s - watched_s / 2;
      stream.away_s /= 2;
    }
  }

  // bfq_update_hw_tag: once it is seen that the drive holds several commands, that stays.
  void learn_depth() {
    most_at_drive_ = std::max(most_at_drive_, at_drive_);
    if (known_deep_ || at_drive_ + queued_ <= deep) return;
    if (in_service_ != none && at_drive_ < deep) {
      const Stream& stream = streams_[in_service_];
      if (!stream.background && has_short_think(stream) && stream.in_flight + stream.queue.size() < deep) return;
    }
    if (depth_samples_++ < depth_samples_needed) return;
    known_deep_ = holds_several_ = most_at_drive_ > deep;
    most_at_drive_ = depth_samples_ = 0;
  }

  bool better_to_idle(const Stream& stream) const {
    if (stream.background) return false;
    if (asymmetric() || busy_[0] + busy_[1] == 1) return true;
    if (rotational_ && !holds_several_) return true;
    const bool sequential = !seeky(stream) && stream.io_bound && has_short_think(stream);
    return (rotational_ || !holds_several_) && sequential;
  }

  // bfq_select_queue: whether the stream in service stays it.
  bool keeps(Stream& stream, double now_s) const {
    const bool waits = idle_until_s_ != never;
    if (stream.queue.empty()) return waits ? now_s < idle_until_s_ : stream.in_flight > 0 && better_to_idle(stream);
    return now_s - began_s_ < budget_timeout_s && nearest(stream).host.request.bytes <= budget_left_;
  }

  // Whether a stream that was empty takes the drive from the one in service.
  bool puts_back(const Stream& stream) const {
    const Stream& served = streams_[in_service_];
    if (served.background != stream.background) return served.background;
    return !better_to_idle(served) && stream.virtual_time < served.virtual_time;
  }

  // bfq_bfqq_expire
  void expire(double now_s) {
    Stream& stream = streams_[std::exchange(in_service_, none)];
    idle_until_s_ = never;
    charge_time(stream, now_s);
    if (!stream.queue.empty()) return;
    --busy_[stream.background];
    if (stream.in_flight == 0) pending_background_ -= stream.background;
  }

  void charge_time(Stream& stream, double now_s) const {
    const double used_s = (stream.queue.empty() && stream.in_flight == 0 ? stream.last_end_s : now_s) - began_s_;
    const double served = budget_ - budget_left_;
    const bool slow = used_s > 0.02 ? served < budget_bytes / 2 : seeky(stream);
    const bool timed_out = used_s >= budget_timeout_s && budget_left_ >= budget_ / 3;
    if (!slow && !timed_out) return;
    const double least_s = rotational_ ? slice_idle_s : min_think_s;
    const double charged_s = used_s < 1e-3 ? least_s : std::min(used_s, budget_timeout_s);
    stream.virtual_time += std::max(0.0, budget_bytes * charged_s / budget_timeout_s - served);
  }

  bool choose(double now_s) {
    const bool best_effort = busy_[0] > 0;  // none is in service, so busy means that it has requests
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
    budget_left_ = budget_ = std::max<double>(budget_bytes, nearest(streams_[best]).host.request.bytes);
    began_s_ = now_s;
    virtual_time_ = std::max(virtual_time_, streams_[best].virtual_time);
    return true;
  }

  void dispatch(Stream& stream, HostRequest& request, double now_s) {
    Waiting& next = nearest(stream);
    request = next.host;
    stream.position = request.request.offset_bytes + request.request.bytes;
    stream.virtual_time += request.request.bytes;
    stream.served_s = now_s;
    ++stream.in_flight;
    ++at_drive_;
    --queued_;
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

  bool rotational_ = true;
  std::unique_ptr<HostPool> pool_ = std::make_unique<HostPool>();
  std::deque<Stream> streams_;  // addresses stay: queues are linked
  std::size_t in_service_ = none;
  double budget_ = 0;
  double budget_left_ = 0;
  double began_s_ = 0;
  double virtual_time_ = 0;
  double idle_until_s_ = never;           // never: the drive does not wait
  std::array<std::uint32_t, 2> busy_{};   // streams with requests, or in service; of the idle class the second
  std::uint32_t pending_background_ = 0;  // streams of the idle class with requests here or at the drive
  std::uint32_t queued_ = 0;
  std::uint32_t at_drive_ = 0;
  bool holds_several_ = true;  // until the contrary is seen
  bool known_deep_ = false;
  std::uint32_t most_at_drive_ = 0;
  std::uint32_t depth_samples_ = 0;
};

}  // namespace headway
