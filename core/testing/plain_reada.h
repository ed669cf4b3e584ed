// The readahead of 2011 a second time, as plainly as can be: for tests that hold the engine against it.
//
// Nothing is derived and nothing is fast here: objects with counted references in sorted maps by address, all devices
// asked in each round, every count kept by hand. It shares no code and no idea with the engine beyond the rules of the
// patch, so that what the engine derives (which zones exist, which devices need not be asked, what is queued) is checked.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/strategy.h"

namespace headway::testing {

class PlainReada final : public Strategy {
 public:
  explicit PlainReada(const Context& context)
      : volume_(context.volume), forest_(context.forest), memory_(context.memory), port_(context.port) {
    for (const auto& device : volume_.devices()) {
      (void)device;
      devices_.emplace_back();
    }
    for (BlockId b = 0; b < forest_.blocks(); ++b) block_at_[forest_.logical[b]] = b;
  }

  void add(HandleId handle, const Range& range) override {
    Control& control = controls_[handle];
    control = {range.start, range.end, 0, 2};
    const BlockId root = forest_.trees[range.tree].root;
    wanted(handle, forest_.logical[root], max_key, forest_.generation[root]);
    if (control.elements == 0) port_.finish(handle);
    ++works_;
    work_off();
  }

  void complete(const Read& read, int error) override {
    arrived(read.logical, error);
    ++works_;
    work_off();
  }

  bool empty() const {
    return extents_.empty() &&
           std::all_of(devices_.begin(), devices_.end(), [](const Disk& d) { return d.in_flight == 0; });
  }

 private:
  struct Zone;
  struct Disk {
    std::map<std::uint64_t, std::shared_ptr<Zone>> zones;  // by last byte
    std::map<std::uint64_t, std::uint64_t> extents;        // by address, to the same: present or not
    std::shared_ptr<Zone> current;
    std::uint64_t next = 0;
    int in_flight = 0;
  };
  struct Zone {
    std::uint64_t first_byte = 0;
    std::uint64_t last_byte = 0;
    std::uint64_t elements = 0;
    bool locked = false;
    std::size_t disk = 0;
    std::vector<std::size_t> disks;
    int references = 0;
  };
  struct Interest {
    HandleId handle = 0;
    std::uint64_t generation = 0;
  };
  struct Extent {
    std::uint64_t address = 0;
    Key top;
    std::list<Interest> interests;
    std::vector<std::shared_ptr<Zone>> zones;
    int scheduled_for = -1;
    int references = 0;
  };
  struct Control {
    Key start;
    Key end;
    std::uint64_t elements = 0;
    int references = 0;
  };

  void release(const std::shared_ptr<Zone>& zone) {
    if (--zone->references == 0) devices_[zone->disk].zones.erase(zone->last_byte);
  }

  std::shared_ptr<Zone> zone_for(std::size_t disk, std::uint64_t address, const Mapping& mapping) {
    auto& zones = devices_[disk].zones;
    const auto at = zones.lower_bound(address);
    if (at != zones.end() && address >= at->second->first_byte && address < at->second->last_byte) {
      ++at->second->references;
      return at->second;
    }
    const Chunk& chunk = volume_.chunks()[mapping.chunk];
    auto zone = std::make_shared<Zone>();
    zone->first_byte = chunk.logical;
    zone->last_byte = chunk.logical + chunk.bytes - 1;
    zone->disk = disk;
    for (std::size_t i = 0; i < mapping.copies; ++i) zone->disks.push_back(mapping.copy[i].device);
    zone->references = 1;
    zones[zone->last_byte] = zone;
    return zone;
  }

  void forget_element(const std::shared_ptr<Zone>& zone) {
    ++zone->references;
    if (--zone->elements == 0) release(zone);
    release(zone);
  }

  Extent* find_or_make(std::uint64_t address, const Key& top) {
    if (const auto at = extents_.find(address); at != extents_.end()) {
      ++at->second.references;
      return &at->second;
    }
    const Mapping mapping = volume_.map(address);
    const Chunk& chunk = volume_.chunks()[mapping.chunk];
    std::uint64_t length = std::min<std::uint64_t>(forest_.node_bytes, chunk.logical + chunk.bytes - address);
    if (chunk.profile != Profile::single)
      length = std::min(length, chunk.stripe_bytes - (address - chunk.logical) % chunk.stripe_bytes);
    if (length < forest_.node_bytes || mapping.copies > 2) return nullptr;
    Extent extent{.address = address, .top = top, .references = 1};
    for (std::size_t i = 0; i < mapping.copies; ++i) {
      auto zone = zone_for(mapping.copy[i].device, address, mapping);
      if (zone->elements++ == 0) ++zone->references;
      release(zone);
      extent.zones.push_back(zone);
    }
    for (std::size_t i = 0; i < mapping.copies; ++i) {
      if (devices_[mapping.copy[i].device].extents.emplace(address, address).second) continue;
      for (std::size_t j = 0; j < i; ++j) devices_[mapping.copy[j].device].extents.erase(address);
      for (auto zone = extent.zones.rbegin(); zone != extent.zones.rend(); ++zone) forget_element(*zone);
      return nullptr;
    }
    return &(extents_[address] = extent);
  }

