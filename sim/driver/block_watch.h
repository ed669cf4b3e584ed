// Which tree blocks are being read just now, and which actors wait for one of them. A run has a watch only if a workload
// of it reads blocks beside its policy.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/memory.h"
#include "core/read.h"
#include "sim/driver/actors.h"

namespace headway {

class BlockWatch {
 public:
  explicit BlockWatch(std::size_t blocks) : in_flight_(blocks), demanded_(blocks) {}

  bool in_flight(BlockId block) const { return in_flight_.holds(block); }

  // The policy reads a block that a workload is reading already: as in the kernel, where both would lock the same pages,
  // the one read serves both. True: the caller must not issue it.
  bool joins(const Read& read) {
    if (read.blocks > 1 || !demanded_.holds(read.block)) return false;
    joined_.emplace(read.block, read);
    return true;
  }
  std::vector<Read> take_joined(BlockId block) {
    std::vector<Read> reads;
    for (auto [at, end] = joined_.equal_range(block); at != end; at = joined_.erase(at)) reads.push_back(at->second);
    return reads;
  }

  void issued(const Read& read) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) in_flight_.insert(block);
  }
  void demanded(const Read& read) {
    issued(read);
    demanded_.insert(read.block);
  }
  // Wakes who waits; whether the block is in memory they see for themselves.
  void ended(const Read& read, Actors& actors, double now_s) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      in_flight_.evict(block);
      demanded_.evict(block);
      for (const auto& actor : take_waiting(block)) actors.wake(actor, now_s);
    }
  }
  void wake_at_end(BlockId block, std::shared_ptr<Sleeper> actor) { waiting_.emplace(block, std::move(actor)); }

 private:
  // Taken out before any is woken: who finds the block gone again waits anew, and is for the next end to wake.
  std::vector<std::shared_ptr<Sleeper>> take_waiting(BlockId block) {
    std::vector<std::shared_ptr<Sleeper>> actors;
    for (auto [at, end] = waiting_.equal_range(block); at != end; at = waiting_.erase(at))
      actors.push_back(std::move(at->second));
    return actors;
  }

  Memory in_flight_;
  Memory demanded_;  // those of them that a workload reads
  std::multimap<BlockId, Read> joined_;
  std::multimap<BlockId, std::shared_ptr<Sleeper>> waiting_;
};

}  // namespace headway
