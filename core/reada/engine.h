// The readahead engine of btrfs (Arne Jansen, "btrfs: initial readahead code and prototypes", v4, 2011-06-29).
//
// What it is about. Enumerating a B-tree in key order reads one block after the other, each from wherever copy-on-write
// has put it: one disk works, and it mostly seeks. The engine turns this round. It keeps the set of all blocks that are
// known to be wanted, and each device sweeps upwards through what it holds of it, zone by zone (a zone is one block
// group's share of a device), six reads at a time. When a node arrives, its children in the wanted key range join the
// set. While a device reads a zone, the zone's twins on the mirror devices are locked, so that the mirrors work on
// different parts. The price is memory for the frontier, and blocks arriving in no useful order.
//
// Order of decisions. The kernel runs the machine in workers, in parallel with completions. Here everything that
// follows from one event is done before the next: the hook, then the queued works one after the other, to the end.
// Devices take their turns in the order of devid (the kernel: the order of its device list).
//
// What is kept though it looks odd:
//  * Of an extent that several readaheads want, only the first one's upper key bound counts.
//  * Blocks in flight stay queued and counted. A device that sweeps over one of them, its own or a mirror's, gives up
//    its turn; if all turns of a round end so, the work ends with reads still to start.
//  * A zone that has been left empty and is made anew is unlocked, whatever its twin does.
//  * DUP: the second insertion into the device's tree fails, so nothing is read; more than two copies likewise. The
//    kernel then never frees the control of a readahead whose root is refused; here it is freed.
//  * 10,000 starts end a work, which then queues two others.
//  * A failed read cuts its branch; no other copy is tried.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/id_set.h"
#include "core/reada/extents.h"
#include "core/reada/settings.h"
#include "core/reada/zones.h"
#include "core/strategy.h"

namespace headway::reada {

class Engine final : public Strategy {
 public:
  Engine(const Context& context, const Settings& settings);

  void add(HandleId handle, const Range& range) override;
  void complete(const Read& read, int error) override;
  void wait(HandleId handle) override { put_control(handle); }
  void detach(HandleId handle) override { put_control(handle); }
  // As dump_devs: devices, their zones, and up to 16 queued extents each.
  std::string dump() const override;

  // For tests: what must be back at zero when all handles are finished.
  std::size_t live_controls() const;
  std::size_t live_records() const { return extents_.records(); }
  const Zones& zones() const { return zones_; }

 private:
  struct Control {
    Key start;
    Key end;
    std::uint64_t elements = 0;
    std::uint8_t references = 0;  // the caller's, and one for having elements
  };

  bool add_block(HandleId handle, BlockId block, PointerId pointer, PointerId top);
  bool refused(BlockId block) const;
  void hook(BlockId block, int error);
  void add_children(BlockId block, PointerId top);
  void end_records();
  void put_control(HandleId handle);
  void queue_work() { ++queued_works_; }
  void run_works();
  void run_work();
  std::uint32_t start_device(DeviceIndex device);
  Read read_of(BlockId block, DeviceIndex device) const;
  std::string dump_zone(ZoneId zone) const;
  std::string dump_extent(BlockId block) const;

  const Volume& volume_;
  const Forest& forest_;
  const Memory& memory_;
  Port& port_;
  const Settings settings_;
  Zones zones_;
  Extents extents_;
  IdSet queued_;                      // blocks whose extent exists
  std::vector<BlockId> straddling_;   // sorted: blocks that no single stripe holds whole
  std::vector<Control> controls_;     // by handle
  std::vector<Record> hooked_;        // the records of the block at hand; kept to spare the allocation
  std::uint64_t queued_works_ = 0;
};

}  // namespace headway::reada
