// A drive from a log of its response times: what `headway drive fit` does.
//
// In this order, each step with what those before it told: which requests the buffer served, by where response times
// crowd (observed.h); the rotation period and the track lengths, by the platters' angle (phase.h); overheads and the
// seek curve, by the edges between which a turning platter spreads response times (positioning.h); when the drive reads
// ahead and what its buffer holds (buffer_rules.h). The drive is then a parameter file like any other (drive_file.h).
//
// The first half of the log alone makes a drive that must predict the second (holdout.h); the drive that is written
// comes from all of the log.
//
// Simplifications, and what they cost:
// - Commands that the drive reorders tell where the heads are, not how long they take: those are used that found it
//   idle. Those that it served in order behind others count from the end of the one before; a drive that hides part of
//   its overhead behind another command's transfer then seems quicker by that.
// - Overheads are constants of an operation; what the host adds is part of them.
// - A log that shows no angle leaves tracks of one length, whose mean is told by how much longer large requests take.
// - Whether the bus is hidden behind the media is told where the angle tells track lengths; else it counts as hidden,
//   and a bus that is not makes the tracks too short by its share of a sector's time.
// - Which tracks make a cylinder is not found: a drive without --surfaces has one surface (or as few as its tracks
//   need), and its seek curve counts tracks. Distances and times between addresses are the same either way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "models/drive/fit/buffer_rules.h"
#include "models/drive/fit/observed.h"
#include "models/drive/fit/phase.h"
#include "models/drive/fit/positioning.h"
#include "models/request_log/request_log.h"

namespace headway::fit {

struct FitOptions {
  std::string name;                             // of the drive
  std::optional<double> rpm;                    // as the user knows it; the angle makes it finer
  std::optional<std::uint64_t> capacity_bytes;  // none: up to the highest address of the log
  std::uint64_t reach_bytes = 0;                // without a capacity: the drive has at least these
  std::optional<std::uint32_t> surfaces;        // none: the log does not tell them
  std::uint32_t sector_bytes = 512;
};

// All that a log told.
struct Findings {
  Observations seen;
  std::optional<Revolution> angle;  // none: the log shows none
  std::vector<TrackZone> zones;     // of the angle, or one of the edges; never empty
  bool zones_told = false;          // by the angle
  Positioning heads;
  BufferRules buffer;
  std::uint64_t sectors = 0;  // of the drive
};

// `log`: of one_at_a_time(). Throws InputError where it does not tell enough, saying what is missing, and where its
// dates show another rotation than `options.rpm`.
Findings find_all(const RequestLog& log, const FitOptions& options);

}  // namespace headway::fit
