#include "models/drive/mechanical/read_ahead.h"

#include <algorithm>

namespace headway {

void ReadAhead::advance(Mechanics& mechanics, double at_s) {
  if (!active_) return;
  while (next_ < limit_ && ready_s_ < at_s) {
    const SectorPlace& place = next_place(mechanics);
    mechanics.move(place.cylinder, place.head);
    const double sector_s =
        mechanics.model().geometry.zones()[place.zone].turn_per_sector * mechanics.model().revolution_s;
    const auto run = static_cast<std::uint32_t>(std::min<std::uint64_t>(place.run_sectors, limit_ - next_));
    const auto passed = static_cast<std::uint32_t>(std::min<double>(run, (at_s - ready_s_) / sector_s));
    const bool whole_track = run == place.run_sectors;
    next_ += passed;
    ready_s_ += passed * sector_s;
    if (passed < run) break;
    if (next_ < limit_ && whole_track) ready_s_ = mechanics.next_track(next_place(mechanics), ready_s_);
  }
  grow(next_);
}

bool ReadAhead::holds(std::uint64_t first, std::uint32_t sectors) {
  const std::uint64_t end = first + sectors;
  // A segment holds it when neither difference is below 0. Of a random read none does, and to find that out one by one
  // took longer than all the rest of its buffer; so the signs are gathered, by vectors and without a branch.
  std::int64_t signs = -1;
  for (std::size_t i = 0; i < firsts_.size(); ++i)
    signs &= static_cast<std::int64_t>(first - firsts_[i]) | static_cast<std::int64_t>(ends_[i] - end);
  if (signs < 0) return false;
  hit_ = 0;
  while (end > ends_[hit_] || first < firsts_[hit_]) ++hit_;
  recency_.use(hit_);
  return true;
}

void ReadAhead::taken(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, double at_s) {
  const bool ahead = active_ && first >= firsts_[current_] && first < ends_[current_];
  read_end_ = first + sectors;
  if (!model_.keeps_requested) firsts_[hit_] = read_end_;
  if (!ahead) return;
  const bool stopped = next_ >= limit_;
  const std::uint64_t before = limit_;
  set_limit(mechanics.model().geometry, read_end_, sectors);
  limit_ = std::max(limit_, before);
  if (stopped && next_ < limit_) ready_s_ = mechanics.next_track(next_place(mechanics), at_s);
}

MediaAccess ReadAhead::read_on(Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, double at_s) {
  MediaAccess done;
  const std::uint64_t end = first + sectors;
  if (next_ >= limit_)  // it had stopped: wait for the place to come round
    ready_s_ = mechanics.next_track(next_place(mechanics), at_s);
  const double begin_s = ready_s_;
  mechanics.pass(next_, next_place(mechanics), static_cast<std::uint32_t>(end - next_), begin_s, done);
  known_ = done.last_run;
  known_place_ = done.last_place;
  // What is in the buffer already leaves by the bus meanwhile.
  done.bus_end_s = std::max(done.bus_end_s, at_s + sectors * mechanics.model().interface.read_bus_s_per_sector);
  done.transfer_s = std::max(0.0, done.media_end_s - at_s);
  recency_.use(current_);
  go_on(mechanics, end, sectors, done.media_end_s);
  return done;
}

void ReadAhead::begin(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, const MediaAccess& done) {
  if (!enabled()) return;
  active_ = model_.read_ahead_after == 1 || first == read_end_;
  current_ = recency_.oldest();
  recency_.use(current_);
  fill(current_, first, first);
  known_ = done.last_run;
  known_place_ = done.last_place;
  go_on(mechanics, first + sectors, sectors, done.media_end_s);
}

// The host has all up to `end`, the last `sectors` of it just read; the heads read on from there.
void ReadAhead::go_on(const Mechanics& mechanics, std::uint64_t end, std::uint32_t sectors, double at_s) {
  read_end_ = next_ = end;
  grow(end);
  if (!model_.keeps_requested) firsts_[current_] = end;
  if (!active_) return;
  set_limit(mechanics.model().geometry, end, sectors);
  ready_s_ = at_s;
  if (next_ < limit_) ready_s_ = mechanics.next_track(next_place(mechanics), ready_s_);
}

void ReadAhead::written(std::uint64_t first, std::uint32_t sectors) {
  const std::uint64_t end = first + sectors;
  for (std::uint32_t i = 0; i < firsts_.size(); ++i) {
    if (ends_[i] <= first || end <= firsts_[i]) continue;
    fill(i, 0, 0);
    recency_.forget(i);
  }
  stop();
  if (!enabled() || model_.write_segments == 0 || model_.own_write_segment) return;
  const std::uint32_t taken = recency_.oldest();
  recency_.use(taken);
  fill(taken, 0, 0);
  if (!model_.read_hits_on_writes) return;
  fill(taken, end - std::min(sectors, model_.segment_sectors), end);
}

const SectorPlace& ReadAhead::next_place(const Mechanics& mechanics) {
  if (known_ != next_) {
    known_place_ = mechanics.model().geometry.place_near(next_, known_, known_place_);
    known_ = next_;
  }
  return known_place_;
}

// Room for what the host has just taken is free again.
void ReadAhead::set_limit(const Geometry& geometry, std::uint64_t read_end, std::uint32_t sectors) {
  std::uint64_t on = model_.read_ahead_sectors;
  if (on == 0) on = model_.segment_sectors - std::min(sectors, model_.segment_sectors);
  limit_ = std::min(read_end + on, geometry.sectors());
  if (model_.read_ahead_until != ReadAheadUntil::segment_full && read_end < limit_)
    limit_ = std::min(limit_, track_limit(geometry, model_.read_ahead_until, read_end - sectors, read_end));
}

// Where read-ahead behind a read of [first, end) stops for the track's sake.
std::uint64_t ReadAhead::track_limit(const Geometry& geometry, ReadAheadUntil until, std::uint64_t first,
                                     std::uint64_t end) {
  const SectorPlace last = geometry.place(end - 1);
  const std::uint64_t track_end = end - 1 + last.run_sectors;
  const bool came_from_before = first + geometry.zones()[last.zone].sectors_per_track < track_end;
  if (until == ReadAheadUntil::track_end || !came_from_before || track_end >= geometry.sectors()) return track_end;
  return track_end + geometry.zones()[geometry.place(track_end).zone].sectors_per_track;
}

void ReadAhead::grow(std::uint64_t end) {
  ends_[current_] = end;
  if (end - firsts_[current_] > model_.segment_sectors) firsts_[current_] = end - model_.segment_sectors;
}

}  // namespace headway
