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

MechanicalNeeds::MechanicalNeeds(const MechanicalModel& model, double phase, std::span<const WantedCopy> copies)
    : model_(model), phase_(phase), floor_(model), slack_turns_(4e-6 + slipped_turns(model.geometry)) {
  const InterfaceModel& interface = model.interface;
  std::uint64_t fewest = UINT64_MAX;
  std::uint64_t free_from = 0;
  passes_.reserve(copies.size());
  for (const WantedCopy& copy : copies) {
    passes_.push_back(pass_of(copy, free_from));
    free_from = std::max(free_from, passes_.back().end);
    fewest = std::min(fewest, std::max<std::uint64_t>(1, copy.bytes / model.sector_bytes));
  }
  // Of a read that was being read ahead, the first sectors leave while the last are read.
  const bool last_alone = interface.read_bus_overlapped || model.buffer.for_reads() > 0;
  tail_s_ = interface.read_completion_s +
            interface.read_bus_s_per_sector * (last_alone ? 1.0 : static_cast<double>(fewest));
  overhead_s_ = tail_s_ + interface.read_miss.after_read_s;
  const std::uint64_t ahead = read_ahead_sectors(model.buffer);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    Pass& pass = passes_[i];
    const std::uint64_t before = copies[i].before / model.sector_bytes;
    pass.near = ahead > 0 && copies[i].before > 0 && pass.first <= before + ahead;
    const bool whole = pass.near && pass.end <= before + ahead;
    pass.delay_s = whole || model.zero_latency ? 0 : overhead_s_;
  }
  sort_departures();
  double opening_s = infinite;
  for (std::uint32_t i = 0; i < passes_.size(); ++i) {
    Pass& pass = passes_[i];
    pass.gap_s = rounded_down(least_gap_s(i));
    opening_s = std::min(opening_s, first_s(pass) - static_cast<double>(pass.gap_s));
  }
  opening_s_ = passes_.empty() ? 0 : opening_s + tail_s_;
}

MechanicalNeeds::Pass MechanicalNeeds::pass_of(const WantedCopy& copy, std::uint64_t free_from) const {
  const std::uint64_t sector = model_.sector_bytes;
  Pass pass;
  pass.first = std::max(free_from, (copy.offset_bytes + sector - 1) / sector);
  pass.end = std::min((copy.offset_bytes + copy.bytes) / sector, model_.geometry.sectors());
  if (pass.first >= pass.end) {  // it holds no whole sector of its own
    pass.first = pass.end = std::min(pass.first, model_.geometry.sectors() - 1);
    pass.place = pass.last = model_.geometry.place(pass.first);
    pass.end_turn = pass.place.angle;
    return pass;
  }
  pass.place = model_.geometry.place(pass.first);
  run(pass);
  return pass;
}

// Passes its sectors.
void MechanicalNeeds::run(Pass& pass) const {
  pass.last = pass.place;
  std::uint64_t at = pass.first;
  while (true) {
    const double turn = model_.geometry.zones()[pass.last.zone].turn_per_sector;
    const auto sectors = static_cast<double>(std::min<std::uint64_t>(pass.end - at, pass.last.run_sectors));
    pass.pass_s += sectors * turn * model_.revolution_s;
    pass.end_turn = pass.last.angle + sectors * turn;
    at += std::min<std::uint64_t>(pass.end - at, pass.last.run_sectors);
    if (at == pass.end) return;
    const SectorPlace next = model_.geometry.place(at);
    const double move = move_s(pass.last, next);
    pass.pass_s += move + wait_s(pass.end_turn + move / model_.revolution_s, next.angle);
    pass.last = next;
  }
}

// At least so long until the platters have turned from the one angle to the other.
double MechanicalNeeds::wait_s(double from_turn, double to_turn) const {
  if (model_.zero_latency) return 0;
  const double turns = fraction(to_turn - from_turn);
  return turns > 1 - slack_turns_ ? 0 : std::max(0.0, turns - slack_turns_) * model_.revolution_s;
}

