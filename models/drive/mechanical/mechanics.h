// Heads over turning platters: where they are, how long they take to a sector, how long they take to read on.
//
// The platters turn through idle time: the angle is a function of the date. A read takes a seek (and, at another head,
// a head switch at the same time: the longer of both counts, as in DiskSim 4.0), waits until the first sector comes
// by, and passes its sectors; at the end of a track it switches head or steps a cylinder and waits again.
//
// Simplifications:
// - Reads begin in the middle of their own sectors only where the model says so ("zero latency"). Of a drive that does
//   it unsaid, a read of a tenth of a track takes up to a twentieth of a revolution less.
// - No recalibration, no retries, no variation of the spindle's speed: a real drive has them rarely (under 0.1 % of
//   reads) and they show in the tail only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "models/drive/mechanical/mechanical_model.h"

namespace headway {

// What a command does on the media.
struct MediaAccess {
  double seek_s = 0;
  double rotation_s = 0;  // until the first sector
  double transfer_s = 0;  // from there until the last one has passed, switches of track included
  double media_end_s = 0;
  double bus_end_s = 0;  // when the host has the last sector
  // The last track that it passed over: the first address there, and its place.
  std::uint64_t last_run = 0;
  SectorPlace last_place;
};

class Mechanics {
 public:
  // `phase`: the platters' angle at date 0, in revolutions.
  Mechanics(const MechanicalModel& model, double phase)
      : model_(&model), phase_(phase), revolution_s_(model.revolution_s), turns_per_s_(1 / model.revolution_s) {}

  std::uint32_t cylinder() const { return cylinder_; }
  std::uint32_t head() const { return head_; }

  double angle(double at_s) const { return fraction(at_s * turns_per_s_ + phase_); }

  double seek_s(std::uint32_t cylinder, std::uint32_t head) const {
    const std::uint32_t distance = cylinder > cylinder_ ? cylinder - cylinder_ : cylinder_ - cylinder;
    const double seek = model_->seek_s[distance];
    return head == head_ ? seek : std::max(seek, model_->head_switch_s);
  }

  // From `at_s` until the given angle comes by.
  double rotation_s(double to_angle, double at_s) const {
    const double wait = fraction(to_angle - angle(at_s) + 1);
    const double wait_s = wait * revolution_s_;
    return wait > 1 - angle_slack ? 0 : wait_s;  // just there, but for the last bits of a double
  }

  // Reads (or writes) `sectors` from `first` on, starting at at_s; the heads end up at the last one. Inline wherever it
  // is called: a read pays 26 instructions otherwise.
  [[gnu::always_inline]] MediaAccess access(std::uint64_t first, const SectorPlace& place, std::uint32_t sectors,
                                            bool write, double at_s) {
    MediaAccess done;
    if (write ? model_->zero_latency_writes : model_->zero_latency)
      return access_any_order(first, place, sectors, write, at_s);
    done.seek_s = access_seek_s(place, write);
    done.rotation_s = rotation_s(place.angle, at_s + done.seek_s);
    const double media_begin = at_s + done.seek_s + done.rotation_s;
    pass(first, place, sectors, media_begin, done);
    done.transfer_s = done.media_end_s - media_begin;
    return done;
  }

  // When the sectors [first, first + sectors) have passed, if the first begins to pass at begin_s. Moves the heads.
  void pass(std::uint64_t first, SectorPlace place, std::uint32_t sectors, double begin_s, MediaAccess& done) {
    const double bus_whole_s = sectors * model_->interface.read_bus_s_per_sector;
    double bus = 0;
    double at = begin_s;
    while (true) {
      const std::uint32_t run = std::min(sectors, place.run_sectors);
      const double sector = model_->geometry.zones()[place.zone].turn_per_sector * model_->revolution_s;
      const double run_end = at + run * sector;
      bus = bus_after(bus, at + sector + model_->interface.reselect_s, run_end, run);
      cylinder_ = place.cylinder;
      head_ = place.head;
      sectors -= run;
      if (sectors == 0) {
        done.media_end_s = run_end;
        done.last_run = first;
        done.last_place = place;
        break;
      }
      first += run;
      place = model_->geometry.place(first);
      at = next_track(place, run_end);
    }
    done.bus_end_s = model_->interface.read_bus_overlapped ? bus : done.media_end_s + bus_whole_s;
  }

