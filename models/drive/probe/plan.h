// Which reads tell a drive's parameters, one after the other, without an end.
//
// What each kind of read is for (`drive fit` finds the parameters):
//  * a place that is come back to at intervals that double: its ends are whole revolutions apart, which makes the
//    rotation period finer the farther apart they are. First block by block backwards, so that no buffer has it; then
//    at random on either side, so that the same ends tell the track's length;
//  * steps back over the neighbouring tracks: track lengths;
//  * reads a little ahead of where the drive reads ahead: its heads are on the track, coming there, and the first
//  sector
//    is just caught or just missed: what a read costs whose heads need not move. (Backwards it cannot be told: until a
//    sector behind comes by again, a drive that reads ahead has passed the end of the track.);
//  * random places over the whole drive, and distances drawn evenly over their logarithm: the seek curve;
//  * runs in sequence: what the drive reads ahead, and what a hit costs;
//  * large reads: rates by zone.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>

namespace headway::probe {

struct PlannedRead {
  std::uint64_t offset_bytes = 0;
  std::uint32_t bytes = 0;
  double pause_s = 0;  // before it, after the end of the one before
};

class Plan {
 public:
  // `drive_bytes`: at least least_drive_bytes; reads are multiples of block_bytes, at multiples of it.
  Plan(std::uint64_t drive_bytes, std::uint32_t block_bytes, std::uint64_t seed);

  PlannedRead next();

  static constexpr std::uint64_t least_drive_bytes = std::uint64_t{16} << 20;
  static constexpr std::uint32_t most_read_bytes = std::uint32_t{1} << 20;

 private:
  struct Revisit {
    std::uint64_t offset_bytes = 0;
    int times = 0;
  };

  void plan_more();
  void plan_place();
  void plan_steps_back();
  void plan_distance();
  void plan_just_ahead();
  void plan_run();
  void plan_anywhere();
  void put(std::uint64_t offset_bytes, std::uint32_t bytes);

  double part();
  std::uint64_t random_offset();
  std::uint32_t random_size();

  std::uint64_t drive_bytes_;
  std::uint32_t block_bytes_;
  std::mt19937_64 random_;
  std::deque<PlannedRead> planned_;
  std::multimap<std::uint64_t, Revisit> due_;  // by the number of the read from which on it is its turn
  std::uint64_t count_ = 0;
  std::uint64_t end_ = 0;  // of the last that was planned
};

}  // namespace headway::probe
