#include "core/reada/zones.h"

#include <algorithm>
#include <cassert>

namespace headway::reada {

Zones::Zones(const Volume& volume, const Forest& forest, const Settings& settings)
    : volume_(volume),
      settings_(settings),
      sets_(volume.stripe_set_count()),
      devices_(volume.devices().size()),
      worth_asking_(static_cast<std::uint32_t>(volume.devices().size())) {
  BlockId block = 0;
  std::vector<std::vector<std::uint32_t>> sets_of_device(devices_.size());
  for (std::uint32_t s = 0; s < sets_.size(); ++s) {
    ZoneSet& set = sets_[s];
    set.first = block;
    while (block < forest.blocks() && forest.stripe_set[block] == s) ++block;
    set.end = block;
    set.chunk = volume.chunk_of_set(s);
    const auto members = volume.devices_of_set(s);
    set.copies = static_cast<std::uint8_t>(members.size());
    set.on_one_device = members.size() > 1 && members[0] == members[1];
    if (set.first == set.end) continue;  // nothing to queue there, ever
    for (const DeviceIndex device : members) {
      if (sets_of_device[device].empty() || sets_of_device[device].back() != s) sets_of_device[device].push_back(s);
    }
  }
  for (DeviceIndex device = 0; device < devices_.size(); ++device) {
    first_zone_.push_back(static_cast<ZoneId>(set_of_.size()));
    for (const std::uint32_t s : sets_of_device[device]) {
      const auto members = volume.devices_of_set(s);
      for (std::size_t copy = 0; copy < members.size(); ++copy) {
        if (members[copy] == device) sets_[s].zone[copy] = static_cast<ZoneId>(set_of_.size());
      }
      set_of_.push_back(s);
      device_of_.push_back(device);
    }
  }
  first_zone_.push_back(static_cast<ZoneId>(set_of_.size()));
  elements_.resize(set_of_.size());
  locked_.resize(set_of_.size());
  left_at_pick_.resize(set_of_.size());
}

void Zones::count_up(std::uint32_t stripe_set) {
  const ZoneSet& set = sets_[stripe_set];
  for (int copy = 0; copy < set.copies; ++copy) {
    const ZoneId zone = set.zone[copy];
    if (elements_[zone]++ > 0) continue;
    DeviceState& device = devices_[device_of_[zone]];
    if (device.current != zone) locked_[zone] = false;  // the zone is made anew, and a new one is unlocked
    ++device.zones_with_elements;
    update_worth_asking(device_of_[zone]);
  }
}

void Zones::count_down(std::uint32_t stripe_set) {
  const ZoneSet& set = sets_[stripe_set];
  for (int copy = 0; copy < set.copies; ++copy) {
    const ZoneId zone = set.zone[copy];
    assert(elements_[zone] > 0);
    if (--elements_[zone] > 0) continue;
    --devices_[device_of_[zone]].zones_with_elements;
    update_worth_asking(device_of_[zone]);
  }
}

void Zones::lock_peers(ZoneId zone, bool lock) {
  if (!settings_.peer_lock) return;
  const ZoneSet& set = sets_[set_of_[zone]];
  for (int copy = 0; copy < set.copies; ++copy) {
    const ZoneId peer = set.zone[copy];
    // Only a peer that exists at this moment: one that is made later starts unlocked even while its twin is read.
    if (peer != zone && exists(peer)) locked_[peer] = lock;
  }
}

bool Zones::pick(DeviceIndex device, const IdSet& queued, Port& port) {
  DeviceState& state = devices_[device];
  if (state.current != no_zone) {
    lock_peers(state.current, false);
    left_at_pick_[state.current] = ++picks_;
  }
  const ZoneId unlocked = settings_.zone_pick->choose(*this, device, false, queued);
  state.current = unlocked != no_zone ? unlocked : settings_.zone_pick->choose(*this, device, true, queued);
  update_worth_asking(device);
  if (state.current == no_zone) return false;
  state.next = current_set(device).first;
  lock_peers(state.current, true);
  port.zone(device, volume_.chunks()[current_set(device).chunk].logical);
  return true;
}

void Zones::start_read(DeviceIndex device) {
  ++devices_[device].in_flight;
  update_worth_asking(device);
}

void Zones::end_read(DeviceIndex device) {
  assert(devices_[device].in_flight > 0);
  --devices_[device].in_flight;
  update_worth_asking(device);
}

void Zones::update_worth_asking(DeviceIndex device) {
  const DeviceState& state = devices_[device];
  if (state.in_flight < settings_.max_in_flight && (state.current != no_zone || state.zones_with_elements > 0))
    worth_asking_.insert(device);
  else
    worth_asking_.erase(device);
}

}  // namespace headway::reada
