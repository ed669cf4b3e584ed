// mq-deadline: requests go to the drive in batches sorted by address, unless one has waited too long.
//
// From Linux block/mq-deadline.c (v6.1). Reads and writes each are sorted by address and by arrival. A batch continues
// with the next address of its direction for up to 16 requests. A new batch takes reads, unless writes have been passed
// over twice; it starts at the oldest request of the direction when that one's time is up (read 500 ms, write 5 s after
// it came), else where the last batch of that direction ended, else (nothing beyond) at the oldest. Requests of the
// idle class (background) go only when no other waits, or after 10 s.
//
// Simplification: the kernel's per-hardware-queue dispatch lists and request merging are left out; a request that could
// be merged goes by itself, right behind its neighbour.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

#include "models/drive/host/host_pool.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class MqDeadline {
 public:
  static constexpr Kind kind{"mq-deadline", "Batches sorted by address, unless a request has waited too long.",
                             "Linux block/mq-deadline.c (v6.1)"};
  static constexpr bool in_order = false;

  static constexpr double read_expire_s = 0.5;
  static constexpr double write_expire_s = 5.0;
  static constexpr std::uint32_t fifo_batch = 16;
  static constexpr std::uint32_t writes_starved = 2;
  static constexpr double aging_expire_s = 10.0;

  void add(const HostRequest& request, double /*now_s*/) {
    classes_[request.request.background][request.request.write].add(pool_->take(request));
  }

  bool take(HostRequest& request, double now_s) {
    Waiting* next = nullptr;
    std::size_t which = 0;
    if (aged(now_s) || empty(classes_[0])) which = 1;
    next = pick(classes_[which], batches_[which], now_s);
    if (next == nullptr) return false;
    request = next->host;
    classes_[which][request.request.write].remove(*next);
    pool_->give_back(*next);
    return true;
  }

  void completed(const Finished& /*finished*/) {}
  double wake_s() const { return std::numeric_limits<double>::infinity(); }

 private:
  using Directions = std::array<SortedQueue, 2>;  // reads, writes

  struct Batch {
    bool write = false;
    std::uint32_t dispatched = fifo_batch;  // none is under way
    std::uint32_t starved = 0;
    std::array<std::uint64_t, 2> next_offset{};  // where the last request of a direction ended
  };

  static bool empty(const Directions& queues) { return queues[0].empty() && queues[1].empty(); }

  // The idle class has waited long enough behind the other.
  bool aged(double now_s) {
    for (auto& queue : classes_[1]) {
      if (!queue.empty() && now_s - queue.oldest().host.submitted_s > aging_expire_s) return true;
    }
    return false;
  }

  static bool expired(SortedQueue& queue, bool write, double now_s) {
    return now_s - queue.oldest().host.submitted_s >= (write ? write_expire_s : read_expire_s);
  }

  static Waiting* pick(Directions& queues, Batch& batch, double now_s) {
    if (empty(queues)) return nullptr;
    Waiting* next = queues[batch.write].at_or_after(batch.next_offset[batch.write]);
    if (next == nullptr || batch.dispatched >= fifo_batch) {
      batch.write = choose_direction(queues, batch);
      SortedQueue& queue = queues[batch.write];
      next = queue.at_or_after(batch.next_offset[batch.write]);
      if (next == nullptr || expired(queue, batch.write, now_s)) next = &queue.oldest();
      batch.dispatched = 0;
    }
    ++batch.dispatched;
    batch.next_offset[batch.write] = next->host.request.offset_bytes + next->host.request.bytes;
    return next;
  }

  static bool choose_direction(Directions& queues, Batch& batch) {
    if (!queues[0].empty() && (queues[1].empty() || batch.starved++ < writes_starved)) return false;
    batch.starved = 0;
    return true;
  }

  std::unique_ptr<HostPool> pool_ = std::make_unique<HostPool>();
  std::array<Directions, 2> classes_;  // best effort, idle
  std::array<Batch, 2> batches_;
};

}  // namespace headway
