#include "models/drive/bound/mechanical_needs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/bound/balance.h"

namespace headway {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_tracks = 600;  // that a search for the least gap looks at

double fraction(double x) { return x - std::floor(x); }

// Sectors as turns: how far ahead of its place a run over slipped sectors may be, at both ends of a gap.
double slipped_turns(const Geometry& geometry) {
  double most = 0;
  for (const Zone& zone : geometry.zones()) {
    std::uint64_t track = UINT64_MAX, count = 0;
    for (const std::uint32_t slip : zone.slips) {
      count = slip / zone.sectors_per_track == track ? count + 1 : 1;
      track = slip / zone.sectors_per_track;
      most = std::max(most, static_cast<double>(count) * zone.turn_per_sector);
    }
  }
  return 2 * most;
}

std::uint64_t read_ahead_sectors(const BufferModel& buffer) {
  if (buffer.for_reads() == 0) return 0;
  return buffer.read_ahead_sectors > 0 ? buffer.read_ahead_sectors : buffer.segment_sectors;
}

}  // namespace

MechanicalNeeds::MechanicalNeeds(const MechanicalModel& model, double phase, std::uint64_t begin_byte,
                                 std::span<const WantedCopy> copies)
    : model_(model),
      begin_byte_(begin_byte),
      phase_(phase),
      floor_(model),
      slack_turns_(4e-6 + slipped_turns(model.geometry)) {
  Departures ahead;
  make_passes(copies, ahead);
  sort_departures(ahead);
  double opening_s = infinite;
  for (std::uint32_t i = 0; i < passes_.size(); ++i) {
    Pass& pass = passes_[i];
    pass.gap_s = rounded_down(least_gap_s(i));
    opening_s = std::min(opening_s, first_s(pass) - static_cast<double>(pass.gap_s));
  }
  opening_s_ = passes_.empty() ? 0 : opening_s + tail_s_;
}

void MechanicalNeeds::make_passes(std::span<const WantedCopy> copies, Departures& ahead) {
  const InterfaceModel& interface = model_.interface;
  std::uint64_t fewest = UINT64_MAX;
  for (const WantedCopy& copy : copies)
    fewest = std::min(fewest, std::max<std::uint64_t>(1, copy.bytes / model_.sector_bytes));
  // Of a read that was being read ahead, the first sectors leave while the last are read.
  const bool last_alone = interface.read_bus_overlapped || model_.buffer.for_reads() > 0;
  tail_s_ = interface.read_completion_s +
            interface.read_bus_s_per_sector * (last_alone ? 1.0 : static_cast<double>(fewest));
  overhead_s_ = tail_s_ + interface.read_miss.after_read_s;
  longest_gap_s_ = overhead_s_ + floor_.over(model_.geometry.cylinders() - 1) + model_.head_switch_s +
                   2 * model_.revolution_s;
  const std::uint64_t ahead_sectors = read_ahead_sectors(model_.buffer);
  std::uint64_t free_from = 0;
  Cursor cursor{0, model_.geometry.place(0)};
  passes_.reserve(copies.size());
  departures_.all.reserve(copies.size() + copies.size() / 4);
  for (const WantedCopy& copy : copies) {
    const Cursor end_of_last = cursor;
    Pass pass = pass_of(copy, free_from, cursor);
    pass.gap_s = passes_.empty() ? std::numeric_limits<float>::infinity()
                                 : rounded_down(read_on_s(passes_.back(), pass, end_of_last));
    free_from = std::max(free_from, pass.end);
    const std::uint64_t before = copy.before > begin_byte_ ? (copy.before - begin_byte_) / model_.sector_bytes : 0;
    pass.near = ahead_sectors > 0 && copy.before > begin_byte_ && pass.first <= before + ahead_sectors;
    const bool whole = pass.near && pass.end <= before + ahead_sectors;
    pass.delay_s = whole || model_.zero_latency ? 0 : overhead_s_;
    passes_.push_back(pass);
    add_departures(static_cast<std::uint32_t>(passes_.size() - 1), cursor, departures_, ahead);
  }
}

