// What reading stretches of a drive takes at the least: of a scrub, which leaves nothing out, and of file data.
//
// Claim. Whatever the order and the commands, each sector passes under the heads once at least, one after the other, so
//   time >= sum of sectors * the time in which one turns past + the least that going from track to track takes.
// Each track that holds anything is come to, so that the ways between tracks connect them all, and cost no less than
// the least tree that does: between cylinders the least seek (seek_floor.h) over each gap between neighbouring ones,
// since it never falls with distance; and for each further track of a cylinder the lesser of a head switch and the seek
// to the next one. Of drives without heads each byte goes over the link and out of its channel, and each page out of
// its die, on the average of them; of a constant drive at its rate.
//
// Where it is loose: no track's angle is waited for (in order each change of track costs its skew, a read of a
// scattered extent half a turn), no command costs anything, and of the second actuator the first 4 GiB count nothing (a
// read that begins on the first may end there).
#pragma once

#include <cstdint>
#include <span>

#include "models/drive/drive_model.h"

namespace headway {

struct ByteStretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// `stretches` ascend and are apart. O(n log n) in the tracks that they touch.
double stream_needs_s(const DriveModel& model, std::span<const ByteStretch> stretches);

}  // namespace headway
