// What blocks need of a drive at the least: times that no order of reads, no queue and no merging of reads beats.
//
// A drive is one or several machines (actuators) that each do one thing at a time, or as much as one after the other
// would take (channels, dies, the link: shared_needs.h). Of each copy the figures say which machine has it and what it
// costs that at the least; a machine that is used at all takes its opening beside the sum of its costs:
//   time of the machine >= opening + sum over the copies that it reads of their costs.
// A drive may have several such reckonings, each of which holds by itself: of the controller, of the dies, ...
//
// What holds for all: reads only, of whole blocks, several adjacent ones in one command if somebody wants, gaps between
// them read over; commands at any date. Not writes: what a write-back cache brings to the media moves the heads
// unasked. Faults only delay or fail reads; they are not known here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/drive/drive_model.h"
#include "models/drive/queue_spec.h"

namespace headway {

// A copy of a wanted block. `before`: the end of the block that lies before it on the drive, wanted or not (0: none),
// behind which a read of it may go on. `may_go_on`: it, or some block before it that a read could begin with and reach
// it, begins where another ends.
struct WantedCopy {
  std::uint64_t offset_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t before = 0;
  bool may_go_on = false;
};

struct Reckoning {
  std::vector<float> cost_s;      // by copy, rounded down; what is negative is lost
  std::vector<double> opening_s;  // by machine
};

struct DriveNeeds {
  std::size_t machines = 1;
  std::vector<std::uint8_t> machine;  // by copy
  std::vector<Reckoning> reckonings;  // the same number for every drive of one kind
  std::vector<float> alone_s;         // by copy: from when it is asked for until it is there
};

// `copies` ascend by offset. `phase`: the platters' angle at date 0, in revolutions. O(n log n) in copies.
DriveNeeds drive_needs(const DriveModel& model, const QueueSpec& queue, double phase,
                       std::span<const WantedCopy> copies);

// Of few blocks, more exactly: what each machine needs for each set of them. `block` says whose each copy is, below
// `blocks`; sets are bits. By machine, by set.
std::vector<std::vector<double>> drive_needs_of_sets(const DriveModel& model, const QueueSpec& queue, double phase,
                                                     std::span<const WantedCopy> copies,
                                                     std::span<const std::uint32_t> block, std::size_t blocks);

}  // namespace headway
