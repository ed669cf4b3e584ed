#include "sim/bound/device_copies.h"

#include <algorithm>
#include <numeric>

namespace headway {

DeviceCopies::DeviceCopies(const Volume& volume, const Forest& forest, std::span<const BlockId> wanted)
    : volume_(volume), forest_(forest), wanted_(wanted), parts_(volume.devices().size()) {
  std::uint32_t at = 0;
  for (BlockId first = 0; first < forest.blocks();) {
    BlockId end = first + 1;
    while (end < forest.blocks() && forest.stripe_set[end] == forest.stripe_set[first]) ++end;
    const std::uint32_t begin = at;
    while (at < wanted.size() && wanted[at] < end) ++at;
    add_set(first, end, begin, at);
    first = end;
  }
  for (auto& parts : parts_) std::ranges::sort(parts, {}, &Part::begin_byte);
}

void DeviceCopies::add_set(BlockId first, BlockId end, std::uint32_t wanted_begin, std::uint32_t wanted_end) {
  const std::uint32_t set = forest_.stripe_set[first];
  const std::uint32_t chunk = volume_.chunk_of_set(set);
  const Mapping begins = volume_.map_in(chunk, forest_.logical[first]);
  copies_each_ = std::max<std::size_t>(copies_each_, begins.copies);
  for (std::uint8_t copy = 0; copy < begins.copies; ++copy) {
    const std::uint64_t last = volume_.physical_in(chunk, set, copy, forest_.logical[end - 1]);
    parts_[begins.copy[copy].device].push_back({.begin_byte = begins.copy[copy].physical,
                                                .end_byte = last + forest_.node_bytes,
                                                .stripe_set = set,
                                                .chunk = chunk,
                                                .copy = copy,
                                                .first = first,
                                                .wanted_begin = wanted_begin,
                                                .wanted_end = wanted_end});
  }
}

DeviceCopies::Copies DeviceCopies::on(DeviceIndex device) const {
  Copies all;
  std::uint64_t before = 0;  // the end of the part before
  for (const Part& part : parts_[device]) {
    const auto physical = [&](BlockId of) {
      return volume_.physical_in(part.chunk, part.stripe_set, part.copy, forest_.logical[of]);
    };
    BlockId looked = part.first;  // at these blocks, of which the last is the first that touches another
    bool touches = physical(looked) <= before;
    for (std::uint32_t i = part.wanted_begin; i < part.wanted_end; ++i) {
      const BlockId block = wanted_[i];
      while (!touches && looked < block) {
        const std::uint64_t end = physical(looked) + forest_.node_bytes;
        touches = physical(++looked) <= end;
      }
      all.copies.push_back({.offset_bytes = physical(block),
                            .bytes = forest_.node_bytes,
                            .before = block > part.first ? physical(block - 1) + forest_.node_bytes : before,
                            .may_go_on = touches});
      all.slots.push_back(static_cast<std::uint32_t>(i * copies_each_ + part.copy));
    }
    before = part.end_byte;
  }
  if (std::ranges::is_sorted(all.copies, {}, &WantedCopy::offset_bytes)) return all;
  std::vector<std::uint32_t> order(all.copies.size());  // nodes that straddle stripes may lie otherwise
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return all.copies[i].offset_bytes; });
  Copies sorted;
  for (const std::uint32_t i : order) {
    sorted.copies.push_back(all.copies[i]);
    sorted.slots.push_back(all.slots[i]);
  }
  return sorted;
}

}  // namespace headway
