// Where the time went that a run took beyond its bound: taken from its trace when it is over, so that the run pays
// nothing for it.
//
// Each device's time, from 0 to the end of the run, falls into parts that add up to it (time_parts):
//   * With a read at the device: moving the head, waiting for the platter, and all else that service takes. Of a drive
//     that serves several reads at once, and so moves and transfers longer than there are reads at it, the parts are
//     shortened alike.
//   * Without one, moment by moment, by what is left to read there. A block is wanted until the last read of it is
//     asked for, and not while it is in memory or on its way. Nothing that is wanted has a copy here: imbalance, as
//     long as some other device works. Something has, but no node that points at it has come: no block is known. Else
//     known blocks are held back: by a cap of reads in flight, by locks, or by a reader who thinks or has not begun.
//     The trace does not tell these apart; but a moment at which, by the costs that the scenario charges for, somebody
//     computes goes to the CPU.
// The gap is the mean over the devices, less the bound (gap_of): the bound is filled with the parts in the order of
// GapPart, and what it leaves of each is the gap's. So the parts are never negative, and add up to elapsed - bound.
//
// Simplifications. What was read was wanted: a policy's by-catch, which nobody wanted, makes some of the imbalance look
// like a want of known blocks. A policy that asks for a block, alone, before a node that points at it is there knows
// more than the tree tells, and so all from the start. The bound does not say what it consists of: where it reckons
// with rotation, the figure shows less movement and more rotation beyond it than there is. Workers of the CPU take what
// has come in its order; they may have other things to do before.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"

namespace headway {

// In the order in which the bound takes them: what nobody can do without first.
enum class GapPart : std::uint8_t { transfer, seek, rotation, imbalance, unknown, held_back, cpu };
struct NamedGapPart {
  GapPart part;
  std::string_view name;
};
inline constexpr std::array<NamedGapPart, 7> gap_parts = {{{GapPart::transfer, "transfers, overheads"},
                                                           {GapPart::seek, "movement"},
                                                           {GapPart::rotation, "rotation"},
                                                           {GapPart::imbalance, "imbalance of copies"},
                                                           {GapPart::unknown, "no block known"},
                                                           {GapPart::held_back, "held back"},
                                                           {GapPart::cpu, "CPU"}}};

// Seconds by part.
class GapParts {
 public:
  double& operator[](GapPart part) { return s_[static_cast<std::size_t>(part)]; }
  double operator[](GapPart part) const { return s_[static_cast<std::size_t>(part)]; }
  double sum() const;

 private:
  std::array<double, gap_parts.size()> s_{};
};

// What the scenario charges for (sim/engine/cpu_model.h): nothing without workers.
struct CpuCosts {
  std::uint32_t workers = 0;
  double issue_s = 0;          // a read asked for
  double hook_s = 0;           // a block looked through
  double hook_s_per_item = 0;  // and for each of its pointers
};

// By device, in the order of volume.devices(). O((events + pointers) log blocks); 9 bytes a block. Throws InputError
// for a trace that cannot be read, that does not belong to the layout, that goes on after elapsed_s, or whose drives do
// not tell where their time goes.
std::vector<GapParts> time_parts(const std::filesystem::path& trace, const Volume& volume, const Forest& forest,
                                 double elapsed_s, const CpuCosts& cpu);

struct Gap {
  double elapsed_s = 0;
  double bound_s = 0;
  GapParts parts;  // elapsed_s - bound_s
};

// Preconditions: each device's parts add up to elapsed_s; 0 <= bound_s <= elapsed_s; some device.
Gap gap_of(std::span<const GapParts> devices, double elapsed_s, double bound_s);

// "2.32 s = bound 0.74 + movement 0.51 + ...": in the unit of the first, without parts that round to nothing.
std::string gap_text(const Gap& gap);

}  // namespace headway
