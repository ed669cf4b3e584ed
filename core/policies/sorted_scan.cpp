// sorted-scan: OpenZFS's sequential scrub, as a way to enumerate a tree.
//
// What it is about. A scrub that reads blocks as it finds them in the tree seeks for each. This one first walks the
// tree and only notes where the blocks lie, until its memory is full or the tree is at its end; then it reads what it
// has noted, in long runs by address; then it goes on walking. It collects or it issues, never both, since reads of one
// kind would break the other's order. The price is memory, and that nothing that it has noted arrives before the walk
// ends.
//
// Collecting. Nodes are read, leaves are noted. Nodes that are known are asked for in key order, as many at once as the
// prefetch allows: at most 16 MiB asked for and not there, for each data disk (zfs_scan_vdev_limit,
// dsl_scan_count_data_disks: a mirror counts once, parity does not). Of these a device has three under way
// (zfs_vdev_scrub_max_active; the lower bound of 1 matters only beside other I/O); the others wait in its queue, of
// which the elevator takes what follows its last read by address, joined with what lies behind as below. With
// `prefetch` off (zfs_no_scrub_prefetch) one node is asked for at a time, and the walk is strictly depth first.
// Readaheads are collected one after the other, in the order of their handles. It stops when what is noted takes
// hard_limit = 5 % of RAM (zfs_scan_mem_lim_fact 20), 136 bytes a block (scan_io_t with one DVA).
//
// Issuing. Each device has its own queue. Blocks that lie at most 2 MiB apart (zfs_scan_max_ext_gap) are one extent.
//  * Memory was full: extents by score = fill + fill% x fill x 3 (zfs_scan_fill_weight), grouped by the score's binary
//    logarithm, ties by offset; until memory is below the soft limit = hard - min(5 %, 128 MiB) (zfs_scan_mem_lim_soft_
//    fact, _max). Large and dense ones go first, the others may still grow.
//  * The walk is at its end: extents by address. They will not grow any more, so the score is of no use.
//    zfs_scan_issue_strategy is `issue_order`: auto does this, address and score do always the one.
// A device's window takes blocks until 16 MiB are in it or in flight; from the window the device's elevator takes,
// again three reads at once, the block that follows its last read by address, or wraps round. It joins neighbours in
// the window as long as the span is at most 1 MiB (zfs_vdev_aggregation_limit; 128 KiB on an SSD) and no gap exceeds 32
// KiB (zfs_vdev_read_gap_limit).
//
// Blocks in such gaps, wanted or not, come into memory as by-catch (ZFS throws them away): what is noted of them
// elsewhere is dropped, and one that was in memory already is transferred again. A gap with a block that is in flight
// is not read over.
//
// Errors. A joined read that fails is repeated block by block (ZIO_FLAG_DONT_AGGREGATE), without regard to the bound
// of three; a block then from its other copies; then the branch is left out.
//
// Source: OpenZFS 2.2 module/zfs/dsl_scan.c (dsl_scan_should_clear, ext_size_compare, scan_io_queue_fetch_ext,
// scan_io_queue_gather, scan_exec_io, dsl_scan_prefetch) and vdev_queue.c (vdev_queue_io_to_issue,
// vdev_queue_aggregate). Left out: transaction groups and their time limits, checkpoints every two hours, the floor of
// 16 MiB for the hard limit and its cap at 5 % of what is allocated, memory for the extents themselves. Simplified: a
// queue is a device's, not a top-level vdev's, as btrfs mirrors by chunk; a scrub reads all copies, this reads one,
// chosen when the block is noted, so that the rule's pending reads include what is noted but not read; runs do not go
// on from one chunk into the next; the elevator looks back only to direct neighbours, and not at all for nodes; data
// disks are the devices times the share of data on the disks of all metadata chunks, rounded up.
//
// Cost: O(log n) an event; the start of an issuing phase sorts what has been noted since the last.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/copy/reader.h"
#include "core/policies/sorted_scan_queue.h"
#include "core/wanted.h"

