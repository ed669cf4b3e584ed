// A workload's own search in a tree: it needs one block after another, and waits for each that is not in memory.
//
// Where the policy is a tree search, the search is the policy's. Beside a readahead the workload reads what is missing
// itself, from the copy that the policy's rule names (reada has none: then as btrfs does, by "pid"), turns to the other
// copies after an error, and waits for what is in flight already.
#pragma once

#include "core/copy/reader.h"
#include "sim/driver/stage.h"
#include "sim/workloads/own_counters.h"

namespace headway {

// What a search for one key of a tree wants.
Range point_in(std::uint32_t tree, const Key& key);

// Several actors of a workload may search by one.
class Demand final : private OwnRequestSink, private Port {
 public:
  Demand(Stage& stage, std::uint16_t stream, bool background);

  // Blocks until `block` of the tree, which a search for `key` leads to, is in memory, where it then stays until leave();
  // false when no copy can be read, and there is nothing to leave.
  bool fetch(std::uint32_t tree, BlockId block, const Key& key);
  void leave(BlockId block) { stage_.release(block); }
  // The same for all blocks from the root down to the leaf of the key.
  bool search(std::uint32_t tree, const Key& key);

  double waited_s() const { return waited_s_; }
  // Of the reads that it did itself; a workload counts others of its own here too.
  OwnCounters& counters() { return counters_; }
  // Those of the counters, and the time waited.
  MetricValues metrics(double elapsed_s) const {
    MetricValues values = counters_.metrics(elapsed_s);
    values[MetricId::wait_time_s] = waited_s_;
    return values;
  }

 private:
  bool bring(std::uint32_t tree, BlockId block, const Key& key);
  bool read_beside_policy(BlockId block);
  void ended(const OwnRequest& request, const OwnCompletion& completion) override;
  // The copy reader's decisions; it only ever issues.
  void issue(const Read& read) override;
  void hit(const Read& /*read*/) override {}
  void zone(DeviceIndex /*device*/, std::uint64_t /*logical*/) override {}
  void finish(HandleId /*handle*/) override {}

  Stage& stage_;
  const std::uint16_t stream_;
  const bool background_;
  copy::Reader reader_;
  std::vector<std::shared_ptr<Sleeper>> idle_;  // sleepers that no actor waits by just now
  double waited_s_ = 0;
  OwnCounters counters_;
};

}  // namespace headway