  // When the sector at `place` begins to pass, if the heads leave the track they are on at at_s. Does not move them.
  double next_track(const SectorPlace& place, double at_s) const {
    const double there = at_s + seek_s(place.cylinder, place.head);
    return there + rotation_s(place.angle, there);
  }

  void move(std::uint32_t cylinder, std::uint32_t head) {
    cylinder_ = cylinder;
    head_ = head;
  }

  const MechanicalModel& model() const { return *model_; }

  // The same for a drive with zero latency: heads that come down among the sectors asked for pass from there to the
  // last one on the track, then those that they missed when they come round again. As in DiskSim, the turn over what
  // was not asked for counts as rotation.
  MediaAccess access_any_order(std::uint64_t first, SectorPlace place, std::uint32_t sectors, bool write, double at_s) {
    const InterfaceModel& interface = model_->interface;
    const double each_s = interface.read_bus_s_per_sector;
    MediaAccess done;
    done.seek_s = access_seek_s(place, write);
    double there_s = at_s + done.seek_s;
    const double bus_whole_s = sectors * each_s;
    double bus = 0;
    double rotation_to_s = -1;  // the end of the first wait
    while (true) {
      const std::uint32_t run = std::min(sectors, place.run_sectors);
      const double turn = model_->geometry.zones()[place.zone].turn_per_sector;
      const double sector_s = turn * model_->revolution_s;
      const double passed = fraction(angle(there_s) - place.angle + 1) / turn;  // sectors since the first came by
      const bool inside = passed > 0 && passed < run - 1;
      const double missed = inside ? std::ceil(passed) : 0;
      const double begin_s = there_s + (inside ? (missed - passed) * sector_s : rotation_s(place.angle, there_s));
      const double end_s = begin_s + (inside ? model_->revolution_s : run * sector_s);
      const double first_read_s = inside ? end_s - (missed - 1) * sector_s : begin_s + sector_s;
      const double behind = inside ? run - missed + 1 : 1;  // sectors that the bus owes after the last one is read
      bus = std::max(std::max(bus, first_read_s + interface.reselect_s) + run * each_s, end_s + behind * each_s);
      if (rotation_to_s < 0) rotation_to_s = begin_s;
      if (inside) done.rotation_s += model_->revolution_s - run * sector_s;
      move(place.cylinder, place.head);
      sectors -= run;
      if (sectors == 0) {
        done.media_end_s = end_s;
        done.last_run = first;
        done.last_place = place;
        break;
      }
      first += run;
      place = model_->geometry.place(first);
      there_s = end_s + seek_s(place.cylinder, place.head);
    }
    done.rotation_s += rotation_to_s - at_s - done.seek_s;
    done.transfer_s = done.media_end_s - at_s - done.seek_s - done.rotation_s;
    done.bus_end_s = interface.read_bus_overlapped ? bus : done.media_end_s + bus_whole_s;
    return done;
  }

 private:
  // Of a command: a write waits until the heads have settled.
  double access_seek_s(const SectorPlace& place, bool write) const {
    const double seek = seek_s(place.cylinder, place.head);
    return write && seek > 0 ? std::max(0.0, seek + model_->write_settle_s) : seek;
  }

  // A few thousandths of a sector: far above rounding at dates of days, far below anything that the model resolves.
  static constexpr double angle_slack = 1e-6;

  // Of 0 <= x < 2^51. At 2^52 a double has no fraction left: adding that rounds to a whole number, by additions alone,
  // which vectors have where they have no conversion to 64 bits.
  static double fraction(double x) {
    constexpr double whole = 0x1p52;
    const double near = (x + whole) - whole;
    return x - (near > x ? near - 1 : near);
  }

  // A pipeline: the bus takes each sector once it is read and the one before is through.
  double bus_after(double bus, double first_read, double last_read, std::uint32_t sectors) const {
    const double each = model_->interface.read_bus_s_per_sector;
    return std::max(std::max(bus, first_read) + sectors * each, last_read + each);
  }

  const MechanicalModel* model_;
  double phase_;
  double revolution_s_;
  double turns_per_s_;
  std::uint32_t cylinder_ = 0;
  std::uint32_t head_ = 0;
};

}  // namespace headway