namespace headway {

namespace {

using sorted_scan::Entry;
using sorted_scan::Place;

struct Limits {
  std::uint64_t hard_bytes = 0;
  std::uint64_t soft_bytes = 0;
  std::uint64_t entry_bytes = 0;
  std::uint64_t in_flight_bytes = 0;  // a device
  std::uint32_t active = 0;           // reads a device
  std::uint64_t join_bytes = 0;
  std::uint64_t join_bytes_non_rotating = 0;
  std::uint64_t read_gap_bytes = 0;
  sorted_scan::ExtentRule extents;
};

enum class IssueOrder : std::uint8_t { automatic, by_address, by_score };

// dsl_scan_count_data_disks: without a mirror's other sides and without parity. DUP is no mirror.
std::uint64_t data_disks(const Volume& volume) {
  double data_bytes = 0, disk_bytes = 0;
  for (const Chunk& chunk : volume.chunks()) {
    if (!(chunk.use & Chunk::metadata)) continue;
    const auto bytes = static_cast<double>(chunk.bytes), stripes = static_cast<double>(Volume::data_stripes_of(chunk));
    const int copies = chunk.profile == Profile::dup ? 1 : Volume::copies_of(chunk.profile);
    data_bytes += bytes;
    disk_bytes += bytes * copies * (stripes + Volume::parity_of(chunk.profile)) / stripes;
  }
  const auto devices = static_cast<double>(volume.devices().size());
  const double disks = disk_bytes == 0 ? devices : devices * data_bytes / disk_bytes;
  return static_cast<std::uint64_t>(std::ceil(disks - 1e-6));  // not one more for rounding
}

class SortedScan final : public Strategy {
 public:
  SortedScan(const Context& context, const Limits& limits, const Parameters& values, IssueOrder order, bool prefetch)
      : forest_(context.forest),
        memory_(context.memory),
        port_(context.port),
        limits_(limits),
        order_(order),
        collect_bytes_(prefetch ? limits.in_flight_bytes * data_disks(context.volume) : 1),
        reader_(context, values),
        wanted_(context.forest.blocks()),
        devices_(context.volume.devices().size()) {}

  void add(HandleId handle, const Range& range) override;
  void complete(const Read& read, int error) override;

 private:
  struct Reading {
    Range range;
    std::uint64_t outstanding = 0;  // blocks that are known to be wanted and not there
  };
  // A node that is known and not yet asked for.
  struct Node {
    HandleId handle = 0;
    Key key;
    BlockId block = no_block;
    PointerId top = no_top;

    // For a heap with the first in key order on top.
    bool operator<(const Node& other) const { return std::pair(other.handle, other.key) < std::pair(handle, key); }
  };
  struct Device {
    sorted_scan::Elevator nodes;  // that wait
    sorted_scan::Queue queue;
    std::uint64_t position = 0;  // where the read that was issued last ends
    std::uint64_t window_bytes = 0;
    std::uint64_t active_bytes = 0;
    std::uint32_t active = 0;
  };

  void go_on();
  void collect();
  void visit(const Node& node);
  void ask_for(BlockId block);
  void issue_nodes(Device& device, DeviceIndex index);
  void expand(BlockId block, const Want& want);
  void note(BlockId block);
  void begin_issuing();
  void issue(Device& device);
  void find(BlockId block);
  void fill_window(Device& device);
  void issue_run(Device& device, DeviceIndex index, Place place);
  void issue_joined(Device& device, DeviceIndex index, const Entry& first, const Entry& last);
  std::uint64_t join_bytes(DeviceIndex index) const;
  std::uint64_t span(const Entry& first, const Entry& last) const {
    return last.physical + forest_.node_bytes - first.physical;
  }
  bool joins(const Entry& left, const Entry& right) const;
  bool stale(BlockId block) const { return memory_.holds(block) || reader_.in_flight(block); }
  void drop(Device& device, DeviceIndex index, Place place);
  void count(const Read& read);
  void serve(BlockId block, int error);
  void end_want(HandleId handle);
  std::uint64_t noted_bytes() const { return noted_ * limits_.entry_bytes; }

  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  const Limits limits_;
  const IssueOrder order_;
  const std::uint64_t collect_bytes_;
  copy::Reader reader_;
  Wanted wanted_;
  std::vector<Reading> readings_;  // by handle
  std::vector<Node> nodes_;        // a heap
  std::vector<Device> devices_;
  std::vector<Want> arrived_;
  std::uint64_t noted_ = 0;  // blocks in queues, not yet in a window
  std::uint64_t reads_in_flight_ = 0;
  std::uint64_t bytes_in_flight_ = 0;
  std::uint64_t waiting_bytes_ = 0;  // of nodes
  bool issuing_ = false;
  bool memory_was_full_ = false;  // this phase of issuing ends at the soft limit
};

void SortedScan::add(HandleId handle, const Range& range) {
  if (handle >= readings_.size()) readings_.resize(handle + 1);
  readings_[handle] = {range, 1};
  nodes_.push_back({handle, min_key, forest_.trees[range.tree].root, no_top});
  std::push_heap(nodes_.begin(), nodes_.end());
  if (!issuing_) go_on();
}

void SortedScan::complete(const Read& read, int error) {
  Device& device = devices_[read.device];
  --reads_in_flight_;
  bytes_in_flight_ -= read.bytes;
  --device.active;
  device.active_bytes -= read.bytes;
  reader_.complete(read, error);
  if (error == 0 || read.blocks > 1 || memory_.holds(read.block)) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      if (error == 0 || memory_.holds(block)) {
        serve(block, 0);
      } else if (wanted_.any(block)) {
        count(reader_.issue(block));
      }
    }
  } else if (const auto again = reader_.retry(read)) {
    count(*again);
  } else {
    serve(read.block, error);
  }
  if (issuing_) {
    issue(device);
  } else {
    issue_nodes(device, read.device);
  }
  go_on();
}