MechanicalNeeds::Pass MechanicalNeeds::pass_of(const WantedCopy& copy, std::uint64_t free_from, Cursor& cursor) const {
  const std::uint64_t sector = model_.sector_bytes;
  Pass pass;
  const std::uint64_t offset_bytes = copy.offset_bytes - begin_byte_;
  pass.first = std::max(free_from, (offset_bytes + sector - 1) / sector);
  pass.end = std::min((offset_bytes + copy.bytes) / sector, model_.geometry.sectors());
  const bool has_own = pass.first < pass.end;  // a whole sector
  if (!has_own) pass.first = pass.end = std::min(pass.first, model_.geometry.sectors() - 1);
  const SectorPlace& place = go(cursor, pass.first);
  pass.from = pass.to = {place.cylinder, place.head};
  pass.turn = pass.end_turn = place.angle;
  if (has_own) run(pass, cursor);
  return pass;
}

const SectorPlace& MechanicalNeeds::go(Cursor& cursor, std::uint64_t sector) const {
  cursor.place = model_.geometry.place_near(sector, cursor.sector, cursor.place);
  cursor.sector = sector;
  return cursor.place;
}

// Passes its sectors; leaves the cursor at the first on its last track.
void MechanicalNeeds::run(Pass& pass, Cursor& cursor) const {
  while (true) {
    const double turn = model_.geometry.zones()[cursor.place.zone].turn_per_sector;
    const auto sectors = std::min<std::uint64_t>(pass.end - cursor.sector, cursor.place.run_sectors);
    const double turns = static_cast<double>(sectors) * turn;
    pass.pass_s += turns * model_.revolution_s;
    pass.end_turn = cursor.place.angle + turns;
    if (cursor.sector + sectors == pass.end) return;
    const SectorPlace& next = go(cursor, cursor.sector + sectors);
    const TrackPlace to{next.cylinder, next.head};
    const double move = move_s(pass.to, to);
    pass.pass_s += move + wait_s(pass.end_turn + move / model_.revolution_s, next.angle);
    pass.to = to;
  }
}

// At least so long until the platters have turned from the one angle to the other.
double MechanicalNeeds::wait_s(double from_turn, double to_turn) const {
  if (model_.zero_latency) return 0;
  const double turns = fraction(to_turn - from_turn);
  return turns > 1 - slack_turns_ ? 0 : std::max(0.0, turns - slack_turns_) * model_.revolution_s;
}

double MechanicalNeeds::move_s(const TrackPlace& from, const TrackPlace& to) const {
  const double seek_s = model_.seek_s[from.cylinder > to.cylinder ? from.cylinder - to.cylinder
                                                                   : to.cylinder - from.cylinder];
  return from.head == to.head ? seek_s : std::max(seek_s, model_.head_switch_s);
}

// From a's end to b's beginning by passing all that lies between; infinite beyond the longest gap, or where b lies
// before a. `cursor` stands shortly before a's end.
double MechanicalNeeds::read_on_s(const Pass& a, const Pass& b, Cursor cursor) const {
  if (b.first < a.end) return infinite;
  TrackPlace track = a.to;
  double turn = a.end_turn;
  double time_s = 0;
  for (std::uint64_t at = a.end; time_s <= longest_gap_s_;) {
    const SectorPlace& next = go(cursor, at);
    const TrackPlace to{next.cylinder, next.head};
    const double move = move_s(track, to);
    if (track != to) time_s += move + wait_s(turn + move / model_.revolution_s, next.angle);
    if (at == b.first) return time_s;
    const auto sectors = std::min<std::uint64_t>(b.first - at, next.run_sectors);
    const double turns = static_cast<double>(sectors) * model_.geometry.zones()[next.zone].turn_per_sector;
    if (!model_.zero_latency) time_s += turns * model_.revolution_s;
    turn = next.angle + turns;
    track = to;
    at += sectors;
  }
  return infinite;
}

// With zero latency, one that goes over several tracks may end after another on the last of them.
bool MechanicalNeeds::may_interleave(const Pass& pass) const {
  return model_.zero_latency && pass.from != pass.to;
}

