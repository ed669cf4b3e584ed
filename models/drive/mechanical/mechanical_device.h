// A mechanical drive: its command queue, its heads, its buffer.
//
// One command at a time is served: command overhead, seek, rotation, transfer, and the rest of the bus transfer that
// the media did not hide; of a write that a write-back cache takes, overhead and bus. The next command is chosen when
// one ends, or when one arrives at an idle drive: what the host sends in answer to a completion comes too late for that
// choice, so d commands kept at the drive leave it a choice of d - 1. (A measured desktop drive makes 12 % more of
// depth 2 than of depth 1, as if it chose of 2; from depth 4 on it matters little.)
//
// Simplifications:
// - The overhead of a command is paid after the one before it has ended; drives with a command queue hide part of it.
//   At depths above 1 that costs overhead / service time, 1 to 3 %.
// - A physical sector that a write covers in part is read first, which takes one more revolution.
// - With a write-back cache, seek and rotation of what is brought to the media later are nobody's: the write that was
//   answered early has a transfer only, and what waits for the heads queues no longer but starts later.
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
#include "models/drive/mechanical/write_cache.h"
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
        cache_(model.buffer),
        pending_(queue.depth),
        discipline_(Disciplines::make(static_cast<std::size_t>(queue.discipline))) {}

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
  MediaAccess serve_read(const Pending& command, double now_s);
  MediaAccess serve_write(const Pending& command, double now_s);
  bool heads_stay(const Pending& command, double now_s);
  MediaAccess write_to_cache(const MediaWrite& write, double start_s);
  MediaAccess write_to_media(const MediaWrite& write, double start_s);
  MediaAccess put(const MediaWrite& write, double at_s);
  void drain(double to_s);
  void drain_one(double begin_s);
  double heads_free_s(double at_s);
  std::uint64_t shingled_place(const MediaWrite& write);
  double detour_s(const Pick& pick);

  const MechanicalModel& model_;
  Divisor sector_bytes_;
  Divisor physical_sectors_;
  QueueSpec queue_;
  Mechanics mechanics_;
  ReadAhead buffer_;
  WriteCache cache_;
  double busy_heads_s_ = 0;                // until when the heads are at what they did last, but for read-ahead
  bool wrote_ = false;                     // the command before was a write
  std::uint64_t end_before_ = UINT64_MAX;  // where it ended
  PendingQueue pending_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t append_at_ = UINT64_MAX;  // shingled: where the last write in its place ended
  std::uint64_t log_at_ = 0;              // shingled: where the log goes on
  Disciplines::Variant discipline_;
  bool busy_ = false;
  Finished current_;
};

}  // namespace headway