void SortedScan::count(const Read& read) {
  ++reads_in_flight_;
  bytes_in_flight_ += read.bytes;
  ++devices_[read.device].active;
  devices_[read.device].active_bytes += read.bytes;
}

// Changes from collecting to issuing and back when the one has come to its end.
void SortedScan::go_on() {
  for (;;) {
    if (!issuing_) collect();
    if (reads_in_flight_ > 0) return;
    issuing_ = !issuing_ && noted_ > 0;
    if (issuing_) {
      begin_issuing();
    } else if (nodes_.empty()) {
      return;
    }
  }
}

void SortedScan::collect() {
  while (!nodes_.empty() && noted_bytes() < limits_.hard_bytes && bytes_in_flight_ + waiting_bytes_ < collect_bytes_) {
    std::pop_heap(nodes_.begin(), nodes_.end());
    const Node node = nodes_.back();
    nodes_.pop_back();
    visit(node);
  }
}

void SortedScan::visit(const Node& node) {
  if (memory_.holds(node.block)) {
    port_.hit(reader_.read_of(node.block));
    expand(node.block, {node.handle, node.top});
    return;
  }
  const bool known = wanted_.any(node.block);
  wanted_.add(node.block, {node.handle, node.top});
  if (!known && !reader_.in_flight(node.block)) ask_for(node.block);
}

// A node joins its device's queue.
void SortedScan::ask_for(BlockId block) {
  const Read read = reader_.read_of(block);
  reader_.claim(read);
  waiting_bytes_ += read.bytes;
  Device& device = devices_[read.device];
  device.nodes.add({read.physical, block, read.mirror}, device.position);
  issue_nodes(device, read.device);
}

void SortedScan::issue_nodes(Device& device, DeviceIndex index) {
  const auto take_next = [&](const Entry* next) {
    const Entry entry = *next;
    device.nodes.take();
    reader_.release(index);
    waiting_bytes_ -= forest_.node_bytes;
    return entry;
  };
  while (device.active < limits_.active) {
    const Entry* next = device.nodes.next();
    if (next == nullptr) return;
    const Entry first = take_next(next);
    if (stale(first.block)) {
      if (memory_.holds(first.block)) find(first.block);
      continue;
    }
    Entry last = first;
    while ((next = device.nodes.next()) && joins(last, *next) && span(first, *next) <= join_bytes(index))
      last = take_next(next);
    issue_joined(device, index, first, last);
  }
}

// The block is there: its wanted children become known.
void SortedScan::expand(BlockId block, const Want& want) {
  Reading& reading = readings_[want.handle];
  for_each_child_in(forest_, block, want.top, reading.range, [&](PointerId pointer, PointerId top) {
    const BlockId child = forest_.child[pointer];
    if (forest_.level[child] > 0) {
      ++reading.outstanding;
      nodes_.push_back({want.handle, forest_.key(pointer), child, top});
      std::push_heap(nodes_.begin(), nodes_.end());
    } else if (memory_.holds(child)) {
      port_.hit(reader_.read_of(child));
    } else {
      ++reading.outstanding;
      const bool known = wanted_.any(child);
      wanted_.add(child, {want.handle, top});
      if (!known) note(child);
    }
  });
  end_want(want.handle);
}

