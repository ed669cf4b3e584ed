// xfs-repair: its prefetch queue, sorted by block number and bound by how far it is ahead of the repair.
//
// What it is about. The repair goes through the inodes of one allocation group after the other, in order. Beside it one
// thread puts what it will need into a queue by block number, and four others sweep over the queue with reads as long as
// pay. Sweeps want a long queue; but what is read too early is evicted by the prefetch's own reads before the repair
// comes there, and then read twice. So the lead is bounded, twice: within a group, and by groups (since xfsprogs
// 71014d192d of 2014; before, the prefetch went through one group after the other whatever the repair had come to).
//
// Queuing. Leaves go into the queue in key order; the nodes that name them the thread reads itself, one after the other
// (pf_scan_lbtree). Those in memory are passed over. Within a group it is at most `lead_leaves` leaves ahead of who
// visits the range: an eighth of the cache, in buffers (start_inode_prefetch). The next group begins when this one has
// all been read, and is at most `groups_ahead` beyond the one that is visited. Where nobody visits (Range::is_visited)
// there is no bound.
//
// Reading. It begins when 256 leaves wait ahead of the position (IO_THRESHOLD), when the group is all queued, or when
// the bound blocks the queuing. Each of 4 threads (PF_THREAD_COUNT) has one read under way:
//  * From the first leaf at or behind the position, the block where the last such read began, up to 128 leaves within
//    512 KiB (MAX_BUFS; 128 pages). If they are at least 1/8 of the blocks of that span (the comment says 25 %), it is
//    one read, gaps included. Otherwise it goes on only as long as the end of the next is at most 64 KiB behind the end
//    of the last (DEF_BATCH_BYTES; so the gap is 64 KiB less a leaf at most).
//  * What was queued behind the position (the secondary queue) is read likewise from the lowest address on: after each
//    read of the first kind as long as fewer than 256 wait ahead and queuing goes on; and when none wait ahead.
//  * A thread that finds nothing waits until reading begins anew.
//
// On trees. XFS has inode clusters, which lie in the order of their numbers, and what those name, directories and nodes
// of extents, which lies anywhere: the queue's two kinds, and the secondary queue has the second kind only. Here all are
// leaves, counted as inode clusters where they come ahead of the position and as the other kind where behind; a third
// reading ("metadata ahead of the position first") therefore finds nothing and is left out. Allocation groups are
// `group_leaves` leaves in key order. Block numbers are addresses by chunk and device group: the threads know no
// devices, as there (a stripe of groups a thread, ag_stride, is several readaheads at once). What lies in gaps comes
// into memory as by-catch, which XFS throws away: beside a bounded memory that costs room.
//
// Source: xfsprogs 8f9506e2 repair/prefetch.c (pf_queue_io, pf_batch_read, pf_io_worker, pf_queuing_worker,
// prefetch_ag_range). Left out: the repair waits until the first buffer of a group is queued, and for what is in the
// queue (its buffers are locked), where a consumer here reads it itself; ranks in the cache; discontiguous buffers. A
// failed read is repeated block by block and from other copies, which XFS leaves to the repair.
#include <algorithm>
#include <cassert>

#include "core/id_set.h"
#include "core/leaf_scan.h"

namespace headway {

namespace {

constexpr std::size_t threads = 4;
constexpr std::uint32_t most_in_read = 128;
constexpr std::uint64_t most_bytes = 128 * 4096;
constexpr std::uint64_t batch_bytes = 65536;

class XfsRepair final : public LeafScan {
 public:
  XfsRepair(const Context& context, const Parameters& values)
      : LeafScan(context, values),
        threshold_(static_cast<std::uint64_t>(values.integer("start_leaves"))),
        group_leaves_(static_cast<std::uint64_t>(values.integer("group_leaves"))),
        groups_ahead_(static_cast<std::uint64_t>(values.integer("groups_ahead"))),
        lead_leaves_(static_cast<std::uint64_t>(values.integer("lead_leaves"))) {
    if (lead_leaves_ > 0) return;
    lead_leaves_ = context.bound ? std::max<std::uint64_t>(1, context.bound->most() / 8) : UINT64_MAX;
  }

 private:
  // What a thread reads, or read last: what lies ahead of the position; what lies behind, between two such reads, or
  // because nothing waits ahead.
  enum class Doing : std::uint8_t { waiting, ahead, aside, behind };

  struct Thread {
    Doing doing = Doing::waiting;
    bool is_reading = false;
  };
  // Of one readahead.
  struct Prefetch {
    bool is_visited = false;
    bool over = false;           // there are no more leaves
    bool queuing_done = false;   // of this group
    bool reading = false;        // threads that wait may begin
    std::uint64_t group = 0;
    std::uint64_t in_group = 0;  // leaves of it that have been come to
    IdSet queue;
    std::uint64_t queued = 0;
    std::uint64_t queued_ahead = 0;
    std::optional<BlockId> position;
    std::array<Thread, threads> thread;

