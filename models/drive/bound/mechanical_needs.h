// What blocks need of heads over turning platters at the least: of one actuator.
//
// Claim. Let blocks be read, in whatever order, by whatever commands, from date 0 on. Each block's sectors pass under
// the heads once, one after the other, in the pass that brings them (its own read's, a merged read's or read-ahead's).
// These passes do not overlap; let a, b, ... be the blocks in the order of their passes. Then
//   time >= first(a) + sum of pass(x) + sum over neighbours (a, b) of gap(a, b) + tail.
//  * pass(x) is exact: a run of sectors turns under the heads, and at the end of a track the heads go on and wait.
//  * gap(a, b), from the end of a's last sector to the start of b's first: its length is fixed by the platters' angle
//    but for whole turns, since both are at places of the platter; idling only adds turns. And it is at least what the
//    heads need from a's track to b's, by any detour (seek_floor.h). Unless b follows a in one command or by
//    read-ahead, another command stands between them: the end of a's (the last sector on the bus, completion) and the
//    overhead of b's come before the seek. So gap(a, b) is the first date of the right angle after overhead and seek,
//    or, of blocks of which a lies before b, the time in which the heads pass on from the one to the other, if that is
//    less.
//  * Read-ahead loosens it. A block that lies so close behind another (wanted or not) that the buffer may have read it
//    ahead may have passed while a command ended or began: no overhead is certain behind it. And behind any block the
//    heads may have gone on to the next tracks before the next seek begins: such tracks are places that the heads may
//    leave from, at the date when read-ahead gets there.
//  * first(a): overhead, seek from cylinder 0, and the angle at which the platters stand at date 0.
//  * tail: the last sector on the bus and the completion.
// The order is nobody's to know, so each block is charged the least gap before it from any other block's end, and the
// first the least that it costs instead: cost(x) = pass(x) + least gap, opening = least of first(x) - least gap(x), +
// tail. Of few blocks every order is tried instead (dynamic programming over sets and last blocks, M. Held, R. Karp,
// "A dynamic programming approach to sequencing problems", J. SIAM 10(1), 1962).
//
// The least gap is searched for outwards from b's cylinder, each track's ends sorted by angle, and the search ends
// where the seek alone takes longer than the best found; beyond a number of tracks the seek stands for all the rest.
//
// Where it is loose:
// - Angles have a slack of four millionths of a turn, as the drive's own arithmetic has one; on drives with slipped
//   sectors, over which a run steps in no time, as many sectors as a track has slipped ones.
// - A drive with zero latency has no fixed angle at which a pass begins: rotation counts for nothing there, nor do
//   overheads but the first.
// - Sectors that two blocks share (a node that straddles the end of its stripe) count once.
#pragma once

#include "models/drive/bound/drive_needs.h"
#include "models/drive/bound/seek_floor.h"

namespace headway {

class MechanicalNeeds {
 public:
  // Of the actuator whose first address is `begin_byte`.
  MechanicalNeeds(const MechanicalModel& model, double phase, std::uint64_t begin_byte,
                  std::span<const WantedCopy> copies);

  // Of a copy: pass and least gap.
  float cost_s(std::size_t copy) const;
  double opening_s() const { return opening_s_; }
  float alone_s(std::size_t copy) const;
  // By set of blocks: the least over every order and copy.
  std::vector<double> sets_s(std::span<const std::uint32_t> block, std::size_t blocks) const;

 private:
  // A block's pass: where it begins and ends. `first` == `end`: nothing of it is its own.
  struct TrackPlace {
    std::uint32_t cylinder = 0, head = 0;
    auto operator<=>(const TrackPlace&) const = default;
  };
  struct Pass {
    std::uint64_t first = 0, end = 0;  // sectors
    TrackPlace from, to;               // where it begins and ends
    double turn = 0, end_turn = 0;     // the angles there
    double pass_s = 0;
    double delay_s = 0;  // what is certain behind it before a seek begins
    bool near = false;   // read-ahead may have the beginning of it
    float gap_s = 0;     // the least before it
  };
  // A date at which heads leave a track: at a block's end, or where read-ahead took them from there.
  struct Departure {
    double turn = 0;  // at which the seek begins
    double delay_s = 0;
    std::uint32_t pass = 0;
  };
  struct Departures {
    void add(const TrackPlace& place, const Departure& one);

    struct Track {
      TrackPlace place;
      std::uint32_t begin = 0, end = 0;  // in `all`
    };
    std::vector<Departure> all;
    std::vector<Track> tracks;  // of which one may be met again
  };
  using Track = Departures::Track;
  // A sector and its place, from which those shortly behind it are found sooner.
  struct Cursor {
    std::uint64_t sector = 0;
    SectorPlace place;
  };

  void make_passes(std::span<const WantedCopy> copies, Departures& ahead);
  Pass pass_of(const WantedCopy& copy, std::uint64_t free_from, Cursor& cursor) const;
  void run(Pass& pass, Cursor& cursor) const;
  const SectorPlace& go(Cursor& cursor, std::uint64_t sector) const;
  double wait_s(double from_turn, double to_turn) const;
  double move_s(const TrackPlace& from, const TrackPlace& to) const;
  double read_on_s(const Pass& a, const Pass& b, Cursor cursor) const;
  bool may_interleave(const Pass& pass) const;
  double first_s(const Pass& pass) const;
  double gap_s(const TrackPlace& place, const Departure& from, const Pass& to) const;
  void add_departures(std::uint32_t index, Cursor cursor, Departures& own, Departures& ahead) const;
  void sort_departures(const Departures& ahead);
  void look_on(const Track& track, std::uint32_t index, double& least_s) const;
  double least_gap_s(std::uint32_t index) const;

  const MechanicalModel& model_;
  const std::uint64_t begin_byte_;
  const double phase_;
  SeekFloor floor_;
  double slack_turns_;
  double overhead_s_;  // between the end of a pass and the seek of the next command
  double tail_s_;
  double longest_gap_s_;  // the longest seek, a turn and what stands before them: no gap need be longer
  std::vector<Pass> passes_;
  Departures departures_;  // tracks ascend, and by turn what leaves each of them
  double opening_s_ = 0;
};

}  // namespace headway