double MechanicalNeeds::move_s(const SectorPlace& from, const SectorPlace& to) const {
  const double seek_s = model_.seek_s[from.cylinder > to.cylinder ? from.cylinder - to.cylinder
                                                                   : to.cylinder - from.cylinder];
  return from.head == to.head ? seek_s : std::max(seek_s, model_.head_switch_s);
}

// From a's end to b's beginning by passing all that lies between; infinite beyond limit_s, or where b lies before a.
double MechanicalNeeds::read_on_s(const Pass& a, const Pass& b, double limit_s) const {
  if (b.first < a.end) return infinite;
  SectorPlace place = a.last;
  double turn = a.end_turn;
  double time_s = 0;
  for (std::uint64_t at = a.end; time_s <= limit_s;) {
    const SectorPlace next = model_.geometry.place(at);
    const double move = move_s(place, next);
    if (place.cylinder != next.cylinder || place.head != next.head)
      time_s += move + wait_s(turn + move / model_.revolution_s, next.angle);
    if (at == b.first) return time_s;
    const auto sectors = std::min<std::uint64_t>(b.first - at, next.run_sectors);
    const double turns = static_cast<double>(sectors) * model_.geometry.zones()[next.zone].turn_per_sector;
    if (!model_.zero_latency) time_s += turns * model_.revolution_s;
    turn = next.angle + turns;
    place = next;
    at += sectors;
  }
  return infinite;
}

// With zero latency, one that goes over several tracks may end after another on the last of them.
bool MechanicalNeeds::may_interleave(const Pass& pass) const {
  return model_.zero_latency && (pass.last.cylinder != pass.place.cylinder || pass.last.head != pass.place.head);
}

// From date 0 until the heads are at its beginning.
double MechanicalNeeds::first_s(const Pass& pass) const {
  const double there_s = model_.interface.read_miss.after_read_s +
                         floor_.between(0, 0, pass.place.cylinder, pass.place.head);
  return there_s + wait_s(phase_ + there_s / model_.revolution_s, pass.place.angle);
}

double MechanicalNeeds::gap_s(const Departure& from, const Pass& to) const {
  if (may_interleave(to)) return 0;
  const double move = floor_.between(from.cylinder, from.head, to.place.cylinder, to.place.head);
  return from.delay_s + move + wait_s(from.turn + move / model_.revolution_s, to.place.angle);
}

// The end of a pass, and the tracks to which read-ahead brings the heads from there sooner than a seek would.
void MechanicalNeeds::add_departures(std::uint32_t index, std::vector<Departure>& all) const {
  const Pass& pass = passes_[index];
  const double turn_s = model_.revolution_s;
  all.push_back({pass.last.cylinder, pass.last.head, fraction(pass.end_turn + pass.delay_s / turn_s), pass.delay_s,
                 index});
  if (pass.delay_s == 0 || read_ahead_sectors(model_.buffer) == 0) return;
  SectorPlace place = pass.last;
  std::uint64_t at = pass.end;
  double turn = pass.end_turn, time_s = 0;
  while (at < model_.geometry.sectors()) {
    const SectorPlace next = model_.geometry.place(at);
    const double move = move_s(place, next);
    if (place.cylinder != next.cylinder || place.head != next.head) {
      time_s += move + wait_s(turn + move / turn_s, next.angle);
      const double sooner_than_s =
          pass.delay_s + floor_.between(pass.last.cylinder, pass.last.head, next.cylinder, next.head);
      if (time_s >= sooner_than_s) return;
      const double delay_s = std::max(time_s, pass.delay_s);
      all.push_back({next.cylinder, next.head, fraction(pass.end_turn + delay_s / turn_s), delay_s, index});
    }
    const double turns = next.run_sectors * model_.geometry.zones()[next.zone].turn_per_sector;
    time_s += turns * turn_s;
    turn = next.angle + turns;
    place = next;
    at += next.run_sectors;
  }
}