// From date 0 until the heads are at its beginning.
double MechanicalNeeds::first_s(const Pass& pass) const {
  const double there_s = model_.interface.read_miss.after_read_s +
                         floor_.between(0, 0, pass.from.cylinder, pass.from.head);
  return there_s + wait_s(phase_ + there_s / model_.revolution_s, pass.turn);
}

double MechanicalNeeds::gap_s(const TrackPlace& place, const Departure& from, const Pass& to) const {
  if (may_interleave(to)) return 0;
  const double move = floor_.between(place.cylinder, place.head, to.from.cylinder, to.from.head);
  return from.delay_s + move + wait_s(from.turn + move / model_.revolution_s, to.turn);
}

void MechanicalNeeds::Departures::add(const TrackPlace& place, const Departure& one) {
  const auto at = static_cast<std::uint32_t>(all.size());
  if (tracks.empty() || tracks.back().place != place) tracks.push_back({place, at, at});
  tracks.back().end = at + 1;
  all.push_back(one);
}

// The end of a pass, shortly before which the cursor stands; and `ahead`, the tracks to which read-ahead brings the
// heads from there sooner than a seek would.
void MechanicalNeeds::add_departures(std::uint32_t index, Cursor cursor, Departures& own,
                                     Departures& ahead) const {
  const Pass& pass = passes_[index];
  const double turn_s = model_.revolution_s;
  own.add(pass.to, {fraction(pass.end_turn + pass.delay_s / turn_s), pass.delay_s, index});
  if (pass.delay_s == 0 || read_ahead_sectors(model_.buffer) == 0) return;
  TrackPlace track = pass.to;
  double turn = pass.end_turn, time_s = 0;
  for (std::uint64_t at = pass.end; at < model_.geometry.sectors();) {
    const SectorPlace& next = go(cursor, at);
    const TrackPlace to{next.cylinder, next.head};
    if (track != to) {
      const double move = move_s(track, to);
      time_s += move + wait_s(turn + move / turn_s, next.angle);
      const double sooner_than_s =
          pass.delay_s + floor_.between(pass.to.cylinder, pass.to.head, next.cylinder, next.head);
      if (time_s >= sooner_than_s) return;
      const double delay_s = std::max(time_s, pass.delay_s);
      ahead.add(to, {fraction(pass.end_turn + delay_s / turn_s), delay_s, index});
    }
    const double turns = next.run_sectors * model_.geometry.zones()[next.zone].turn_per_sector;
    time_s += turns * turn_s;
    turn = next.angle + turns;
    track = to;
    at += next.run_sectors;
  }
}

// Passes go by addresses, so that what leaves a track comes together already: few tracks are met twice.
void MechanicalNeeds::sort_departures(const Departures& ahead) {
  const auto first_ahead = static_cast<std::uint32_t>(departures_.all.size());
  departures_.all.insert(departures_.all.end(), ahead.all.begin(), ahead.all.end());
  for (const Track& track : ahead.tracks)
    departures_.tracks.push_back({track.place, track.begin + first_ahead, track.end + first_ahead});
  std::ranges::sort(departures_.tracks, [](const Track& a, const Track& b) {
    return a.place != b.place ? a.place < b.place : a.begin < b.begin;
  });
  for (const Track& track : departures_.tracks) {
    std::ranges::sort(departures_.all.begin() + track.begin, departures_.all.begin() + track.end,
                      [](const Departure& a, const Departure& b) {
                        return a.turn != b.turn ? a.turn < b.turn : a.pass < b.pass;
                      });
  }
}

// Of the ends on a track, backwards from the one behind which the wait is shortest.
void MechanicalNeeds::look_on(const Track& track, std::uint32_t index, double& least_s) const {
  const Pass& to = passes_[index];
  const double move = floor_.between(track.place.cylinder, track.place.head, to.from.cylinder, to.from.head);
  if (move >= least_s) return;
  const double wanted = fraction(to.turn - move / model_.revolution_s + slack_turns_);
  const auto begin = departures_.all.begin() + track.begin, end = departures_.all.begin() + track.end;
  auto at = std::upper_bound(begin, end, wanted, [](double turn, const Departure& one) { return turn < one.turn; });
  for (std::uint32_t looked = track.begin; looked < track.end; ++looked) {
    if (at == begin) at = end;
    --at;
    const double wait = model_.zero_latency
                            ? 0
                            : std::max(0.0, fraction(wanted - at->turn) - 2 * slack_turns_) * model_.revolution_s;
    if (move + wait >= least_s) return;
    if (at->pass != index) least_s = std::min(least_s, move + wait + at->delay_s);
  }
}

