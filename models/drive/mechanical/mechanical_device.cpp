#include "models/drive/mechanical/mechanical_device.h"

#include <cassert>
#include <type_traits>

namespace headway {

void MechanicalDevice::accept(const HostRequest& host, double now_s) {
  assert(has_room());
  const DriveRequest& request = host.request;
  std::uint64_t first = sector_bytes_.quotient(request.offset_bytes);
  std::uint64_t end = sector_bytes_.quotient(request.offset_bytes + request.bytes + sector_bytes_.value() - 1);
  first = physical_sectors_.round_down(first);  // the media has whole physical sectors only
  end = std::min(physical_sectors_.round_up(end), model_.geometry.sectors());
  assert(first < end);
  pending_.add({.host = host,
                .arrived_s = now_s,
                .sequence = arrivals_++,
                .first = first,
                .sectors = static_cast<std::uint32_t>(end - first),
                .place = model_.geometry.place(first)});
}

// The switch over the kinds is the only thing that a choice costs beside the discipline's own work.
Pick MechanicalDevice::choose(double now_s) {
  return std::visit(
      [&]<class Type>(Type& discipline) -> Pick {
        if (std::is_empty_v<Type> && pending_.size() == 1) return {0};
        if (const auto first = overdue(now_s)) return {*first};
        const double start_s = now_s + model_.interface.read_miss.after(wrote_);
        if (cache_.enabled()) drain(start_s);
        return discipline.pick({pending_, mechanics_, buffer_, start_s});
      },
      discipline_);
}

// The oldest command, if it has been here for longer than the queue allows.
std::optional<std::size_t> MechanicalDevice::overdue(double now_s) const {
  if (!(now_s - queue_.max_age_s > 0)) return std::nullopt;
  const std::size_t oldest = Fcfs::oldest(pending_);
  if (now_s - pending_[oldest].arrived_s > queue_.max_age_s) return oldest;
  return std::nullopt;
}

void MechanicalDevice::serve(Pick pick, double now_s) {
  const Pending command = pending_.take(pick.index);
  const InterfaceModel& interface = model_.interface;
  const bool write = command.host.request.write;
  const double detour = pick.by_the_edge ? detour_s(pick) : 0;
  const MediaAccess done = write ? serve_write(command, now_s + detour) : serve_read(command, now_s + detour);
  wrote_ = write;
  end_before_ = command.first + command.sectors;
  current_.host = command.host;
  current_.dispatched_s = command.arrived_s;
  current_.done.tag = command.host.request.tag;
  current_.done.times.queue_s = now_s - command.host.submitted_s;
  current_.done.times.seek_s = done.seek_s + detour;
  current_.done.times.rotation_s = done.rotation_s;
  current_.done.times.transfer_s = done.transfer_s;
  current_.done.end_s = done.bus_end_s + (write ? interface.write_completion_s : interface.read_completion_s);
  assert(done.seek_s >= 0 && done.media_end_s >= now_s && current_.done.end_s >= now_s);
  assert(current_.done.times.queue_s >= 0);
  busy_ = true;
}

double MechanicalDevice::detour_s(const Pick& pick) {
  buffer_.stop();
  const double seek = mechanics_.seek_s(pick.edge_cylinder, mechanics_.head());
  mechanics_.move(pick.edge_cylinder, mechanics_.head());
  return seek;
}

MediaAccess MechanicalDevice::serve_read(const Pending& command, double now_s) {
  const InterfaceModel& interface = model_.interface;
  if (buffer_.enabled()) {
    const double hit_s = now_s + interface.read_hit.after(wrote_ || command.first != end_before_);
    if (cache_.enabled()) drain(hit_s);
    buffer_.advance(mechanics_, hit_s);
    if (buffer_.holds(command.first, command.sectors)) {
      buffer_.taken(mechanics_, command.first, command.sectors, hit_s);
      MediaAccess hit;
      hit.media_end_s = hit_s;
      hit.bus_end_s = hit_s + command.sectors * interface.read_bus_s_per_sector;
      return hit;
    }
    if (buffer_.streams_to(command.first)) {
      const MediaAccess done = buffer_.read_on(mechanics_, command.first, command.sectors, hit_s);
      busy_heads_s_ = done.media_end_s;
      return done;
    }
  }
  double start_s = now_s + interface.read_miss.after(wrote_);
  if (cache_.enabled()) {
    while (cache_.overlaps(command.first, command.sectors)) drain_one(std::max(now_s, busy_heads_s_));
    start_s = heads_free_s(start_s);
  }
  buffer_.advance(mechanics_, start_s);
  const MediaAccess done = mechanics_.access(command.first, command.place, command.sectors, false, start_s);
  busy_heads_s_ = done.media_end_s;
  buffer_.begin(mechanics_, command.first, command.sectors, done);
  return done;
}

MediaAccess MechanicalDevice::serve_write(const Pending& command, double now_s) {
  const std::uint64_t physical = std::uint64_t{model_.physical_sectors} * model_.sector_bytes;
  const DriveRequest& request = command.host.request;
  const bool whole = request.offset_bytes % physical == 0 && request.bytes % physical == 0;
  const MediaWrite write{.first = command.first, .sectors = command.sectors, .partial = !whole};
  const Overhead& overhead = model_.interface.write;
  if (!cache_.takes(write.sectors)) return write_to_media(write, now_s + overhead.after(wrote_));
  return write_to_cache(write, now_s + overhead.after(wrote_ && heads_stay(command, now_s)));
}

// Whether a command goes on where the one before ended, or is on the track that the heads are on.
bool MechanicalDevice::heads_stay(const Pending& command, double now_s) {
  drain(now_s);
  return command.first == end_before_ ||
         (command.place.cylinder == mechanics_.cylinder() && command.place.head == mechanics_.head());
}

MediaAccess MechanicalDevice::write_to_media(const MediaWrite& write, double start_s) {
  const InterfaceModel& interface = model_.interface;
  const double data_end_s = start_s + write.sectors * interface.write_bus_s_per_sector.value_or(0);
  start_s = heads_free_s(interface.write_bus_overlapped ? start_s : data_end_s);
  buffer_.advance(mechanics_, start_s);
  buffer_.written(write.first, write.sectors);
  MediaAccess done = put(write, start_s);
  busy_heads_s_ = done.media_end_s;
  if (interface.write_bus_s_per_sector) done.bus_end_s = std::max(done.media_end_s, data_end_s) + interface.reselect_s;
  return done;
}

// The bus brings the data as soon as a segment is free for them, and the write is answered.
MediaAccess MechanicalDevice::write_to_cache(const MediaWrite& write, double start_s) {
  drain(start_s);
  const double transfer_s = write.sectors * model_.interface.write_bus_s_per_sector.value_or(0);
  const bool joins = cache_.joins(write, start_s + transfer_s);
  while (!joins && cache_.full()) {
    start_s = std::max(start_s, busy_heads_s_);
    drain_one(start_s);
  }
  MediaAccess done;
  done.transfer_s = transfer_s;
  done.bus_end_s = done.media_end_s = start_s + done.transfer_s;
  buffer_.advance(mechanics_, start_s);
  buffer_.written(write.first, write.sectors);
  if (!joins) cache_.add(write, start_s + model_.buffer.drain_after_s, done.bus_end_s);
  return done;
}

// The heads bring it to the media, from at_s on.
MediaAccess MechanicalDevice::put(const MediaWrite& write, double at_s) {
  const std::uint64_t first = model_.shingle.band_sectors > 0 ? shingled_place(write) : write.first;
  MediaAccess done = mechanics_.access(first, model_.geometry.place(first), write.sectors, true, at_s);
  if (write.partial) {  // read, then write when it comes round again
    done.transfer_s += model_.revolution_s;
    done.media_end_s += model_.revolution_s;
    done.bus_end_s += model_.revolution_s;
  }
  return done;
}

// Brings to the media what the heads had time for before to_s.
void MechanicalDevice::drain(double to_s) {
  while (!cache_.empty() && std::max(cache_.ready_s(), busy_heads_s_) < to_s)
    drain_one(std::max(cache_.ready_s(), busy_heads_s_));
}

// The heads, free, begin on a run.
void MechanicalDevice::drain_one(double begin_s) {
  buffer_.advance(mechanics_, begin_s);
  buffer_.stop();
  const MediaWrite next = cache_.take_next(mechanics_, begin_s);
  busy_heads_s_ = std::max(put(next, begin_s).media_end_s, next.data_end_s);
}

// When the heads may go to what somebody wants at at_s.
double MechanicalDevice::heads_free_s(double at_s) {
  drain(at_s);
  return std::max(at_s, busy_heads_s_);
}

// Where a shingled drive puts a write.
std::uint64_t MechanicalDevice::shingled_place(const MediaWrite& write) {
  const std::uint64_t band = model_.shingle.band_sectors;
  const std::uint64_t log = model_.shingle.cache_sectors;
  const bool appends = write.first == append_at_ || write.first % band == 0;
  if (appends || write.sectors >= log) {
    append_at_ = write.first + write.sectors;
    return write.first;
  }
  if (log_at_ + write.sectors > log) log_at_ = 0;
  const std::uint64_t place = log_at_;
  log_at_ += write.sectors;
  return place;
}

}  // namespace headway