  void release_extent(std::uint64_t address) {
    Extent& extent = extents_.at(address);
    if (--extent.references > 0) return;
    for (const auto& zone : extent.zones) devices_[zone->disk].extents.erase(address);
    const auto zones = extent.zones;
    extents_.erase(address);
    for (const auto& zone : zones) forget_element(zone);
  }

  void wanted(HandleId handle, std::uint64_t address, const Key& top, std::uint64_t generation) {
    Extent* extent = find_or_make(address, top);
    if (!extent) return;
    ++controls_[handle].elements;
    extent->interests.push_back({handle, generation});
  }

  void arrived(std::uint64_t address, int error) {
    const auto at = extents_.find(address);
    if (at == extents_.end()) return;
    ++at->second.references;
    const std::list<Interest> interests = std::exchange(at->second.interests, {});
    const int disk = std::exchange(at->second.scheduled_for, -1);
    const BlockId block = block_at_.at(address);
    if (error == 0) want_children(block, at->second.top, interests);
    for (const auto& interest : interests) {
      if (--controls_[interest.handle].elements == 0) port_.finish(interest.handle);
      release_extent(address);
    }
    release_extent(address);
    if (disk >= 0) --devices_[static_cast<std::size_t>(disk)].in_flight;
  }

  void want_children(BlockId block, const Key& top, const std::list<Interest>& interests) {
    const PointerId begin = forest_.first_pointer[block], end = forest_.first_pointer[block + 1];
    for (PointerId p = begin; p < end; ++p) {
      const Key upper = p + 1 < end ? forest_.key(p + 1) : top;
      for (const auto& interest : interests) {
        const Control& control = controls_[interest.handle];
        if (interest.generation == forest_.generation[block] && forest_.key(p) < control.end && upper > control.start)
          wanted(interest.handle, forest_.logical[forest_.child[p]], upper, forest_.child_generation[p]);
      }
    }
  }

  void lock_peers(const Zone& zone, bool lock) {
    for (const std::size_t disk : zone.disks) {
      const auto at = devices_[disk].zones.find(zone.last_byte);
      if (at != devices_[disk].zones.end() && at->second->disk != zone.disk) at->second->locked = lock;
    }
  }

  bool pick(std::size_t number) {
    Disk& disk = devices_[number];
    if (disk.current) {
      lock_peers(*disk.current, false);
      release(disk.current);
      disk.current = nullptr;
    }
    std::shared_ptr<Zone> best[2];  // unlocked, locked
    for (const auto& [last_byte, zone] : disk.zones) {
      auto& candidate = best[zone->locked];
      if (zone->elements > (candidate ? candidate->elements : 0)) candidate = zone;
    }
    disk.current = best[0] ? best[0] : best[1];
    if (!disk.current) return false;
    disk.next = disk.current->first_byte;
    ++disk.current->references;
    lock_peers(*disk.current, true);
    port_.zone(static_cast<DeviceIndex>(number), disk.current->first_byte);
    return true;
  }

  int turn(std::size_t number) {
    Disk& disk = devices_[number];
    if (!disk.current && !pick(number)) return 0;
    auto at = disk.extents.lower_bound(disk.next);
    if (at == disk.extents.end() || at->first >= disk.current->last_byte) {
      if (!pick(number)) return 0;
      at = disk.extents.lower_bound(disk.next);
    }
    if (at == disk.extents.end()) return 0;
    Extent& extent = extents_.at(at->first);
    const std::uint64_t address = extent.address;
    disk.next = address + forest_.node_bytes;
    if (extent.scheduled_for >= 0) return 0;
    extent.scheduled_for = static_cast<int>(number);
    ++disk.in_flight;
    const BlockId block = block_at_.at(address);
    const Mapping mapping = volume_.map(address);
    Read read{.block = block, .device = static_cast<DeviceIndex>(number), .level = forest_.level[block],
              .bytes = forest_.node_bytes, .logical = address};
    for (std::size_t i = mapping.copies; i-- > 0;) {
      if (mapping.copy[i].device != number) continue;
      read.mirror = static_cast<std::uint8_t>(i + 1);
      read.physical = mapping.copy[i].physical;
    }
    if (memory_.holds(block)) {
      port_.hit(read);
      arrived(address, 0);
    } else {
      port_.issue(read);
    }
    return 1;
  }

  void work_off() {
    for (; works_ > 0; --works_) {
      int started = 0;
      int total = 0;
      do {
        started = 0;
        for (std::size_t d = 0; d < devices_.size(); ++d) {
          if (devices_[d].in_flight < 6) started += turn(d);
        }
        total += started;
      } while (started > 0 && total < 10000);
      if (started > 0) works_ += 2;
    }
  }

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  std::map<std::uint64_t, BlockId> block_at_;
  std::vector<Disk> devices_;
  std::map<std::uint64_t, Extent> extents_;
  std::map<HandleId, Control> controls_;
  int works_ = 0;
};

}  // namespace headway::testing
