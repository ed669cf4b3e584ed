// What reading whole stretches of a drive takes at the least: of a scrub, which leaves nothing out.
//
// Claim. Whatever the order and the commands, each sector passes under the heads once at least, one after the other, so
//   time >= sum of sectors * the time in which one turns past + the least that changing tracks takes,
// which is (cylinders - 1) times the least seek and (tracks - cylinders) times the lesser of that and a head switch,
// since each track that holds anything is come to (where tracks lie in bands, all changes count as the lesser). Of drives without heads each byte goes over the link and out of its
// channel, and each page out of its die, on the average of them; of a constant drive at its rate.
//
// Where it is loose: no track's angle is waited for (in order each change of track costs its skew), no command costs
// anything, and of the second actuator the first 4 GiB count nothing (a read that begins on the first may end there).
#pragma once

#include <cstdint>
#include <span>

#include "models/drive/drive_model.h"

namespace headway {

struct ByteStretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// `stretches` ascend and are apart. O(tracks).
double stream_needs_s(const DriveModel& model, std::span<const ByteStretch> stretches);

}  // namespace headway
