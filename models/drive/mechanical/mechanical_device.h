// A mechanical drive: its command queue, its heads, its buffer.
//
// One command at a time holds the heads. Its service: command overhead, seek, rotation, transfer, and the rest of the
// bus transfer that the media did not hide. The next command is chosen when one ends, or when one arrives at an idle
// drive: what the host sends in answer to a completion comes too late for that choice, so d commands kept at the drive
// leave it a choice of d - 1.
//
// Simplifications:
// - The overhead of a command is paid after the one before it has ended; drives with a command queue hide part of it.
//   At depths above 1 that costs overhead / service time, 1 to 3 %.
// - Writes go to the media before they are answered (no write cache). A physical sector that a write covers in part is
//   read first, which takes one more revolution.
// - Shingled: a write goes where it belongs only when it appends to the write before it. Any other goes to the next
//   place of a log at the drive's outer edge, and is read from where it belongs all the same; the later rewrite of its
//   band is not modelled. Reads are right; random writes cost little until a real drive's log would be full.
#pragma once

#include <cassert>
#include <limits>
#include <optional>
#include <vector>

#include "models/drive/mechanical/discipline/disciplines.h"
#include "models/drive/mechanical/divisor.h"
#include "models/drive/mechanical/mechanics.h"
#include "models/drive/mechanical/pending.h"
#include "models/drive/mechanical/read_ahead.h"
#include "models/drive/queue_spec.h"

namespace headway {

class MechanicalDevice {
 public:
  MechanicalDevice(const MechanicalModel& model, const QueueSpec& queue, double phase)
      : model_(model),
        sector_bytes_(model.sector_bytes),
        physical_sectors_(model.physical_sectors),
        queue_(queue),
        mechanics_(model, phase),
        buffer_(model.buffer),
        discipline_(Disciplines::make(static_cast<std::size_t>(queue.discipline))) {
    pending_.reserve(queue.depth);
  }

  bool has_room() const { return held() < queue_.depth; }
  std::uint64_t capacity_bytes() const { return model_.geometry.sectors() * model_.sector_bytes; }
  static constexpr bool rotational = true;

  // Takes a command at now_s; has_room().
  void accept(const HostRequest& host, double now_s);

  // The end of the command in service, +infinity when idle.
  double next_event_s() const { return busy_ ? current_.done.end_s : std::numeric_limits<double>::infinity(); }

  // The command in service, which ends at next_event_s(), is done.
  bool advance(double /*now_s*/, Finished& finished) {
    assert(busy_);
    busy_ = false;
    finished = current_;
    return true;
  }

  // Begins the next command, if one waits and none is in service.
  void start(double now_s) {
    if (!busy_ && !pending_.empty()) serve(choose(now_s), now_s);
  }

  std::size_t held() const { return pending_.size() + (busy_ ? 1 : 0); }

 private:
  Pick choose(double now_s);
  std::optional<std::size_t> overdue(double now_s) const;
  void serve(Pick pick, double now_s);
  MediaAccess read(const Pending& command, double now_s, double& overhead_s);
  MediaAccess write(const Pending& command, double start_s);
  std::uint64_t shingled_place(const Pending& command);
  double detour_s(const Pick& pick);

  const MechanicalModel& model_;
  Divisor sector_bytes_;
  Divisor physical_sectors_;
  QueueSpec queue_;
  Mechanics mechanics_;
  ReadAhead buffer_;
  std::vector<Pending> pending_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t append_at_ = UINT64_MAX;  // shingled: where the last write in its place ended
  std::uint64_t log_at_ = 0;              // shingled: where the log goes on
  Disciplines::Variant discipline_;
  bool busy_ = false;
  Finished current_;
};

}  // namespace headway
