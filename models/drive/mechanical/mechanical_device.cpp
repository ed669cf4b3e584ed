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
  Pending& command = pending_.emplace_back();
  command.host = host;
  command.arrived_s = now_s;
  command.sequence = arrivals_++;
  command.first = first;
  command.sectors = static_cast<std::uint32_t>(end - first);
  command.place = model_.geometry.place(first);
}

// The switch over the kinds is the only thing that a choice costs beside the discipline's own work.
Pick MechanicalDevice::choose(double now_s) {
  return std::visit(
      [&]<class Type>(Type& discipline) -> Pick {
        if (std::is_empty_v<Type> && pending_.size() == 1) return {0};
        if (const auto first = overdue(now_s)) return {*first};
        return discipline.pick({pending_, mechanics_, buffer_, now_s + model_.overhead_s});
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
  const Pending command = pending_[pick.index];
  pending_[pick.index] = pending_.back();
  pending_.pop_back();
  double overhead_s = model_.overhead_s;
  const double detour = pick.by_the_edge ? detour_s(pick) : 0;
  MediaAccess done = command.host.request.write ? write(command, now_s + overhead_s + detour)
                                                : read(command, now_s + detour, overhead_s);
  current_.host = command.host;
  current_.dispatched_s = command.arrived_s;
  current_.done.tag = command.host.request.tag;
  current_.done.times.queue_s = now_s - command.host.submitted_s;
  current_.done.times.seek_s = done.seek_s + detour;
  current_.done.times.rotation_s = done.rotation_s;
  current_.done.times.transfer_s = done.transfer_s;
  current_.done.end_s = done.bus_end_s + model_.completion_overhead_s;
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

MediaAccess MechanicalDevice::read(const Pending& command, double now_s, double& overhead_s) {
  if (buffer_.enabled()) {
    const double hit_s = now_s + model_.hit_overhead_s;
    buffer_.advance(mechanics_, hit_s);
    if (buffer_.holds(command.first, command.sectors)) {
      overhead_s = model_.hit_overhead_s;
      buffer_.taken(mechanics_, command.first, command.sectors, hit_s);
      MediaAccess hit;
      hit.media_end_s = hit_s;
      hit.bus_end_s = hit_s + command.sectors * model_.bus_s_per_sector;
      return hit;
    }
    if (buffer_.streams_to(command.first)) {
      overhead_s = model_.hit_overhead_s;
      return buffer_.read_on(mechanics_, command.first, command.sectors, hit_s);
    }
    buffer_.advance(mechanics_, now_s + overhead_s);
  }
  MediaAccess done = mechanics_.access(command.first, command.place, command.sectors, false, now_s + overhead_s);
  buffer_.begin(mechanics_, command.first, command.sectors, done);
  return done;
}

MediaAccess MechanicalDevice::write(const Pending& command, double start_s) {
  if (buffer_.enabled()) {
    buffer_.advance(mechanics_, start_s);
    buffer_.drop(command.first, command.sectors);
  }
  const std::uint64_t first = model_.shingle.band_sectors > 0 ? shingled_place(command) : command.first;
  const SectorPlace place = first == command.first ? command.place : model_.geometry.place(first);
  MediaAccess done = mechanics_.access(first, place, command.sectors, true, start_s);
  const std::uint64_t physical = std::uint64_t{model_.physical_sectors} * model_.sector_bytes;
  const bool whole = command.host.request.offset_bytes % physical == 0 && command.host.request.bytes % physical == 0;
  if (!whole) {  // read, then write when it comes round again
    done.transfer_s += model_.revolution_s;
    done.media_end_s += model_.revolution_s;
    done.bus_end_s += model_.revolution_s;
  }
  return done;
}

// Where a shingled drive puts a write.
std::uint64_t MechanicalDevice::shingled_place(const Pending& command) {
  const std::uint64_t band = model_.shingle.band_sectors;
  const std::uint64_t log = model_.shingle.cache_sectors;
  const bool appends = command.first == append_at_ || command.first % band == 0;
  if (appends || command.sectors >= log) {
    append_at_ = command.first + command.sectors;
    return command.first;
  }
  if (log_at_ + command.sectors > log) log_at_ = 0;
  const std::uint64_t place = log_at_;
  log_at_ += command.sectors;
  return place;
}

}  // namespace headway
