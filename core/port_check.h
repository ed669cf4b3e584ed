// Holds a strategy to the contract of strategy.h, decision by decision, in the worlds of tests and of core/properties/.
// Throws BrokenContract with what was done and why it may not be.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/forest.h"
#include "core/memory.h"
#include "core/read.h"
#include "core/volume.h"

namespace headway {

// What of it is broken.
enum class Clause : std::uint8_t { place, memory, flight, hit, zone, handle };

struct BrokenContract : std::logic_error {
  BrokenContract(Clause which, const std::string& what) : std::logic_error(what), clause(which) {}
  Clause clause;
};

class PortCheck {
 public:
  PortCheck(const Volume& volume, const Forest& forest, const Memory& memory)
      : volume_(volume), forest_(forest), memory_(memory), in_flight_(forest.blocks()) {}

  // What the driver tells the strategy, just before it does.
  void added(HandleId handle) {
    if (handle >= open_.size()) open_.resize(handle + 1);
    open_[handle] = true;
  }
  void completed(const Read& read) {
    for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
      if (!in_flight_.holds(block)) fail(Clause::flight, "completed", block, "it is not in flight");
      in_flight_.evict(block);
    }
  }

  // What the strategy decides.
  void issue(const Read& read) {
    check_place("issued", read);
    const BlockId last = read.block + read.blocks - 1;
    for (const BlockId edge : {read.block, last}) {
      if (memory_.holds(edge)) fail(Clause::memory, "issued", edge, "it is in memory");
    }
    for (BlockId block = read.block; block <= last; ++block) {
      if (in_flight_.holds(block)) fail(Clause::flight, "issued", block, "it is in flight");
      in_flight_.insert(block);
    }
  }
  void hit(const Read& read) {
    check_place("hit", read);
    if (read.blocks != 1 || !memory_.holds(read.block)) fail(Clause::hit, "hit", read.block, "it is not in memory");
  }
  void zone(DeviceIndex device, std::uint64_t logical) const {
    const std::int64_t chunk = device < volume_.devices().size() ? volume_.find_chunk(logical) : -1;
    if (chunk < 0 || volume_.chunks()[static_cast<std::size_t>(chunk)].logical != logical)
      throw BrokenContract(Clause::zone, fmt::format("device {}: no zone begins at {}", device, logical));
  }
  void finish(HandleId handle) {
    if (handle >= open_.size() || !open_[handle])
      throw BrokenContract(Clause::handle, fmt::format("handle {} finished: it is not open", handle));
    open_[handle] = false;
  }

 private:
  void check_place(std::string_view what, const Read& read) const {
    if (read.blocks == 0 || read.block >= forest_.blocks() || read.blocks > forest_.blocks() - read.block)
      throw BrokenContract(Clause::place, fmt::format("{} blocks from {} {}: there are {}", read.blocks, read.block,
                                                      what, forest_.blocks()));
    const BlockId last = read.block + read.blocks - 1;
    if (read.logical != forest_.logical[read.block] || read.level != forest_.level[read.block])
      fail(Clause::place, what, read.block, "address or level is another's");
    const Mapping first_at = volume_.map(forest_.logical[read.block]);
    const Mapping last_at = volume_.map(forest_.logical[last]);
    if (read.mirror < 1 || read.mirror > first_at.copies)
      fail(Clause::place, what, read.block, "there is no such copy");
    const Copy& first = first_at.copy[read.mirror - 1u];
    if (first.device != read.device || first.physical != read.physical)
      fail(Clause::place, what, read.block, "its copy is not there");
    const std::uint64_t end = last_at.copy[read.mirror - 1u].physical + forest_.node_bytes;
    if (first_at.stripe_set != last_at.stripe_set || end != read.physical + read.bytes)
      fail(Clause::place, what, read.block, "the read does not end with its last block");
    // A node that straddles its stripe's end goes on elsewhere, and is read as one piece all the same.
    if (last_at.bytes_left >= forest_.node_bytes && end > volume_.devices()[read.device].bytes)
      fail(Clause::place, what, read.block, "the read ends past its device");
  }

  [[noreturn]] void fail(Clause clause, std::string_view what, BlockId block, std::string_view why) const {
    throw BrokenContract(clause, fmt::format("block {} {}: {}", forest_.logical[block], what, why));
  }

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Memory in_flight_;
  std::vector<bool> open_;  // by handle: added and not finished
};

}  // namespace headway