    bool is_ahead(BlockId leaf) const { return !position || leaf > *position; }
  };

  void begin(HandleId handle, bool is_visited) override {
    if (handle >= prefetches_.size()) prefetches_.resize(handle + 1);
    Prefetch& prefetch = prefetches_[handle];
    prefetch.is_visited = is_visited;
    if (spare_queues_.empty()) spare_queues_.emplace_back(static_cast<std::uint32_t>(forest().blocks()));
    prefetch.queue = std::move(spare_queues_.back());
    spare_queues_.pop_back();
    go_on(handle);
  }

  void go_on(HandleId handle) override {
    do {
      queue_on(handle);
      work(handle);
    } while (may_begin_group(handle));
    Prefetch& prefetch = prefetches_[handle];
    if (!prefetch.over || prefetch.queued > 0 || prefetch.queue.size() == 0) return;
    spare_queues_.push_back(std::move(prefetch.queue));
    prefetch.queue = IdSet();
  }

  void leaf_visited(HandleId handle) override { go_on(handle); }

  void ended(const Read& read) override {
    const auto active = std::ranges::find(active_, read.block, &Active::block);
    if (active == active_.end()) return;  // repeated beside the threads
    const HandleId handle = active->handle;
    Thread& thread = prefetches_[handle].thread[active->thread];
    *active = active_.back();
    active_.pop_back();
    const Prefetch& prefetch = prefetches_[handle];
    thread.is_reading = false;
    if (thread.doing == Doing::ahead && !prefetch.queuing_done && prefetch.queued_ahead < threshold_)
      thread.doing = Doing::aside;
    go_on(handle);
  }

  // As far as it may, before the threads have their turn.
  void queue_on(HandleId handle) {
    while (!prefetches_[handle].over) {
      Prefetch& prefetch = prefetches_[handle];
      if (prefetch.queuing_done) {
        if (!may_begin_group(handle)) return;
        begin_group(prefetch);
      }
      if (is_bound(handle)) {
        prefetch.reading = true;
        return;
      }
      BlockId leaf = no_block;
      const Next next = next_leaf(handle, leaf);
      if (next == Next::waits) return;
      if (next == Next::leaf) add_leaf(handle, leaf);
      if (next == Next::over || prefetch.in_group == group_leaves_) prefetch.queuing_done = prefetch.reading = true;
      if (next == Next::over) {
        prefetch.over = true;
        close(handle);
      }
    }
  }

  void add_leaf(HandleId handle, BlockId leaf) {
    Prefetch& prefetch = prefetches_[handle];
    ++prefetch.in_group;
    if (!wants(handle, leaf)) return;
    assert(!prefetch.queue.contains(leaf));
    prefetch.queue.insert(leaf);
    ++prefetch.queued;
    if (prefetch.is_ahead(leaf) && ++prefetch.queued_ahead == threshold_) prefetch.reading = true;
  }

  bool is_bound(HandleId handle) const {
    const Prefetch& prefetch = prefetches_[handle];
    const std::uint64_t before = prefetch.group * group_leaves_, visited = leaves_visited(handle);
    const std::uint64_t visited_in_group = visited > before ? visited - before : 0;
    return prefetch.is_visited && prefetch.in_group >= visited_in_group &&
           prefetch.in_group - visited_in_group >= lead_leaves_;
  }

  bool may_begin_group(HandleId handle) const {
    const Prefetch& prefetch = prefetches_[handle];
    if (prefetch.over || !prefetch.queuing_done || prefetch.queued > 0 ||
        std::ranges::any_of(prefetch.thread, &Thread::is_reading))
      return false;
    return !prefetch.is_visited || prefetch.group < leaves_visited(handle) / group_leaves_ + groups_ahead_;
  }

  static void begin_group(Prefetch& prefetch) {
    ++prefetch.group;
    prefetch.in_group = 0;
    prefetch.position.reset();
    prefetch.queuing_done = prefetch.reading = false;
  }

  void work(HandleId handle) {
    for (std::size_t number = 0; number < threads; ++number) {
      if (!prefetches_[handle].thread[number].is_reading) work(handle, number);
    }
  }

  // Up to the thread's next read.
  void work(HandleId handle, std::size_t number) {
    Prefetch& prefetch = prefetches_[handle];
    Thread& thread = prefetch.thread[number];
    for (;;) {
      if (thread.doing == Doing::waiting) {
        if (prefetch.queuing_done ? prefetch.queued == 0 : !prefetch.reading) return;
        thread.doing = Doing::ahead;
      }
      if (read_batch(handle, number, thread.doing == Doing::ahead)) return;
      switch (thread.doing) {
        case Doing::aside:
          thread.doing = Doing::ahead;
          break;
        case Doing::ahead:
          thread.doing = Doing::behind;
          break;
        default:
          thread.doing = Doing::waiting;
          if (!prefetch.queuing_done) prefetch.reading = false;
      }
    }
  }

