// What the platters' angle tells: when a request ends, its last sector has just gone by, so the dates of two ends tell
// how far apart the two sectors lie around the track, up to whole revolutions.
//
// Requests that end near each other on the same track are a clock: the dates between their ends are whole revolutions
// and a known part of one. The frequency at which all such pairs agree is that of the spindle; the same pairs, farther
// apart, then say how many sectors a track has. Nothing of it needs to know how the heads move.
//
// It takes a log whose dates are those of the drive: a log that was put together from durations on a coarse clock, or
// whose ends are the host's and late by more than a tenth of a revolution, shows no angle, and says so (coherence).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace headway::fit {

// The end of a request at the media: its date, the address behind its last sector.
struct MediaEnd {
  double end_s = 0;
  std::uint64_t sector = 0;
};

struct Revolution {
  double s = 0;
  double error_s = 0;
  double coherence = 0;  // 0: dates have nothing to do with angles, 1: they agree to the last bit
  std::size_t pairs = 0;
};

// `ends` in the order of time; the revolution is looked for within `share` of `about_s`. Nothing when there are too few
// pairs or no frequency at which they agree.
std::optional<Revolution> find_revolution(const std::vector<MediaEnd>& ends, double about_s, double share);

// Tracks of one length, from an address on.
struct TrackZone {
  std::uint64_t first_sector = 0;
  double sectors_per_track = 0;
  double error = 0;       // of sectors_per_track
  std::size_t pairs = 0;  // that tell it
};

struct Layout {
  Revolution revolution;         // made finer
  std::vector<TrackZone> zones;  // from the outermost inwards, track lengths fall; empty when the pairs do not tell
};

Layout find_layout(const std::vector<MediaEnd>& ends, Revolution revolution);

}  // namespace headway::fit
