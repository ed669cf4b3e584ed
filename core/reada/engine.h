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
//  * starts_per_work (10,000) starts end a work, which then queues two others.
//  * A failed read cuts its branch; no other copy is tried.
//
// Where the kernel gives up (BUG() when a work cannot be allocated) a run with failing allocations goes on: an add()
// whose control, first extent or work cannot be had finishes at once; a block whose extent or record cannot be had is
// left out with its branch; a completion finds the one work that is kept in reserve, since other readaheads live by it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/id_set.h"
#include "core/reada/controls.h"
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
  void wait(HandleId handle) override { put_handle(handle); }
  void detach(HandleId handle) override { put_handle(handle); }
  double restart_interval_s() const override { return settings_.restart_interval_s; }
  void restart() override;
  bool idle_class() const override { return settings_.idle_class; }
  void set_stepped() override { stepped_ = true; }
  bool start_work(std::uint32_t& work) override;
  bool step_work(std::uint32_t work, StepCost& cost) override;
  // As dump_devs: devices, their zones, and up to 16 queued extents each.
  std::string dump() const override;
  std::vector<std::string> left_out() const override;

  // For tests: what must be back at zero when all handles are finished.
  std::size_t live_controls() const { return controls_.live(); }
  std::size_t live_records() const { return extents_.records(); }
  const Zones& zones() const { return zones_; }

 private:
  // A run of the machine: where it stands in its round over the devices, and what it has started.
  struct Work {
    std::uint32_t next_device = 0;
    std::uint32_t started = 0;  // in this round
    std::uint32_t total = 0;    // in the rounds before
    DeviceIndex submitting = no_device;
    bool running = false;
  };

  // Why a block is not read ahead, or a branch is cut.
  enum class Refusal : std::uint8_t { none, many_copies, one_device, straddling, no_memory, other_generation, failed };
  static constexpr std::size_t refusals = 7;

  bool add_block(ControlId control, BlockId block, PointerId pointer, PointerId top);
  Refusal refusal(BlockId block) const;
  void count(Refusal refusal) { ++left_out_[static_cast<std::size_t>(refusal)]; }
  DeviceIndex hook(BlockId block, int error);
  void prefetch(BlockId block) const;
  void add_children(BlockId block, PointerId top);
  void start_again(ControlId control, BlockId block, PointerId top);
  void drop_element(ControlId control);
  void end_records();
  void put_handle(HandleId handle);
  bool out_of_memory() { return memory_faults_ && memory_faults_->strike(); }
  void start_machine();
  void run_works();
  // One turn of the next device; false when the work is at its end.
  bool turn(Work& work, StepCost& cost);
  bool end_of_round(Work& work);
  void requeue(const Work& work);
  bool start_device(DeviceIndex device, Work& work, StepCost& cost);
  Read read_of(BlockId block, DeviceIndex device) const;
  void coalesce(Read& read, DeviceIndex device);
  void ask(const Read& read, DeviceIndex device, StepCost& cost);
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
  Controls controls_;
  MemoryFaults* memory_faults_;
  std::array<std::uint64_t, refusals> left_out_{};  // by Refusal: how often
  std::vector<Record> hooked_;        // the records of the block at hand; kept to spare the allocation
  std::vector<Work> works_;           // taken up; slots are used again
  std::uint64_t queued_works_ = 0;
  std::uint32_t running_works_ = 0;
  bool stepped_ = false;
};

}  // namespace headway::reada
