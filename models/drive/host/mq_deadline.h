// mq-deadline: requests go to the drive in batches sorted by address, unless one has waited too long.
//
// From Linux block/mq-deadline.c (v6.6). Reads and writes of each class are sorted by address and by arrival. A batch
// continues with the next address of its direction for up to 16 requests (`fifo_batch`). A new batch takes reads,
// unless writes have been passed over twice; it starts at the oldest request of the direction when that one's time is
// up (read 500 ms, write 5 s after it came), else where the last request of the class and direction began, else
// (nothing beyond) at the oldest. Direction, batch and passed-over writes are counted once for all classes.
//
// Requests of the idle class (background) go only when no other is queued or at the drive, or after 10 s: whenever both
// classes have requests, each is asked first for one that has waited so long. That question may turn the direction and
// begin the batch anew although it finds nothing (the kernel's way as well).
//
// `fifo_batch` is the kernel's, under /sys. `head_first` is a patch that was not taken (Wang You, 2022-07,
// <20220722095120.371212-3-wangyoua@uniontech.com>): where nothing lies beyond, and nothing has waited too long, the
// next batch begins at the lowest address.
//
// Where v6.1 differs: until v6.4 a batch went on with the request that stood behind the last one when that was taken,
// so that one that came in between had to wait for the next batch. Simplification: the kernel's dispatch lists, the
// real-time class and request merging are left out; a request that could be merged goes by itself, right behind its
// neighbour.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

#include "models/drive/host/host_pool.h"
#include "models/drive/host/scheduler.h"
#include "models/drive/queue_spec.h"

namespace headway {

class MqDeadline {
 public:
  static constexpr Kind kind{"mq-deadline", "Batches sorted by address, unless a request has waited too long.",
                             "Linux block/mq-deadline.c (v6.6)"};
  static constexpr bool in_order = false;

  static constexpr double read_expire_s = 0.5;
  static constexpr double write_expire_s = 5.0;
  static constexpr std::uint32_t writes_starved = 2;
  static constexpr double aging_expire_s = 10.0;

  explicit MqDeadline(const QueueSpec& queue = {})
      : fifo_batch_(queue.fifo_batch.value_or(16)), head_first_(queue.head_first.value_or(false)) {}

  void add(const HostRequest& request, double /*now_s*/) {
    Class& one = classes_[request.request.background];
    one.queues[request.request.write].add(pool_->take(request));
    ++one.pending;
  }

  // dd_dispatch_request
  bool take(HostRequest& request, double now_s) {
    if (classes_[0].pending > 0 && classes_[1].pending > 0) {
      for (Class& one : classes_) {
        if (take_from(one, request, now_s, now_s - aging_expire_s)) return true;
      }
    }
    for (Class& one : classes_) {
      if (take_from(one, request, now_s, now_s)) return true;
      if (one.pending > 0) return false;
    }
    return false;
  }

  void completed(const Finished& finished) { --classes_[finished.host.request.background].pending; }
  double wake_s() const { return std::numeric_limits<double>::infinity(); }

 private:
  struct Class {
    std::array<SortedQueue, 2> queues;           // reads, writes
    std::array<std::uint64_t, 2> last_offset{};  // where the last request of a direction began
    std::uint32_t pending = 0;                   // queued or at the drive
  };

  // __dd_dispatch_request: a request of the class, if the one whose turn it is came at `latest_s` at the latest.
  bool take_from(Class& one, HostRequest& request, double now_s, double latest_s) {
    Waiting* next = one.queues[write_].at_or_after(one.last_offset[write_]);
    if (next == nullptr || batched_ >= fifo_batch_) {
      if (one.queues[0].empty() && one.queues[1].empty()) return false;
      write_ = choose_direction(one);
      SortedQueue& queue = one.queues[write_];
      next = queue.at_or_after(one.last_offset[write_]);
      if (expired(queue, now_s))
        next = &queue.oldest();
      else if (next == nullptr)
        next = head_first_ ? &queue.lowest() : &queue.oldest();
      batched_ = 0;
    }
    if (next->host.submitted_s > latest_s) return false;
    ++batched_;
    request = next->host;
    one.last_offset[write_] = request.request.offset_bytes;
    one.queues[write_].remove(*next);
    pool_->give_back(*next);
    return true;
  }

  bool expired(SortedQueue& queue, double now_s) const {
    return now_s - queue.oldest().host.submitted_s >= (write_ ? write_expire_s : read_expire_s);
  }

  bool choose_direction(Class& one) {
    if (!one.queues[0].empty() && (one.queues[1].empty() || starved_++ < writes_starved)) return false;
    starved_ = 0;
    return true;
  }

  std::uint32_t fifo_batch_;
  bool head_first_;
  std::unique_ptr<HostPool> pool_ = std::make_unique<HostPool>();
  std::array<Class, 2> classes_;  // best effort, idle
  bool write_ = false;            // direction of the batch
  std::uint32_t batched_ = 0;
  std::uint32_t starved_ = 0;  // times that writes were passed over
};

}  // namespace headway
