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
  for (std::uint32_t i = 0; i < segments_.size(); ++i) {
    if (end > segments_[i].end || first < segments_[i].first) continue;
    recency_.use(i);
    return true;
  }
  return false;
}

void ReadAhead::taken(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, double at_s) {
  if (!active_ || first < segments_[current_].first || first >= segments_[current_].end) return;
  const bool stopped = next_ >= limit_;
  const std::uint64_t before = limit_;
  set_limit(first + sectors, sectors, mechanics.model().geometry.sectors());
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
  const auto held = static_cast<double>(next_ - first);
  done.bus_end_s =
      std::max(done.bus_end_s, at_s + (held + static_cast<double>(end - next_)) * mechanics.model().bus_s_per_sector);
  done.transfer_s = std::max(0.0, done.media_end_s - at_s);
  recency_.use(current_);
  next_ = end;
  grow(end);
  set_limit(end, sectors, mechanics.model().geometry.sectors());
  ready_s_ = done.media_end_s;
  if (next_ < limit_) ready_s_ = mechanics.next_track(next_place(mechanics), ready_s_);
  return done;
}

void ReadAhead::begin(const Mechanics& mechanics, std::uint64_t first, std::uint32_t sectors, const MediaAccess& done) {
  if (segments_.empty()) return;
  current_ = recency_.oldest();
  recency_.use(current_);
  segments_[current_] = {first, first};
  active_ = true;
  next_ = first + sectors;
  grow(next_);
  set_limit(next_, sectors, mechanics.model().geometry.sectors());
  known_ = done.last_run;
  known_place_ = done.last_place;
  ready_s_ = done.media_end_s;
  if (next_ < limit_) ready_s_ = mechanics.next_track(next_place(mechanics), ready_s_);
}

void ReadAhead::drop(std::uint64_t first, std::uint32_t sectors) {
  for (std::uint32_t i = 0; i < segments_.size(); ++i) {
    if (segments_[i].end <= first || first + sectors <= segments_[i].first) continue;
    segments_[i] = {};
    recency_.forget(i);
  }
  stop();
}

const SectorPlace& ReadAhead::next_place(const Mechanics& mechanics) {
  if (known_ != next_) {
    known_place_ = mechanics.model().geometry.place_near(next_, known_, known_place_);
    known_ = next_;
  }
  return known_place_;
}

// Room for what the host has just taken is free again.
void ReadAhead::set_limit(std::uint64_t read_end, std::uint32_t sectors, std::uint64_t drive_sectors) {
  const std::uint64_t kept = std::min(sectors, model_.segment_sectors);
  limit_ = std::min(read_end + model_.segment_sectors - kept, drive_sectors);
}

void ReadAhead::grow(std::uint64_t end) {
  Segment& segment = segments_[current_];
  segment.end = end;
  if (segment.end - segment.first > model_.segment_sectors) segment.first = segment.end - model_.segment_sectors;
}

}  // namespace headway
