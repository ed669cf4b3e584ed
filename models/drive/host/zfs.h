// zfs: OpenZFS's classes of I/O at a device: each has a least and a most number of requests at the drive, and a scrub's
// share of it while others read is a few requests at a time.
//
// From OpenZFS 2.2 module/zfs/vdev_queue.c. First goes a class that has fewer at the drive than its min_active, the
// classes taking turns; then, in the order below, one that has fewer than its max_active; 1,000 in all at most.
//
//   class        who                                       min  max  order within
//   sync read    reads                                      10   10  by arrival
//   sync write   writes                                     10   10  by arrival
//   scrub        of the idle class (background)              1    3  by address, in buckets of 0.54 s (2^29 ns)
//
// The scrub is not interactive; the others are. While interactive requests are at the drive, a scrub has one there at
// most, and only as long as it has credit: 1 when the first interactive one goes to an idle drive, 5 (zfs_vdev_nia_
// credit) after each that ends while others are there; each scrub request that goes takes one. Once none is there the
// scrub has one at the drive until 5 (zfs_vdev_nia_delay) of its own have ended since; then 3.
//
// Simplifications. Prefetches of a policy are reads like all others, for a request does not say that nobody waits for
// it: in ZFS they are of a class async read (1 to 3), and yield. Writes are all sync, as if somebody waited for each: in
// ZFS most are async (2 to 10 by the amount of dirty data). Classes for removal, initializing, rebuild and trim have
// nobody here. Joining of neighbours (up to 1 MiB, over gaps of 32 KiB) is left out: what could be joined goes by
// itself, and counts, so that a sequential scrub of small reads gets less of the drive than in ZFS. The elevator goes on
// behind the last request of any class, as there.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <memory>

#include "models/drive/host/fifo.h"
#include "models/drive/host/host_pool.h"
#include "models/drive/host/scheduler.h"

namespace headway {

class Zfs {
 public:
  static constexpr Kind kind{"zfs", "So many requests of each class at the drive; scrubs yield to everybody else.",
                             "OpenZFS 2.2 module/zfs/vdev_queue.c"};
  static constexpr bool in_order = false;

  void add(const HostRequest& request, double /*now_s*/) {
    if (request.request.background)
      scrub_.insert(pool_->take(request));
    else
      interactive_[request.request.write].push(request);
  }

  // vdev_queue_io_to_issue
  bool take(HostRequest& request, double /*now_s*/) {
    if (!(waits(0) || waits(1) || waits(2)) || active_[0] + active_[1] + active_[2] >= max_active_in_all) return false;
    const std::size_t chosen = last_class_ = class_to_issue();
    if (chosen == classes) return false;
    if (chosen == scrub_class) {
      take_scrub(request);
      if (interactive_active_ > 0) --credit_;
    } else {
      request = interactive_[chosen].pop();
      if (++interactive_active_ == 1) credit_ = 1;
    }
    ++active_[chosen];
    last_end_bytes_ = request.request.offset_bytes + request.request.bytes;
    return true;
  }

  // vdev_queue_pending_remove
  void completed(const Finished& finished) {
    const std::size_t ended = class_of(finished.host.request);
    --active_[ended];
    if (ended != scrub_class)
      credit_ = --interactive_active_ == 0 ? 0 : nia_credit;
    else if (interactive_active_ == 0)
      ++credit_;
  }

  double wake_s() const { return std::numeric_limits<double>::infinity(); }  // what is held back has one at the drive

 private:
  static constexpr std::size_t classes = 3;
  static constexpr std::size_t scrub_class = 2;
  static constexpr std::array<std::uint32_t, classes> min_active{10, 10, 1};
  static constexpr std::array<std::uint32_t, classes> max_active{10, 10, 3};
  static constexpr std::uint32_t max_active_in_all = 1000;
  static constexpr std::uint32_t nia_credit = 5;
  static constexpr std::uint32_t nia_delay = 5;
  static constexpr double bucket_s = (1 << 29) * 1e-9;

  static std::size_t class_of(const DriveRequest& request) { return request.background ? scrub_class : request.write; }

  bool waits(std::size_t one) const { return one == scrub_class ? !scrub_.empty() : !interactive_[one].empty(); }

  std::uint32_t least(std::size_t one) const {
    if (one != scrub_class || interactive_active_ == 0) return min_active[one];
    return std::min(credit_, min_active[one]);
  }

  std::uint32_t most(std::size_t one) const {
    if (one != scrub_class) return max_active[one];
    if (interactive_active_ > 0) return least(one);
    return credit_ < nia_delay ? min_active[one] : max_active[one];
  }

  // vdev_queue_class_to_issue. After a look that found nothing the turns begin anew.
  std::size_t class_to_issue() const {
    const std::size_t first = last_class_ + 1 < classes ? last_class_ + 1 : 0;
    for (std::size_t turn = 0; turn < classes; ++turn) {
      const std::size_t one = (first + turn) % classes;
      if (waits(one) && active_[one] < least(one)) return one;
    }
    for (std::size_t one = 0; one < classes; ++one) {
      if (waits(one) && active_[one] < most(one)) return one;
    }
    return classes;
  }

  // The scrub's requests, by bucket of arrival and then by address.
  struct Place {
    std::uint64_t bucket = 0;
    std::uint64_t offset_bytes = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const Place&) const = default;
  };
  static Place place_of(const Waiting& waiting) {
    return {static_cast<std::uint64_t>(waiting.host.submitted_s / bucket_s), waiting.host.request.offset_bytes,
            waiting.sequence};
  }
  struct ByPlace {
    bool operator()(const Waiting& a, const Waiting& b) const { return place_of(a) < place_of(b); }
    bool operator()(const Waiting& a, const Place& b) const { return place_of(a) < b; }
    bool operator()(const Place& a, const Waiting& b) const { return a < place_of(b); }
  };
  using Sorted = boost::intrusive::set<
      Waiting, boost::intrusive::compare<ByPlace>,
      boost::intrusive::member_hook<Waiting, boost::intrusive::set_member_hook<>, &Waiting::by_address>>;

  // Of the oldest bucket the next by address, or its first.
  void take_scrub(HostRequest& request) {
    auto next = scrub_.begin();
    const std::uint64_t oldest = place_of(*next).bucket;
    const auto beyond = scrub_.lower_bound(Place{oldest, last_end_bytes_, 0}, ByPlace());
    if (beyond != scrub_.end() && place_of(*beyond).bucket == oldest) next = beyond;
    Waiting& taken = *next;
    request = taken.host;
    scrub_.erase(next);
    pool_->give_back(taken);
  }

  std::unique_ptr<HostPool> pool_ = std::make_unique<HostPool>();
  std::array<Fifo<HostRequest>, 2> interactive_;  // reads, writes
  Sorted scrub_;
  std::array<std::uint32_t, classes> active_{};
  std::size_t last_class_ = 0;
  std::uint32_t interactive_active_ = 0;
  std::uint32_t credit_ = 0;
  std::uint64_t last_end_bytes_ = 0;
};

}  // namespace headway
