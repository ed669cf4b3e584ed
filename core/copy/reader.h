// Reads blocks for a strategy: picks the copy by the rule, remembers what is in flight, keeps the rule's state of the
// devices, and turns to the other copies after an error.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/copy/rule.h"
#include "core/strategy.h"

namespace headway::copy {

class Reader {
 public:
  // `values`: declared with declare().
  Reader(const Context& context, const Parameters& values);

  bool in_flight(BlockId block) const { return in_flight_.holds(block); }
  // How the block would be read if it were now.
  Read read_of(BlockId block) const { return read_of(block, 0); }
  // Precondition: not in flight. Returns what was issued.
  Read issue(BlockId block);
  // A strategy that picks copies long before it reads claims what it has picked: it then counts as issued and pending.
  // It releases the claim when it issues or forgets the read.
  void claim(const Read& read) {
    ++devices_[read.device].claimed;
    count_issue(read);
  }
  void release(DeviceIndex device) { --devices_[device].claimed; }
  // Issues what was claimed and is released, possibly several blocks in one. All of them are then in flight.
  void issue_claimed(const Read& read) { submit(read); }

  // A read has ended; error is 0 or an errno.
  void complete(const Read& read, int error);
  // After complete() with an error, of a read of one block: issues it from a copy that has not been tried. Nothing when
  // there is none; the next issue() then begins anew.
  std::optional<Read> retry(const Read& failed);

  const DeviceState& device(DeviceIndex device) const { return devices_[device]; }

 private:
  Read read_of(BlockId block, std::uint32_t tried) const;
  void submit(const Read& read);
  void count_issue(const Read& read);

  const Volume& volume_;
  const Forest& forest_;
  Port& port_;
  const double& now_s_;
  const std::span<const std::uint32_t> pending_;
  const std::uint64_t seed_;
  const std::unique_ptr<Rule> rule_;
  Memory in_flight_;
  std::vector<DeviceState> devices_;
  std::vector<double> issued_s_;  // by block; empty unless the rule times reads
  std::uint64_t bytes_issued_ = 0;
  std::map<BlockId, std::uint32_t> tried_;  // copies that failed, of the blocks that are read again just now
};

}  // namespace headway::copy
