#include "models/drive/probe/plan.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/random_stream.h"

namespace headway::probe {

namespace {

constexpr std::uint64_t room_bytes = std::uint64_t{8} << 20;  // kept free around a place, for steps from it
constexpr int revisits = 9;                                   // the last about 500 reads after the one before it
constexpr int clock_revisits = 5;      // a block apart; those behind them tell the tracks' length
constexpr double most_pause_s = 0.01;  // more than a revolution of most drives

}  // namespace

Plan::Plan(std::uint64_t drive_bytes, std::uint32_t block_bytes, std::uint64_t seed)
    : drive_bytes_(drive_bytes / block_bytes * block_bytes),
      block_bytes_(block_bytes),
      random_(random_stream(seed, RandomPurpose::probe)) {
  assert(drive_bytes >= least_drive_bytes);
}

double Plan::part() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

std::uint64_t Plan::random_offset() {
  const auto blocks = static_cast<double>((drive_bytes_ - most_read_bytes) / block_bytes_);
  return static_cast<std::uint64_t>(part() * blocks) * block_bytes_;
}

// One block mostly, up to 32 KiB.
std::uint32_t Plan::random_size() {
  const std::uint32_t most = std::max(std::uint32_t{32768} / block_bytes_, 1u);
  const double size = std::exp2(std::max(0.0, part() * 2 - 1) * std::log2(most));
  return static_cast<std::uint32_t>(size) * block_bytes_;
}

void Plan::put(std::uint64_t offset_bytes, std::uint32_t bytes) {
  if (offset_bytes >= drive_bytes_ || bytes > drive_bytes_ - offset_bytes) offset_bytes = random_offset();
  planned_.push_back({offset_bytes, bytes, 5e-4 + most_pause_s * part()});
  end_ = offset_bytes + bytes;
}

void Plan::plan_place() {
  const std::uint64_t place = std::max(random_offset(), room_bytes);
  due_.emplace(count_ + 1, Revisit{place, 0});
}

void Plan::plan_steps_back() {
  std::uint64_t place = std::max(random_offset(), room_bytes);
  for (int i = 0; i < 5; ++i) {
    put(place, block_bytes_);
    const auto step = static_cast<std::uint64_t>(std::exp2(part() * 11));  // blocks: up to 8 MB of 4 KiB
    place -= std::min(place, step * block_bytes_);
  }
}

void Plan::plan_distance() {
  const double farthest = std::log(static_cast<double>(drive_bytes_ / block_bytes_ / 2));
  const auto distance = static_cast<std::uint64_t>(std::exp(part() * farthest)) * block_bytes_;
  const bool outwards = part() < 0.5;
  put(outwards ? end_ - std::min(end_, distance) : end_ + distance, random_size());
}

void Plan::plan_just_ahead() {
  put(random_offset(), block_bytes_);
  for (int i = 0; i < 6; ++i) {
    put(end_ + static_cast<std::uint64_t>(std::exp2(1 + part() * 5.5)) * block_bytes_, block_bytes_);
    planned_.back().pause_s = part() * 3e-4;
  }
}

void Plan::plan_run() {
  const std::uint32_t bytes = random_size();
  put(random_offset(), bytes);
  for (int i = static_cast<int>(part() * 5); i >= 0; --i) {
    put(end_, bytes);
    if (part() < 0.5) planned_.back().pause_s = 0;
  }
}

// Statements of their own, since C++ leaves open which argument of a call draws first.
void Plan::plan_anywhere() {
  const std::uint32_t bytes = random_size();
  put(random_offset(), bytes);
}

void Plan::plan_more() {
  const double kind = part();
  if (kind < 0.1)
    plan_place();
  else if (kind < 0.2)
    plan_steps_back();
  else if (kind < 0.3)
    plan_run();
  else if (kind < 0.36)
    plan_just_ahead();
  else if (kind < 0.41)
    put(random_offset(), most_read_bytes);
  else if (kind < 0.68)
    plan_distance();
  else
    plan_anywhere();
}

PlannedRead Plan::next() {
  if (planned_.empty() && !due_.empty() && due_.begin()->first <= count_) {
    const Revisit place = due_.begin()->second;
    due_.erase(due_.begin());
    const bool clock = place.times < clock_revisits;
    // Farther apart, on either side: on one side alone the way there would grow with the time, and hide a clock's
    // error.
    const auto blocks = clock ? 0 : static_cast<std::uint64_t>(part() * 48);
    put(place.offset_bytes + blocks * block_bytes_, block_bytes_);
    const auto apart = 1 + static_cast<std::uint64_t>(part() * std::exp2(place.times + 1));
    const std::uint64_t next = place.offset_bytes - (clock ? block_bytes_ : 0);
    if (place.times < revisits) due_.emplace(count_ + apart, Revisit{next, place.times + 1});
  }
  while (planned_.empty()) plan_more();
  const PlannedRead read = planned_.front();
  planned_.pop_front();
  ++count_;
  return read;
}

}  // namespace headway::probe
