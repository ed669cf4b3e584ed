// The engine's state as text, for whoever wonders why it stands still (the patch's dump_devs).
#include <fmt/format.h>

#include "core/reada/engine.h"

namespace headway::reada {

std::string Engine::dump_zone(ZoneId zone) const {
  const std::uint32_t stripe_set = zones_.stripe_set_of(zone);
  const Chunk& chunk = volume_.chunks()[zones_.set(stripe_set).chunk];
  std::string text = fmt::format("  zone {}-{} elems {} locked {} devs", chunk.logical, chunk.logical + chunk.bytes - 1,
                                 zones_.elements(zone), zones_.locked(zone) ? 1 : 0);
  for (const DeviceIndex member : volume_.devices_of_set(stripe_set))
    text += fmt::format(" {}", volume_.devices()[member].devid);
  const DeviceIndex device = zones_.device_of(zone);
  if (zones_.current(device) == zone) {
    const BlockId next = zones_.next(device);
    const bool at_end = next >= zones_.set(stripe_set).end;
    text += at_end ? " curr at end" : fmt::format(" curr off {}", forest_.logical[next] - chunk.logical);
  }
  return text + "\n";
}

std::string Engine::dump_extent(BlockId block) const {
  const DeviceIndex device = extents_.scheduled_for(block);
  return fmt::format("  re: logical {} size {} for {}\n", forest_.logical[block], forest_.node_bytes,
                     device == no_device ? std::string("-1") : fmt::format("{}", volume_.devices()[device].devid));
}

std::string Engine::dump() const {
  constexpr int most_extents = 16;
  std::string text;
  for (DeviceIndex device = 0; device < zones_.devices(); ++device) {
    text += fmt::format("dev {} has {} in flight\n", volume_.devices()[device].devid, zones_.in_flight(device));
    int shown = 0;
    for (ZoneId zone = zones_.first_zone(device); zone < zones_.end_zone(device); ++zone) {
      if (!zones_.exists(zone)) continue;
      text += dump_zone(zone);
      const ZoneSet& set = zones_.set(zones_.stripe_set_of(zone));
      for (BlockId block = queued_.first_in(set.first, set.end); block < set.end && shown < most_extents;
           block = queued_.first_in(block + 1, set.end), ++shown)
        text += dump_extent(block);
    }
  }
  return text;
}

}  // namespace headway::reada