double MechanicalNeeds::least_gap_s(std::uint32_t index) const {
  if (passes_.size() < 2) return 0;
  const Pass& to = passes_[index];
  if (may_interleave(to)) return 0;
  double least_s = std::min(longest_gap_s_, static_cast<double>(to.gap_s));  // of reading on
  const std::vector<Track>& tracks = departures_.tracks;
  const auto distance = [&](const Track& track) {
    const std::uint32_t cylinder = track.place.cylinder;
    return cylinder > to.from.cylinder ? cylinder - to.from.cylinder : to.from.cylinder - cylinder;
  };
  auto right = std::ranges::lower_bound(tracks, to.from.cylinder, {}, [](const Track& t) { return t.place.cylinder; });
  auto left = right;
  for (std::size_t looked = 0; left != tracks.begin() || right != tracks.end(); ++looked) {
    const bool goes_right =
        left == tracks.begin() || (right != tracks.end() && distance(*right) <= distance(*std::prev(left)));
    const Track& track = goes_right ? *right++ : *--left;
    const double seek_s = floor_.over(distance(track));
    if (seek_s >= least_s) break;
    if (looked == most_tracks) return seek_s;
    look_on(track, index, least_s);
  }
  return least_s;
}

float MechanicalNeeds::cost_s(std::size_t copy) const {
  const Pass& pass = passes_[copy];
  return pass.first == pass.end ? 0.0f : rounded_down(pass.pass_s + static_cast<double>(pass.gap_s));
}

float MechanicalNeeds::alone_s(std::size_t copy) const {
  const Pass& pass = passes_[copy];
  const InterfaceModel& interface = model_.interface;
  const double hit_s = std::min(interface.read_hit.after_read_s, interface.read_hit.after_write_s);
  return rounded_down(tail_s_ +
                      (pass.near ? hit_s : std::min(hit_s, interface.read_miss.after_read_s) + pass.pass_s));
}

std::vector<double> MechanicalNeeds::sets_s(std::span<const std::uint32_t> block, std::size_t blocks) const {
  const std::size_t copies = passes_.size();
  std::vector<double> gap(copies * copies, 0);
  for (std::uint32_t a = 0; a < copies; ++a) {
    const Cursor cursor{passes_[a].first, model_.geometry.place(passes_[a].first)};
    Departures from;
    add_departures(a, cursor, from, from);
    for (std::uint32_t b = 0; b < copies; ++b) {
      double least_s = read_on_s(passes_[a], passes_[b], cursor);
      for (const Track& track : from.tracks)
        least_s = std::min(least_s, gap_s(track.place, from.all[track.begin], passes_[b]));
      gap[a * copies + b] = least_s;
    }
  }
  // By set and last block: the least until the end of its pass.
  std::vector<double> least_s((std::size_t{1} << blocks) * copies, infinite);
  std::vector<double> all(std::size_t{1} << blocks, infinite);
  all[0] = 0;
  for (std::size_t i = 0; i < copies; ++i)
    least_s[(std::size_t{1} << block[i]) * copies + i] = first_s(passes_[i]) + passes_[i].pass_s;
  for (std::size_t set = 1; set < all.size(); ++set) {
    for (std::size_t last = 0; last < copies; ++last) {
      const double until_s = least_s[set * copies + last];
      if (until_s == infinite) continue;
      all[set] = std::min(all[set], until_s + tail_s_);
      for (std::size_t next = 0; next < copies; ++next) {
        const std::size_t with = set | std::size_t{1} << block[next];
        if (with == set) continue;
        double& least = least_s[with * copies + next];
        least = std::min(least, until_s + gap[last * copies + next] + passes_[next].pass_s);
      }
    }
  }
  return all;
}

}  // namespace headway
