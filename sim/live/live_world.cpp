#include "sim/live/live_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace headway {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();  // where a read's time went is the device's secret
constexpr double patience_s = 0.5;                                    // between two looks at whether to stop
constexpr double last_patience_s = 30;

}  // namespace

LiveWorld::LiveWorld(const LiveDevices& devices, BlockCheck& check, std::function<bool()> stop)
    : devices_(devices),
      check_(check),
      stop_(std::move(stop)),
      failed_(devices.all().size()),
      ring_(devices.descriptors()) {}

bool LiveWorld::run(Driver& driver) {
  driver_ = &driver;
  begin_ = Clock::now();
  bool stopped = false;
  try {
    actors_.run_ready();
    while (in_flight_ > 0 || actors_.next_timer_s() != Fibers::never) {
      if ((stopped = stop_())) break;
      ring_.wait(std::min(actors_.next_timer_s() - real_s(), patience_s));
      step();
    }
  } catch (...) {
    drain();
    throw;
  }
  drain();
  return !stopped;
}

void LiveWorld::step() {
  const double now_s = std::max(real_s(), std::nextafter(actors_.now_s(), Fibers::never));
  while (actors_.next_timer_s() < now_s) {
    actors_.advance_to(actors_.next_timer_s());
    actors_.end_timers();
    actors_.run_ready();
  }
  std::array<RingEnd, 256> ends;
  const std::size_t count = ring_.take(ends);
  if (count == 0) return;
  actors_.advance_to(now_s);
  std::size_t handed_on = 0;
  try {
    while (handed_on < count) ended(ends[handed_on++]);
  } catch (...) {  // the policy's: the others have ended all the same
    in_flight_ -= count - handed_on;
    throw;
  }
  actors_.end_timers();
  actors_.run_ready();
}

void LiveWorld::submit(DeviceIndex device, const DriveRequest& request, double /*now_s*/) {
  if (request.write) throw std::logic_error("a live run does not write");
  const std::uint64_t sector = devices_.all()[device].sector_bytes;
  const std::uint64_t from = request.offset_bytes / sector * sector;
  const std::uint64_t to = (request.offset_bytes + request.bytes + sector - 1) / sector * sector;
  std::size_t slot = slots_.size();
  if (free_slots_.empty()) {
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  slots_[slot] = {.tag = request.tag,
                  .device = device,
                  .offset = from,
                  .lead = request.offset_bytes - from,
                  .bytes = request.bytes,
                  .buffer = buffers_.take(to - from)};
  if (in_flight_ < ReadRing::most_in_flight) return begin(slot);
  waiting_.push_back(slot);
}

// From where it has come to: an end may bring a part.
void LiveWorld::begin(std::size_t slot) {
  const Slot& read = slots_[slot];
  ++in_flight_;
  ring_.read(read.device, read.offset + read.got, read.buffer.subspan(read.got), slot);
}

void LiveWorld::ended(const RingEnd& end) {
  --in_flight_;
  Slot& slot = slots_[end.tag];
  if (end.result == -EINTR || end.result == -EAGAIN) return begin(end.tag);
  if (end.result > 0) {
    slot.got += static_cast<std::size_t>(end.result);
    if (slot.got < slot.lead + slot.bytes) return begin(end.tag);
  }
  const Slot done = slot;
  const int error = error_of(done, end.result);
  buffers_.give_back(done.buffer);
  free_slots_.push_back(end.tag);
  if (!waiting_.empty()) {
    begin(waiting_.front());
    waiting_.pop_front();
  }
  driver_->completed({.tag = done.tag, .end_s = actors_.now_s(), .times = {unknown, unknown, unknown, unknown}}, error);
}

// `result` as the kernel has it; 0: the device ends before.
int LiveWorld::error_of(const Slot& slot, int result) {
  if (driver_->over()) return 0;
  if (result <= 0) {
    const int error = result < 0 ? -result : EIO;
    Failed& failed = failed_[slot.device];
    if (failed.reads++ == 0)
      failed.first = fmt::format("at byte {}: {}", slot.offset + slot.lead,
                                 result < 0 ? std::strerror(error) : "the device ends before it");
    return error;
  }
  const Read& read = driver_->request_of(slot.tag).read;
  return read.block == no_block ? 0 : check_.error_of(read, slot.buffer.subspan(slot.lead, slot.bytes));
}

// What is under way when a run is over or stopped belongs to nobody, but its memory is the kernel's until it ends.
void LiveWorld::drain() {
  waiting_.clear();
  const double begin_s = real_s();
  while (in_flight_ > 0) {
    if (real_s() - begin_s > last_patience_s) {
      buffers_.abandon();
      throw std::runtime_error(fmt::format("{} reads have not ended within {} s", in_flight_, last_patience_s));
    }
    ring_.wait(patience_s);
    std::array<RingEnd, 256> ends;
    in_flight_ -= ring_.take(ends);
  }
}

}  // namespace headway