void SortedScan::note(BlockId block) {
  if (reader_.in_flight(block)) return;
  const Read read = reader_.read_of(block);
  reader_.claim(read);
  devices_[read.device].queue.add({read.physical, block, read.mirror});
  ++noted_;
}

void SortedScan::serve(BlockId block, int error) {
  if (!wanted_.any(block)) return;
  wanted_.take(block, arrived_);
  for (const Want& want : arrived_) {
    if (error == 0) {
      expand(block, want);
    } else {
      end_want(want.handle);
    }
  }
}

void SortedScan::end_want(HandleId handle) {
  if (--readings_[handle].outstanding == 0) port_.finish(handle);
}

void SortedScan::begin_issuing() {
  memory_was_full_ = !nodes_.empty();
  const bool by_score = order_ == IssueOrder::automatic ? memory_was_full_ : order_ == IssueOrder::by_score;
  for (Device& device : devices_) device.queue.arrange(limits_.extents, by_score, device.position);
  for (Device& device : devices_) issue(device);
}

void SortedScan::issue(Device& device) {
  const auto index = static_cast<DeviceIndex>(&device - devices_.data());
  for (;;) {
    fill_window(device);
    if (device.active >= limits_.active) return;
    const auto place = device.queue.next();
    if (!place) return;
    const BlockId block = device.queue.entry(*place).block;
    if (stale(block)) {
      drop(device, index, *place);
      if (memory_.holds(block)) find(block);
    } else {
      issue_run(device, index, *place);
    }
  }
}

// What was noted has come into memory by another's doing.
void SortedScan::find(BlockId block) {
  if (!wanted_.any(block)) return;
  port_.hit(reader_.read_of(block));
  serve(block, 0);
}

void SortedScan::fill_window(Device& device) {
  while (device.window_bytes + device.active_bytes < limits_.in_flight_bytes) {
    if (memory_was_full_ && noted_bytes() < limits_.soft_bytes) return;
    if (!device.queue.gather()) return;
    --noted_;
    device.window_bytes += forest_.node_bytes;
  }
}

void SortedScan::drop(Device& device, DeviceIndex index, Place place) {
  device.queue.take(place);
  device.window_bytes -= forest_.node_bytes;
  reader_.release(index);
}

// vdev_queue_aggregate: from the block at `place` as far back and then forth as the limits allow.
void SortedScan::issue_run(Device& device, DeviceIndex index, Place place) {
  auto& queue = device.queue;
  const std::uint64_t limit = join_bytes(index);
  const auto joined = [&](Place left, Place right) {
    return queue.in_window(left) && queue.in_window(right) && joins(queue.entry(left), queue.entry(right));
  };
  const auto span_of = [&](Place from, Place to) { return span(queue.entry(from), queue.entry(to)); };
  Place first = place, last = place;
  while (first > 0 && joined(first - 1, first) && span_of(first - 1, last) <= limit) --first;
  while (joined(last, last + 1) && span_of(first, last + 1) <= limit) ++last;
  for (Place taken = first; taken <= last; ++taken) drop(device, index, taken);
  issue_joined(device, index, queue.entry(first), queue.entry(last));
}

// What lies between the two is read over.
void SortedScan::issue_joined(Device& device, DeviceIndex index, const Entry& first, const Entry& last) {
  const Read read{.block = first.block,
                  .blocks = last.block - first.block + 1,
                  .device = index,
                  .mirror = first.mirror,
                  .level = forest_.level[first.block],
                  .bytes = static_cast<std::uint32_t>(span(first, last)),
                  .logical = forest_.logical[first.block],
                  .physical = first.physical};
  device.position = read.physical + read.bytes;
  reader_.issue_claimed(read);
  count(read);
}

std::uint64_t SortedScan::join_bytes(DeviceIndex index) const {
  return reader_.device(index).rotational ? limits_.join_bytes : limits_.join_bytes_non_rotating;
}

// Whether a read of the one may go on to the other: near enough, of one chunk's share of the device, neither there
// already, and nothing in flight between them.
bool SortedScan::joins(const Entry& left, const Entry& right) const {
  const std::uint64_t end = left.physical + forest_.node_bytes;
  if (right.physical < end || right.physical - end > limits_.read_gap_bytes) return false;
  if (forest_.stripe_set[left.block] != forest_.stripe_set[right.block] || left.mirror != right.mirror) return false;
  if (memory_.holds(left.block) || memory_.holds(right.block)) return false;
  for (BlockId block = left.block; block <= right.block; ++block) {
    if (reader_.in_flight(block)) return false;
  }
  return true;
}

