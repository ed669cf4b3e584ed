// Zones: what one device holds of one block group, how much of it is queued, and which one the device is reading.
//
// A zone exists while something in it is queued or its device reads it, as in the kernel, where that is a reference
// count; here it is derived (`exists`). A zone's blocks are a run of block ids (see core/forest.h), the same for all
// devices of a stripe set, so the queue itself is one set of ids for all zones.
#pragma once

#include <cstdint>
#include <vector>

#include "core/forest.h"
#include "core/id_set.h"
#include "core/read.h"
#include "core/reada/settings.h"
#include "core/reada/zone_picks.h"
#include "core/volume.h"

namespace headway::reada {

// A stripe set of the volume as its zones share it.
struct ZoneSet {
  BlockId first = 0;  // its blocks: [first, end)
  BlockId end = 0;
  std::uint32_t chunk = 0;
  std::uint8_t copies = 0;
  bool on_one_device = false;  // DUP
  ZoneId zone[headway::max_copies] = {no_zone, no_zone, no_zone, no_zone};  // by mirror number - 1; equal for DUP
};

class Zones {
 public:
  Zones(const Volume& volume, const Forest& forest, const Settings& settings);

  const ZoneSet& set(std::uint32_t stripe_set) const { return sets_[stripe_set]; }
  std::uint32_t devices() const { return static_cast<std::uint32_t>(devices_.size()); }

  // A block of the set was queued, or left the queue: counted on every copy's zone.
  void count_up(std::uint32_t stripe_set);
  void count_down(std::uint32_t stripe_set);

  // The device leaves its zone, if it has one, and goes to the best of those with elements; false if none has.
  // Announces the zone to `port`.
  bool pick(DeviceIndex device, const IdSet& queued, Port& port);

  bool reading(DeviceIndex device) const { return devices_[device].current != no_zone; }
  const ZoneSet& current_set(DeviceIndex device) const { return sets_[set_of_[devices_[device].current]]; }
  // The read pointer: the block id from which the sweep goes on.
  BlockId next(DeviceIndex device) const { return devices_[device].next; }
  void set_next(DeviceIndex device, BlockId next) { devices_[device].next = next; }

  std::uint32_t in_flight(DeviceIndex device) const { return devices_[device].in_flight; }
  void start_read(DeviceIndex device);
  void end_read(DeviceIndex device);
  // Devices at which a turn can change anything: below the bound, and with a zone to read or to leave. The kernel asks
  // all devices, each round; those left out here would answer without a trace.
  const IdSet& worth_asking() const { return worth_asking_; }

  // For picks and the state dump.
  ZoneId first_zone(DeviceIndex device) const { return first_zone_[device]; }
  ZoneId end_zone(DeviceIndex device) const { return first_zone_[device + 1u]; }
  ZoneId current(DeviceIndex device) const { return devices_[device].current; }
  bool exists(ZoneId zone) const { return elements_[zone] > 0 || devices_[device_of_[zone]].current == zone; }
  std::uint32_t elements(ZoneId zone) const { return elements_[zone]; }
  bool locked(ZoneId zone) const { return locked_[zone]; }
  // The device's pick, by number, at which it last left the zone; 0: never.
  std::uint64_t left_at_pick(ZoneId zone) const { return left_at_pick_[zone]; }
  std::uint32_t stripe_set_of(ZoneId zone) const { return set_of_[zone]; }
  DeviceIndex device_of(ZoneId zone) const { return device_of_[zone]; }

 private:
  struct DeviceState {
    ZoneId current = no_zone;
    BlockId next = 0;
    std::uint32_t in_flight = 0;
    std::uint32_t zones_with_elements = 0;
  };

  void lock_peers(ZoneId zone, bool lock);
  void update_worth_asking(DeviceIndex device);

  const Volume& volume_;
  const Settings settings_;
  std::vector<ZoneSet> sets_;
  std::vector<ZoneId> first_zone_;           // by device, and one past the last
  std::vector<std::uint32_t> elements_;      // by zone, from here on
  std::vector<std::uint8_t> locked_;
  std::vector<std::uint32_t> set_of_;
  std::vector<DeviceIndex> device_of_;
  std::vector<std::uint64_t> left_at_pick_;
  std::uint64_t picks_ = 0;
  std::vector<DeviceState> devices_;
  IdSet worth_asking_;
};

}  // namespace headway::reada