  // pf_batch_read, once. False when nothing is queued there.
  bool read_batch(HandleId handle, std::size_t number, bool ahead) {
    Prefetch& prefetch = prefetches_[handle];
    if (prefetch.queued == 0) return false;
    const BlockId position = prefetch.position.value_or(0);
    const BlockId end = ahead ? static_cast<BlockId>(forest().blocks()) : position;
    const auto first = next_missing(prefetch, ahead ? position : 0, end);
    if (!first) return false;
    std::array<BlockId, most_in_read> leaves{*first};
    std::uint32_t count = 1;
    Read read = read_of(*first);
    const Read alone = read;
    while (count < most_in_read) {
      const auto next = next_missing(prefetch, leaves[count - 1] + 1, end);
      const auto between = next ? gap(read, *next) : std::nullopt;
      if (!between || read.bytes + *between + forest().node_bytes > most_bytes) break;
      extend(read, *next);
      leaves[count++] = *next;
    }
    if (count < read.bytes / forest().node_bytes / 8) count = shorten(read = alone, {leaves.data(), count});
    for (std::uint32_t i = 0; i < count; ++i) drop(prefetch, leaves[i]);
    if (ahead) prefetch.position = *first;
    prefetch.thread[number].is_reading = true;
    active_.push_back({*first, handle, number});
    issue(read);
    return true;
  }

  // Extends a read of the first of the leaves as far as they are close together; returns how many it has.
  std::uint32_t shorten(Read& read, std::span<const BlockId> leaves) const {
    std::uint32_t count = 1;
    for (; count < leaves.size(); ++count) {
      if (*gap(read, leaves[count]) + forest().node_bytes > batch_bytes) break;
      extend(read, leaves[count]);
    }
    return count;
  }

  std::optional<BlockId> next_missing(Prefetch& prefetch, BlockId from, BlockId end) {
    for (BlockId leaf; (leaf = prefetch.queue.first_in(from, end)) < end;) {
      if (still_missing(leaf)) return leaf;
      drop(prefetch, leaf);
    }
    return std::nullopt;
  }

  static void drop(Prefetch& prefetch, BlockId leaf) {
    assert(prefetch.queue.contains(leaf) && prefetch.queued > 0);
    prefetch.queue.erase(leaf);
    --prefetch.queued;
    if (prefetch.is_ahead(leaf)) --prefetch.queued_ahead;
  }

  // A read that a thread waits for.
  struct Active {
    BlockId block = no_block;
    HandleId handle = 0;
    std::size_t thread = 0;
  };

  const std::uint64_t threshold_;
  const std::uint64_t group_leaves_;
  const std::uint64_t groups_ahead_;
  std::uint64_t lead_leaves_;
  std::vector<Prefetch> prefetches_;  // by handle
  std::vector<Active> active_;
  std::vector<IdSet> spare_queues_;  // empty
};

}  // namespace

extern const Policy policy_xfs_repair;
const Policy policy_xfs_repair{
    .name = "xfs-repair",
    .sentence = "xfs_repair's prefetch: a queue of leaves by address, long reads over gaps, its lead bound.",
    .source = "xfsprogs 8f9506e2 repair/prefetch.c",
    .parameters = copy::declare_with(
        {{.name = "start_leaves",
          .default_value = std::int64_t{256},
          .unit = "blocks",
          .sentence = "Reading begins when so many leaves wait ahead of the position (IO_THRESHOLD).",
          .low = 1,
          .high = std::int64_t{1} << 30},
         {.name = "group_leaves",
          .default_value = std::int64_t{16384},
          .unit = "blocks",
          .sentence = "Leaves in key order that stand for an allocation group: each has its own sweep.",
          .low = 1,
          .high = std::int64_t{1} << 32},
         {.name = "groups_ahead",
          .default_value = std::int64_t{1},
          .unit = "groups",
          .sentence = "How far beyond the group that is visited the prefetch goes; before 2014 without a bound.",
          .low = 0,
          .high = std::int64_t{1} << 32},
         {.name = "lead_leaves",
          .default_value = std::int64_t{0},
          .unit = "blocks",
          .sentence = "How far ahead of the visit it queues within a group; 0: an eighth of a bounded memory.",
          .low = 0,
          .high = std::int64_t{1} << 32}}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<XfsRepair>(context, values);
    },
    .foresees = [](const Parameters&) { return true; }};  // what lies in gaps

}  // namespace headway
