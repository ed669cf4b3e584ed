// e2fsck: its readahead of inode tables, two block groups at a time.
//
// What it is about. Pass 1 goes through the inode tables, group by group, and asks for some groups' tables ahead of it,
// by address, all of a window at once, and then for nothing until it is almost through the window. No state but one
// place, and nothing to tune but the window: that two groups are best was found by trying.
//
// Rule (pass1_readahead). Groups are added to a window until what their tables hold is more than window_bytes; two
// groups' tables, typically 4 MiB (e2fsck_guess_readahead). As the comparison is "more than", two full groups are not
// enough, and a window has three. What is in it is asked for at once, in ascending order of addresses, adjacent blocks
// joined (the block layer does that, up to max_sectors), gaps not read over. The next window begins when who visits the
// range comes to the first block of the last `buffer_blocks` of the window's last group (the inode scan reads 8 blocks
// at a time; next_ino). Where nobody visits (Range::is_visited), when all of the window is there.
//
// On trees. A group is what one node of level 1 points at, in the range; its table is those leaves. In ext4 where a
// table lies is known beforehand, and it lies in one piece: a window is a few long reads. Here the nodes of level 1 have
// to be read first, one after the other, by key; and leaves are scattered, so that a window is up to some hundreds of
// reads, sorted. So what remains of e2fsck is its bound and when it asks, not its long reads: beside a reader that is
// faster than the disks the readahead is idle at the end of each window, as in e2fsck.
//
// Source: e2fsprogs a9f482e5 e2fsck/pass1.c (pass1_readahead) and e2fsck/readahead.c. Left out: the limit that turns it
// off where a window is more than 1/50 of RAM, and that EAGAIN halves the window; passes 2 and 4.
#include <algorithm>

#include "core/leaf_scan.h"

namespace headway {

namespace {

class E2fsck final : public LeafScan {
 public:
  E2fsck(const Context& context, const Parameters& values)
      : LeafScan(context, values),
        traits_(context.traits),
        window_bytes_(static_cast<std::uint64_t>(values.integer("window_bytes"))),
        buffer_blocks_(static_cast<std::uint64_t>(values.integer("buffer_blocks"))) {}

 private:
  struct Reading {
    bool is_visited = false;
    bool collecting = true;
    bool over = false;                // there are no more leaves
    std::vector<BlockId> window;      // to be asked for; empty when it is
    std::uint64_t window_leaves = 0;  // of whole groups and of the one at hand, there or not
    std::uint64_t group_leaves = 0;   // of the group at hand
    std::uint64_t leaves = 0;         // handed over in all
    std::uint64_t next_after = 0;     // the next window when so many leaves have been visited
  };

  void begin(HandleId handle, bool is_visited) override {
    if (handle >= readings_.size()) readings_.resize(handle + 1);
    readings_[handle] = {.is_visited = is_visited, .window = {}};
    collect(handle);
  }

  void go_on(HandleId handle) override {
    Reading& reading = readings_[handle];
    if (reading.over) return;
    if (!reading.is_visited && outstanding(handle) == 0) reading.collecting = true;
    if (reading.collecting) collect(handle);
  }

  void leaf_visited(HandleId handle) override {
    Reading& reading = readings_[handle];
    if (reading.over || reading.collecting || !reading.is_visited || leaves_visited(handle) < reading.next_after) return;
    reading.collecting = true;
    collect(handle);
  }

  // Goes on with the window, and with the next ones whose turn it is.
  void collect(HandleId handle) {
    while (readings_[handle].collecting) {
      BlockId leaf = no_block;
      const Next next = next_leaf(handle, leaf);
      if (next == Next::waits) return;
      if (next == Next::over) {
        ask(readings_[handle]);
        readings_[handle].over = true;
        readings_[handle].collecting = false;
        return close(handle);
      }
      add_leaf(handle, leaf);
    }
  }

  void add_leaf(HandleId handle, BlockId leaf) {
    Reading& reading = readings_[handle];
    ++reading.leaves;
    ++reading.group_leaves;
    ++reading.window_leaves;
    if (wants(handle, leaf)) reading.window.push_back(leaf);
    if (!ends_node(handle)) return;
    const std::uint64_t last_buffer = (reading.group_leaves - 1) % buffer_blocks_;  // how far back it begins
    reading.group_leaves = 0;
    if (reading.window_leaves * forest().node_bytes <= window_bytes_) return;
    reading.window_leaves = 0;
    reading.next_after = reading.leaves - last_buffer;
    ask(reading);
    reading.collecting =
        reading.is_visited ? leaves_visited(handle) >= reading.next_after : outstanding(handle) == 0;
  }

  void ask(Reading& reading) {
    std::sort(reading.window.begin(), reading.window.end());
    for (auto leaf = reading.window.begin(); leaf != reading.window.end();) {
      if (!still_missing(*leaf)) {
        ++leaf;
        continue;
      }
      Read read = read_of(*leaf);
      while (++leaf != reading.window.end() && joins(read, *leaf)) extend(read, *leaf);
      issue(read);
    }
    reading.window.clear();
  }

  bool joins(const Read& read, BlockId leaf) {
    const std::uint64_t bytes = std::uint64_t{read.bytes} + forest().node_bytes;
    return bytes <= traits_[read.device].max_request_bytes && still_missing(leaf) && gap(read, leaf) == 0u;
  }

  const std::span<const DeviceTraits> traits_;
  const std::uint64_t window_bytes_;
  const std::uint64_t buffer_blocks_;
  std::vector<Reading> readings_;  // by handle
};

}  // namespace

extern const Policy policy_e2fsck;
const Policy policy_e2fsck{
    .name = "e2fsck",
    .sentence = "e2fsck's inode table readahead: windows of two groups' leaves, sorted, one when the last is used up.",
    .source = "e2fsprogs a9f482e5 e2fsck/pass1.c, pass1_readahead",
    .parameters = copy::declare_with(
        {{.name = "window_bytes",
          .default_value = std::int64_t{4194304},
          .unit = "bytes",
          .sentence = "A window ends with the group that makes it larger than this.",
          .low = 0,
          .high = std::int64_t{1} << 40},
         {.name = "buffer_blocks",
          .default_value = std::int64_t{8},
          .unit = "blocks",
          .sentence = "The next window begins when the last so many blocks of a window's last group are begun.",
          .low = 1,
          .high = 65536}}),
    .make = [](const Context& context, const Parameters& values) -> std::unique_ptr<Strategy> {
      return std::make_unique<E2fsck>(context, values);
    }};

}  // namespace headway
