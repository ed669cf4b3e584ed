// What a drive was doing, moment by moment: the service of each read taken apart.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "results/trace/traced_reads.h"

namespace headway {

enum class Phase : std::uint8_t { overhead, seek, rotation, transfer };
inline constexpr std::array<std::string_view, 4> phase_names = {"overhead", "seek", "rotation", "transfer"};

struct PhaseSpan {
  Phase phase;
  double from_s, to_s;
};

// The phases of one read's service, back to back up to its end; where a phase took no time its span is empty. The
// overhead (command, bus) is what the others leave, and is put first.
// Of a read of which the drive told nothing all are empty, at its end.
inline std::array<PhaseSpan, 4> phases_of(const TracedRead& read) {
  if (!read.is_told()) {
    const double end = read.end_s;
    return {{{Phase::overhead, end, end}, {Phase::seek, end, end}, {Phase::rotation, end, end},
             {Phase::transfer, end, end}}};
  }
  const double transfer = read.end_s - read.transfer_s, rotation = transfer - read.rotation_s;
  const double seek = rotation - read.seek_s, start = std::min(read.start_s(), seek);
  return {{{Phase::overhead, start, seek},
           {Phase::seek, seek, rotation},
           {Phase::rotation, rotation, transfer},
           {Phase::transfer, transfer, read.end_s}}};
}

}  // namespace headway