Parameter bytes(const char* name, std::int64_t value, const char* sentence) {
  return {.name = name,
          .default_value = value,
          .unit = "bytes",
          .sentence = sentence,
          .low = 0,
          .high = std::int64_t{1} << 50};
}

Parameter percent(const char* name, std::int64_t value, const char* sentence) {
  return {.name = name, .default_value = value, .unit = "percent", .sentence = sentence, .low = 1, .high = 100};
}

std::vector<Parameter> parameters() {
  constexpr std::int64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;
  std::vector<Parameter> own{
      bytes("ram_bytes", 4 * gib, "The machine's memory, of which the queues may take a part."),
      percent("hard_limit_percent", 5, "Of RAM: the queues' size at which collecting stops and issuing begins."),
      percent("soft_limit_percent", 5, "Of the hard limit: how much issuing frees before collecting goes on, at most."),
      bytes("soft_limit_bytes", 128 * mib, "The same as a size; the lesser of both counts."),
      bytes("entry_bytes", 136, "Memory that a block takes in a queue."),
      bytes("extent_gap_bytes", 2 * mib, "Blocks at most this far apart are one extent."),
      {.name = "fill_weight",
       .default_value = std::int64_t{3},
       .sentence = "How much an extent's density counts in its score, beside its size.",
       .low = 0,
       .high = 1000},
      {.name = "issue_order",
       .default_value = std::string("auto"),
       .sentence = "Order of extents: by score while the walk is not at its end and by address then, or always one.",
       .choices = {"auto", "address", "score"}},
      bytes("in_flight_bytes", 16 * mib,
            "What a device has in its window and in flight at most; of nodes what each data disk has."),
      {.name = "max_active",
       .default_value = std::int64_t{3},
       .unit = "reads",
       .sentence = "Reads that one device has under way at most.",
       .low = 1,
       .high = 65536},
      bytes("aggregation_bytes", mib, "Length of a joined read at most, on a disk."),
      bytes("aggregation_bytes_non_rotating", 128 * kib, "Length of a joined read at most, on an SSD."),
      bytes("read_gap_bytes", 32 * kib, "Gaps up to this size are read over."),
      {.name = "prefetch",
       .default_value = true,
       .sentence = "While collecting, ask for the nodes that are known at once, instead of one by one."}};
  own[0].low = mib;
  own[4].low = 1;
  own[4].high = 65536;
  own[8].low = 1;
  own[10].high = own[11].high = gib;
  return copy::declare_with(std::move(own), "zfs-mirror");
}

std::unique_ptr<Strategy> make(const Context& context, const Parameters& values) {
  const auto number = [&](const char* name) { return static_cast<std::uint64_t>(values.integer(name)); };
  Limits limits;
  limits.hard_bytes = number("ram_bytes") * number("hard_limit_percent") / 100;
  limits.soft_bytes =
      limits.hard_bytes - std::min(limits.hard_bytes * number("soft_limit_percent") / 100, number("soft_limit_bytes"));
  limits.entry_bytes = number("entry_bytes");
  limits.in_flight_bytes = number("in_flight_bytes");
  limits.active = static_cast<std::uint32_t>(number("max_active"));
  limits.join_bytes = number("aggregation_bytes");
  limits.join_bytes_non_rotating = number("aggregation_bytes_non_rotating");
  limits.read_gap_bytes = number("read_gap_bytes");
  limits.extents = {number("extent_gap_bytes"), number("fill_weight"), context.forest.node_bytes};
  const std::string& order = values.choice("issue_order");
  return std::make_unique<SortedScan>(context, limits, values,
                                      order == "auto"      ? IssueOrder::automatic
                                      : order == "address" ? IssueOrder::by_address
                                                           : IssueOrder::by_score,
                                      values.flag("prefetch"));
}

}  // namespace

extern const Policy policy_sorted_scan;
const Policy policy_sorted_scan{
    .name = "sorted-scan",
    .sentence = "OpenZFS's sequential scrub: collect where the leaves lie, then read them in long sorted runs.",
    .source = "OpenZFS 2.2 module/zfs/dsl_scan.c and vdev_queue.c",
    .parameters = parameters(),
    .make = make,
    .foresees = [](const Parameters& values) { return values.integer("read_gap_bytes") > 0; }};

}  // namespace headway