void MechanicalNeeds::sort_departures() {
  departures_.reserve(passes_.size() + passes_.size() / 8);
  for (std::uint32_t i = 0; i < passes_.size(); ++i) add_departures(i, departures_);
  std::ranges::sort(departures_, [](const Departure& a, const Departure& b) {
    if (a.cylinder != b.cylinder) return a.cylinder < b.cylinder;
    if (a.head != b.head) return a.head < b.head;
    return a.turn != b.turn ? a.turn < b.turn : a.pass < b.pass;
  });
  for (std::uint32_t i = 0; i < departures_.size(); ++i) {
    const Departure& one = departures_[i];
    if (tracks_.empty() || tracks_.back().cylinder != one.cylinder || tracks_.back().head != one.head)
      tracks_.push_back({one.cylinder, one.head, i, i});
    tracks_.back().end = i + 1;
  }
}

// Of the ends on a track, backwards from the one behind which the wait is shortest.
void MechanicalNeeds::look_on(const Track& track, std::uint32_t index, double& least_s) const {
  const Pass& to = passes_[index];
  const double move = floor_.between(track.cylinder, track.head, to.place.cylinder, to.place.head);
  if (move >= least_s) return;
  const double wanted = fraction(to.place.angle - move / model_.revolution_s + slack_turns_);
  const auto begin = departures_.begin() + track.begin, end = departures_.begin() + track.end;
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
  // No more than the longest seek, a turn and what stands before them.
  const double most_s = overhead_s_ + floor_.over(model_.geometry.cylinders() - 1) + model_.head_switch_s +
                        2 * model_.revolution_s;
  double least_s = most_s;
  if (may_interleave(to)) return 0;
  if (index > 0) least_s = std::min(least_s, read_on_s(passes_[index - 1], to, most_s));
  const auto distance = [&](const Track& track) {
    return track.cylinder > to.place.cylinder ? track.cylinder - to.place.cylinder : to.place.cylinder - track.cylinder;
  };
  auto right = std::ranges::lower_bound(tracks_, to.place.cylinder, {}, &Track::cylinder);
  auto left = right;
  for (std::size_t looked = 0; left != tracks_.begin() || right != tracks_.end(); ++looked) {
    const bool goes_right =
        left == tracks_.begin() || (right != tracks_.end() && distance(*right) <= distance(*std::prev(left)));
    const Track& track = goes_right ? *right++ : *--left;
    const double seek_s = floor_.over(distance(track));
    if (seek_s >= least_s) break;
    if (looked == most_tracks) return seek_s;
    look_on(track, index, least_s);
  }
  return least_s;
}

std::vector<float> MechanicalNeeds::costs_s() const {
  std::vector<float> all;
  all.reserve(passes_.size());
  for (const Pass& pass : passes_)
    all.push_back(pass.first == pass.end ? 0.0f : rounded_down(pass.pass_s + static_cast<double>(pass.gap_s)));
  return all;
}

std::vector<float> MechanicalNeeds::alone_s() const {
  const InterfaceModel& interface = model_.interface;
  const double hit_s = std::min(interface.read_hit.after_read_s, interface.read_hit.after_write_s);
  std::vector<float> all;
  for (const Pass& pass : passes_)
    all.push_back(rounded_down(tail_s_ + (pass.near ? hit_s : std::min(hit_s, interface.read_miss.after_read_s) +
                                                                  pass.pass_s)));
  return all;
}

std::vector<double> MechanicalNeeds::sets_s(std::span<const std::uint32_t> block, std::size_t blocks) const {
  const std::size_t copies = passes_.size();
  std::vector<double> gap(copies * copies, 0);
  for (std::uint32_t a = 0; a < copies; ++a) {
    std::vector<Departure> departures;
    add_departures(a, departures);
    for (std::uint32_t b = 0; b < copies; ++b) {
      double least_s = infinite;
      for (const Departure& from : departures) least_s = std::min(least_s, gap_s(from, passes_[b]));
      gap[a * copies + b] = std::min(least_s, read_on_s(passes_[a], passes_[b], least_s));
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
