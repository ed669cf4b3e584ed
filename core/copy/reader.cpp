#include "core/copy/reader.h"

#include <cassert>

#include "core/mixed.h"

namespace headway::copy {

namespace {

// A draw that depends on nothing but its arguments (SplitMix64), so that asking twice changes nothing.
std::uint64_t draw(std::uint64_t seed, std::uint64_t turn) { return mixed(seed + turn * 0x9e3779b97f4a7c15u); }

}  // namespace

Reader::Reader(const Context& context, const Parameters& values)
    : volume_(context.volume),
      forest_(context.forest),
      port_(context.port),
      now_s_(context.now_s),
      pending_(context.pending),
      seed_(context.seed),
      rule_(make_rule(values)),
      in_flight_(context.forest.blocks()),
      devices_(context.volume.devices().size()),
      issued_s_(rule_->times_reads() ? context.forest.blocks() : 0) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    devices_[i].devid = volume_.devices()[i].devid;
    if (i >= context.traits.size()) continue;
    devices_[i].rotational = context.traits[i].rotational;
    devices_[i].optimal_io_bytes = context.traits[i].optimal_io_bytes;
  }
}

Read Reader::read_of(BlockId block, std::uint32_t tried) const {
  const std::uint64_t logical = forest_.logical[block];
  const Mapping mapping = volume_.map_in(volume_.chunk_of_set(forest_.stripe_set[block]), logical);
  const std::size_t copy = rule_->pick({.copies = {mapping.copy.data(), mapping.copies},
                                        .tried = tried,
                                        .logical = logical,
                                        .bytes_issued = bytes_issued_,
                                        .lot = draw(seed_, bytes_issued_ / forest_.node_bytes),
                                        .devices = devices_,
                                        .pending = pending_});
  assert(copy < mapping.copies && (tried >> copy & 1) == 0);
  return {.block = block,
          .device = mapping.copy[copy].device,
          .mirror = static_cast<std::uint8_t>(copy + 1),
          .level = forest_.level[block],
          .bytes = forest_.node_bytes,
          .logical = logical,
          .physical = mapping.copy[copy].physical};
}

Read Reader::issue(BlockId block) {
  const Read read = read_of(block, 0);
  count_issue(read);
  submit(read);
  return read;
}

void Reader::submit(const Read& read) {
  for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
    assert(!in_flight_.holds(block));
    in_flight_.insert(block);
  }
  if (!issued_s_.empty()) issued_s_[read.block] = now_s_;
  port_.issue(read);
}

void Reader::count_issue(const Read& read) {
  DeviceState& device = devices_[read.device];
  if (device.issued_end != read.physical) device.run_start = read.physical;
  device.issued_end = read.physical + read.bytes;
  bytes_issued_ += read.bytes;
}

void Reader::complete(const Read& read, int error) {
  for (BlockId block = read.block; block < read.block + read.blocks; ++block) {
    assert(in_flight_.holds(block));
    in_flight_.evict(block);
  }
  DeviceState& device = devices_[read.device];
  device.head = read.physical + read.bytes;
  ++device.reads_completed;
  if (!issued_s_.empty()) device.read_time_s += now_s_ - issued_s_[read.block];
  if (error == 0 && !tried_.empty()) tried_.erase(read.block);
}

std::optional<Read> Reader::retry(const Read& failed) {
  assert(failed.blocks == 1);
  const int copies =
      Volume::copies_of(volume_.chunks()[volume_.chunk_of_set(forest_.stripe_set[failed.block])].profile);
  const std::uint32_t tried = tried_[failed.block] |= 1u << (failed.mirror - 1);
  if (tried + 1 == 1u << copies) {
    tried_.erase(failed.block);
    return std::nullopt;
  }
  const Read read = read_of(failed.block, tried);
  count_issue(read);
  submit(read);
  return read;
}

}  // namespace headway::copy
